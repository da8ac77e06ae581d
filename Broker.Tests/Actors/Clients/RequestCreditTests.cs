using AkkaStream.Actors.Clients;

namespace AkkaStream.Tests.Actors.Clients;

/// <summary>How much of clients' requests a broker takes: never more than was admitted, and everything in the end.</summary>
public sealed class RequestCreditTests
{
    private const int Piece = 64;
    private const int Own = 128;
    private const int Most = 512;

    [Fact]
    public void A_sessions_own_part_is_renewed_without_being_asked_for()
    {
        var memory = new SessionMemory(0);
        var credit = new RequestCredit(Own, Most, 10_000, memory, _ => { });
        for (var i = 0; i < 10; i++)
        {
            Assert.True(credit.Take(60, isLast: true));
            credit.Complete(60);
            if (i % 2 == 1) Assert.NotNull(credit.Due());
            else Assert.Null(credit.Due());
        }

        Assert.False(credit.Take(Own + 1, isLast: true));
        Assert.Equal(0, memory.Used);
    }

    [Fact]
    public void A_request_that_does_not_fit_waits_for_the_requests_before_it()
    {
        var memory = new SessionMemory(10_000);
        var credit = new RequestCredit(Own, Most, 10_000, memory, _ => { });
        Assert.True(credit.Take(100, isLast: true));
        Assert.True(credit.Want(100 + 600));
        Assert.Null(credit.Due());
        credit.Complete(100);
        // More than the session may hold: alone, in several grants.
        Assert.Equal(100 + Most, credit.Due());
        Assert.True(credit.Covers(600));
        Assert.Equal(600 - Own, memory.Used);
        for (var sent = 0; sent < 600; sent += 100) Assert.True(credit.Take(100, sent == 500) && (credit.Due() is not null || sent > 0));
        Assert.Equal(600 - Own, memory.Used);
        credit.Complete(600);
        credit.Due();
        Assert.Equal(0, memory.Used);
    }

    [Fact]
    public void Nobody_may_want_more_than_the_longest_request()
    {
        var credit = new RequestCredit(Own, Most, 1000, new SessionMemory(10_000), _ => { });
        Assert.True(credit.Want(1000));
        Assert.False(credit.Want(1001));
        Assert.False(credit.Want(long.MaxValue));
    }

    [Fact]
    public void What_a_session_waited_for_goes_to_the_next_when_it_ends()
    {
        var memory = new SessionMemory(1000);
        var told = new List<long>();
        var first = new RequestCredit(Own, 2000, 10_000, memory, _ => { });
        first.Want(900 + Own);
        Assert.NotNull(first.Due());
        var second = new RequestCredit(Own, 2000, 10_000, memory, told.Add);
        second.Want(500 + Own);
        second.Due();
        var third = new RequestCredit(Own, 2000, 10_000, memory, told.Add);
        third.Want(600 + Own);
        third.Due();
        Assert.True(memory.IsWanted);
        second.End();
        first.End();
        Assert.Equal([600], told);
        // It heard of it only after its end.
        third.End();
        Assert.Equal((0, false), (memory.Used, memory.IsWanted));
    }

    [Fact]
    public void Whatever_happens_in_which_order_everything_is_sent_and_no_more_is_held_than_was_admitted()
    {
        for (var seed = 1; seed <= 300; seed++) new Run(seed).ToTheEnd();
    }

    /// <summary>Some clients with requests of all lengths, and a broker whose memory is short of what they have.</summary>
    private sealed class Run
    {
        private const int Limit = 600;
        private const int Longest = 2000;
        private readonly Random dice;
        private readonly SessionMemory memory = new(Limit);
        private readonly List<Session> sessions = [];

        public Run(int seed)
        {
            dice = new Random(seed);
            for (var i = 0; i < 4; i++) sessions.Add(new Session(memory, [.. Enumerable.Range(0, 12).Select(_ => dice.Next(4) == 0 ? dice.Next(1, Longest) : dice.Next(1, 100))]));
        }

        public void ToTheEnd()
        {
            for (var step = 0; sessions.Exists(s => !s.IsDone); step++)
            {
                Assert.True(step < 100_000, "it goes on for ever");
                sessions[dice.Next(sessions.Count)].Step(dice.Next(3));
                Assert.True(memory.Used <= Math.Max(Limit, Longest + Most), $"{memory.Used} bytes");
                Assert.All(sessions, s => Assert.True(s.Credit.Held <= Own + memory.Used));
            }

            Assert.Equal((0, false), (memory.Used, memory.IsWanted));
        }
    }

    private sealed class Session
    {
        private readonly Queue<int> requests;
        private readonly Queue<int> held = new();
        private readonly Queue<long> admitted = new();
        private long granted = Own;
        private long sent;
        private int sentOfFirst;

        public Session(SessionMemory memory, IEnumerable<int> lengths)
        {
            requests = new Queue<int>(lengths);
            Credit = new RequestCredit(Own, Most, Longest(lengths) + (2 * Most), memory, admitted.Enqueue);
        }

        public RequestCredit Credit { get; }

        public bool IsDone => requests.Count == 0 && held.Count == 0 && admitted.Count == 0;

        public void Step(int what)
        {
            if (what == 0) Send();
            else if (what == 1 && held.TryDequeue(out var bytes)) Credit.Complete(bytes);
            else if (what == 2 && admitted.TryDequeue(out var more)) Credit.Admitted(more);
            granted = Credit.Due() ?? granted;
        }

        private static int Longest(IEnumerable<int> lengths) => lengths.Max();

        private void Send()
        {
            if (!requests.TryPeek(out var first)) return;
            var piece = Math.Min(Piece, first - sentOfFirst);
            if (granted - sent < piece)
            {
                Assert.True(Credit.Want(sent + first - sentOfFirst));
                return;
            }

            sent += piece;
            sentOfFirst += piece;
            Assert.True(Credit.Take(piece, sentOfFirst == first));
            if (sentOfFirst < first) return;
            held.Enqueue(requests.Dequeue());
            sentOfFirst = 0;
        }
    }
}
