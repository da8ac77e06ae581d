using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Event;
using Akka.Remote;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using AkkaStream.Actors.Clients;
using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Requests;
using AkkaStream.Client.Actors.Sessions;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Tests.Actors.Clients;

/// <summary>The broker's end of actor clients, message by message: windows both ways, order, and everything that a stranger may send.</summary>
public sealed class SessionTests() : TestKit("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"")
{
    private const int LargestPiece = 32 * 1024;
    private const int LargestRequest = 5_000_000;
    private readonly ConcurrentQueue<RequestSlot> seen = new();
    private readonly ActorClients counted = new();
    private bool isReady = true;
    private IActorRef? theDoor;

    [Fact]
    public void Answers_come_in_the_order_of_the_requests_whichever_is_done_first()
    {
        var client = Connect();
        client.Send(new MetadataRequest(), 12, 1);
        client.Send(new ListGroupsRequest(), 5, 2);
        var slots = Handed(2);
        Assert.Equal((BrokerImage.AkkaListener, "test"), (slots[0].Connection.Listener, slots[0].Header.ClientId));
        Assert.Same(slots[0].Connection, slots[1].Connection);
        slots[1].Complete(new ListGroupsResponse());
        slots[0].Complete(new MetadataResponse { ClusterId = "mine" });
        Assert.Equal("mine", client.Receive<MetadataResponse>(ApiKey.Metadata, 12, 1).ClusterId);
        client.Receive<ListGroupsResponse>(ApiKey.ListGroups, 5, 2);
    }

    [Fact]
    public void Nothing_overtakes_a_produce_but_another_produce()
    {
        var client = Connect();
        client.Send(Produce(10), 11, 1);
        client.Send(Produce(10), 11, 2);
        client.Send(new ListGroupsRequest(), 5, 3);
        var slots = Handed(2);
        slots[0].Complete(new ProduceResponse());
        client.Receive<ProduceResponse>(ApiKey.Produce, 11, 1);
        client.Settle();
        Assert.Equal(2, seen.Count);
        slots[1].CompleteWithoutAnswer();
        Handed(3)[2].Complete(new ListGroupsResponse());
        client.Receive<ListGroupsResponse>(ApiKey.ListGroups, 5, 3);
    }

    [Fact]
    public void A_long_answer_comes_in_pieces_and_no_further_than_was_granted()
    {
        var client = Connect(window: 100_000);
        var records = new byte[300_000];
        new Random(1).NextBytes(records);
        client.Send(new FetchRequest(), 12, 1);
        Handed(1)[0].Complete(new FetchResponse { Responses = [new() { Topic = "t", Partitions = [new() { Records = new RecordsPayload(records) }] }] });
        var first = client.Pieces(3);
        Assert.All(first, piece => Assert.Equal(LargestPiece, piece.Length));
        client.Settle();
        client.Session.Tell(new Granted(1_000_000), client.Ref);
        var answer = client.Receive<FetchResponse>(ApiKey.Fetch, 12, 1, first);
        Assert.Equal(records, answer.Responses[0].Partitions[0].Records.ToArray());
    }

    [Fact]
    public void A_long_request_is_granted_when_it_is_wanted_and_its_memory_goes_when_it_is_completed()
    {
        var client = Connect();
        client.Send(Produce(1_000_000), 11, 1);
        client.Send(Produce(100), 11, 2);
        var slots = Handed(2);
        Assert.Equal(1_000_000, ((ProduceRequest)slots[0].Request).TopicData[0].PartitionData[0].Records.Length);
        Assert.InRange(counted.RequestBytes, 1_000_000 - AkkaStream.Actors.Limits.SessionOwnBytes, 1_001_000);
        slots[0].Complete(new ProduceResponse());
        slots[1].Complete(new ProduceResponse());
        client.Receive<ProduceResponse>(ApiKey.Produce, 11, 1);
        client.Receive<ProduceResponse>(ApiKey.Produce, 11, 2);
        client.Settle();
        Assert.Equal(0, counted.RequestBytes);
    }

    [Fact]
    public void A_full_window_holds_the_client_back_until_something_is_completed()
    {
        var client = Connect();
        for (var i = 1; i <= 3; i++) client.Send(Produce(1_000_000), 11, i, patient: false);
        var slots = Handed(2);
        client.Settle();
        Assert.Equal(2, seen.Count);
        slots[0].Complete(new ProduceResponse());
        client.Receive<ProduceResponse>(ApiKey.Produce, 11, 1);
        client.Flush();
        Assert.Equal(3, Handed(3).Count);
    }

    public static TheoryData<string> Faults => ["number", "length", "frame", "rest", "credit", "want", "lost", "malformed"];

    [Theory]
    [MemberData(nameof(Faults))]
    public void What_is_no_honest_clients_ends_its_session_and_nothing_else(string fault)
    {
        var (client, other) = (Connect(), Connect());
        Watch(client.Session);
        foreach (var message in Faulty(fault)) client.Session.Tell(message, client.Ref);
        Assert.NotEmpty(client.Expect<SessionEnded>().Reason);
        ExpectTerminated(client.Session);
        Assert.Empty(seen);
        other.Send(new ListGroupsRequest(), 5, 1);
        Handed(1)[0].Complete(new ListGroupsResponse());
        other.Receive<ListGroupsResponse>(ApiKey.ListGroups, 5, 1);
        AwaitAssert(() => Assert.Equal(1, counted.Sessions));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_request_that_cannot_be_read_or_is_not_served_ends_the_session_behind_the_answers_before_it(bool unserved)
    {
        var client = Connect();
        client.Send(new ListGroupsRequest(), 5, 1);
        if (unserved) client.SendFrame(Frame(new MetadataRequest(), 12, 2, asVersion: 99));
        else client.SendFrame([0, (byte)ApiKey.Metadata, 0, 12, 0]);
        client.Send(new ListGroupsRequest(), 5, 3);
        Handed(1)[0].Complete(new ListGroupsResponse());
        client.Receive<ListGroupsResponse>(ApiKey.ListGroups, 5, 1);
        client.Expect<SessionEnded>();
        Assert.Single(seen);
    }

    [Fact]
    public void A_question_for_versions_from_the_future_is_answered_so_that_it_can_be_asked_again()
    {
        var client = Connect();
        client.SendFrame(Frame(new ApiVersionsRequest { ClientSoftwareName = "a", ClientSoftwareVersion = "1" }, 4, 1, asVersion: 50));
        var refused = client.Receive<ApiVersionsResponse>(ApiKey.ApiVersions, 0, 1);
        Assert.Equal((ErrorCode.UnsupportedVersion, 18), (refused.ErrorCode, refused.ApiKeys.Single().ApiKey));
    }

    [Fact]
    public void A_client_that_says_nothing_is_given_up_and_what_it_kept_from_others_goes_to_them()
    {
        var (silent, other) = (Connect(), Connect());
        Watch(silent.Session);
        silent.Session.Tell(new Wanted(LargestRequest), silent.Ref);
        silent.Expect<Granted>();
        Assert.True(counted.RequestBytes > 4_000_000);
        var time = (TestScheduler)Sys.Scheduler;
        for (var i = 0; i < 4; i++)
        {
            time.Advance(AkkaStream.Client.Actors.Limits.SessionHeartbeat);
            other.Session.Tell(new Alive(other.Sent, 0, 0), other.Ref);
            other.Settle();
        }

        ExpectTerminated(silent.Session);
        AwaitAssert(() => Assert.Equal((1, 0L), (counted.Sessions, counted.RequestBytes)));
    }

    [Theory]
    [InlineData("dead letter")]
    [InlineData("quarantined")]
    [InlineData("disassociated")]
    [InlineData("said")]
    public void A_session_ends_when_its_client_is_gone_and_what_is_completed_then_is_for_nobody(string how)
    {
        var client = Connect();
        Watch(client.Session);
        client.Send(Produce(500_000), 11, 1);
        var slot = Handed(1)[0];
        var closed = 0;
        slot.Connection.WhenClosed(() => closed++);
        var address = client.Ref.Path.Address;
        if (how == "dead letter") Sys.EventStream.Publish(new SuppressedDeadLetter(new Granted(1), client.Session, client.Ref));
        else if (how == "quarantined") Sys.EventStream.Publish(new QuarantinedEvent(address, 1));
        else if (how == "disassociated") Sys.EventStream.Publish(new DisassociatedEvent(address, address, true));
        else client.Session.Tell(new SessionEnded("enough"), client.Ref);
        ExpectTerminated(client.Session);
        slot.Complete(new ProduceResponse());
        AwaitAssert(() => Assert.Equal((1, 0, 0L), (closed, counted.Sessions, counted.RequestBytes)));
    }

    [Fact]
    public void What_somebody_else_says_to_a_session_is_not_its_clients()
    {
        var (client, stranger) = (Connect(), CreateTestProbe());
        client.Session.Tell(new SessionEnded("not mine"), stranger.Ref);
        client.Session.Tell(new Piece(new byte[20]), stranger.Ref);
        client.Send(new ListGroupsRequest(), 5, 1);
        Handed(1)[0].Complete(new ListGroupsResponse());
        client.Receive<ListGroupsResponse>(ApiKey.ListGroups, 5, 1);
    }

    [Fact]
    public void Who_asks_in_vain_is_told_why_and_who_asks_twice_has_one_session()
    {
        var door = Door();
        Assert.Contains("version", Refused(door, new OpenSession(2, 9, LargestPiece, 0)));
        Assert.Contains("pieces", Refused(door, new OpenSession(1, 1, 100, 0)));
        isReady = false;
        Assert.Contains("starts", Refused(door, new OpenSession(1, 1, LargestPiece, 0)));
        isReady = true;
        var client = Connect(door);
        client.Settle();
        door.Tell(new OpenSession(1, 1, LargestPiece, 0), client.Ref);
        client.Expect<SessionOpened>();
        Assert.Equal(1, counted.Sessions);
        var ended = new TaskCompletionSource();
        door.Tell(new EndSessions(ended.SetResult));
        client.Expect<SessionEnded>();
        AwaitAssert(() => Assert.True(ended.Task.IsCompleted));
        Assert.Contains("stops", Refused(door, new OpenSession(1, 1, LargestPiece, 0)));
    }

    [Fact]
    public void A_broker_that_stops_answers_first_and_does_not_wait_for_what_only_waits()
    {
        var door = Door();
        var (client, waiting) = (Connect(door), Connect(door));
        client.Send(Produce(10), 11, 1);
        waiting.Send(new FetchRequest(), 12, 1);
        var slots = Handed(2);
        door.Tell(new EndSessions(() => { }));
        waiting.Expect<SessionEnded>();
        client.Settle();
        slots.Single(s => s.Header.Key == ApiKey.Produce).Complete(new ProduceResponse());
        client.Receive<ProduceResponse>(ApiKey.Produce, 11, 1);
        client.Expect<SessionEnded>();
    }

    [Fact]
    public void Messages_are_read_as_they_were_written_and_anything_else_is_said_to_be_none()
    {
        var serializer = new SessionSerializer((ExtendedActorSystem)Sys);
        ISessionMessage[] all = [new OpenSession(1, 2, 3, 4), new SessionOpened(1, 2, 3, 4), new SessionEnded("why"), new Granted(5), new Wanted(6), new Alive(7, 8, 9)];
        foreach (var message in all) Assert.Equal(message, serializer.FromBinary(serializer.ToBinary(message), serializer.Manifest(message)));
        var piece = new PieceSender(100).Next(new byte[Piece.HeadBytes + 3], 77);
        var read = Assert.IsType<Piece>(serializer.FromBinary(serializer.ToBinary(piece), serializer.Manifest(piece)));
        Assert.Equal((0L, 77, 3), (read.Number, read.Remaining, read.Length));
        var dice = new Random(1);
        for (var i = 0; i < 2000; i++)
        {
            var bytes = new byte[dice.Next(40)];
            dice.NextBytes(bytes);
            foreach (var manifest in new[] { "O", "S", "E", "G", "W", "A", "P", "X", "" }) Assert.IsAssignableFrom<ISessionMessage>(serializer.FromBinary(bytes, manifest));
        }

        Assert.Equal(1000, ((SessionEnded)serializer.FromBinary(serializer.ToBinary(new SessionEnded(new string('x', 5000))), "E")).Reason.Length);
        Assert.IsType<Malformed>(serializer.FromBinary(new byte[Piece.HeadBytes], "P"));
    }

    private static ISessionMessage[] Faulty(string fault) => fault switch
    {
        "number" => [Part(1, 10, 0)],
        "length" => [Part(0, LargestPiece + 1, 0)],
        "frame" => [Part(0, 10, LargestRequest)],
        "rest" => [Part(0, 10, 50), Part(1, 10, 60)],
        "credit" => [.. Enumerable.Range(0, 5).Select(i => Part(i, LargestPiece, LargestPiece * (9 - i)))],
        "want" => [new Wanted(long.MaxValue)],
        "lost" => [new Alive(3, 0, 0)],
        _ => [new Malformed("garbage")],
    };

    private static Piece Part(long number, int length, int remaining)
    {
        var array = new byte[Piece.HeadBytes + length];
        Piece.Stamp(array, number, remaining);
        return new Piece(array);
    }

    private static ProduceRequest Produce(int bytes) => new() { Acks = -1, TopicData = [new() { Name = "t", PartitionData = [new() { Records = new RecordsPayload(new byte[bytes]) }] }] };

    private static byte[] Frame(IApiMessage request, short version, int correlation, short? asVersion = null)
    {
        using var writer = new MessageWriter();
        new RequestHeader(request.ApiKey, asVersion ?? version, correlation, "test").Write(writer);
        request.Write(writer, version);
        return writer.ToArray();
    }

    private IActorRef Door() => theDoor ??= Sys.ActorOf(Props.Create(typeof(BrokerDoorActor), new BrokerDoorParts(new Handler(this), RequestRouter.Served, LargestRequest, counted, () => isReady, null)));

    private TestClient Connect(IActorRef? door = null, long window = 1 << 20) => new(CreateTestProbe(), door ?? Door(), window);

    private string Refused(IActorRef door, OpenSession open)
    {
        door.Tell(open, TestActor);
        return ExpectMsg<SessionEnded>().Reason;
    }

    private IReadOnlyList<RequestSlot> Handed(int count)
    {
        AwaitAssert(() => Assert.True(seen.Count >= count, $"{seen.Count} requests"));
        return [.. seen];
    }

    /// <summary>A client of the door, as honest as its test.</summary>
    private sealed class TestClient
    {
        private readonly TestProbe probe;
        private readonly IActorRef door;
        private readonly OpenSession open;
        private readonly PieceSender sender;
        private readonly Queue<byte[]> unsent = new();
        private readonly Queue<Piece> received = new();

        public TestClient(TestProbe probe, IActorRef door, long window)
        {
            (this.probe, this.door) = (probe, door);
            open = new OpenSession(1, 1, LargestPiece, window);
            door.Tell(open, probe.Ref);
            var opened = probe.ExpectMsg<SessionOpened>();
            sender = new PieceSender(opened.RequestWindow);
            Session = probe.LastSender;
        }

        public IActorRef Ref => probe.Ref;

        public IActorRef Session { get; }

        public long Sent => sender.Pieces;

        public void Send(IApiMessage request, short version, int correlation, bool patient = true)
        {
            SendFrame(Frame(request, version, correlation), patient);
        }

        public void SendFrame(byte[] frame, bool patient = true)
        {
            unsent.Enqueue(frame);
            if (patient) Flush();
            else while (unsent.Count > 0 && TrySendFirst(false)) continue;
        }

        /// <summary>Sends everything, waiting for grants.</summary>
        public void Flush()
        {
            while (unsent.Count > 0) TrySendFirst(true);
        }

        /// <summary>The next message that is no news of windows; pieces that come before it are kept.</summary>
        public T Expect<T>()
            where T : ISessionMessage
        {
            while (true)
            {
                var message = probe.ReceiveOne(TimeSpan.FromSeconds(10));
                if (message is T expected) return expected;
                if (message is Piece piece) received.Enqueue(piece);
                else if (message is Granted more) sender.Grant(more.Total);
                else Assert.True(message is Alive or SessionOpened, $"{message} came");
            }
        }

        public List<Piece> Pieces(int count)
        {
            var pieces = new List<Piece>();
            while (pieces.Count < count) pieces.Add(received.Count > 0 ? received.Dequeue() : Expect<Piece>());
            return pieces;
        }

        /// <summary>Everything that was said before is handled; no piece has come meanwhile.</summary>
        public void Settle()
        {
            for (var i = 0; i < 2; i++)
            {
                Session.Tell(open, probe.Ref);
                Expect<SessionOpened>();
            }

            Assert.Empty(received);
        }

        public T Receive<T>(ApiKey api, short version, int correlation, List<Piece>? begun = null)
            where T : class, IApiMessage
        {
            var pieces = begun ?? Pieces(1);
            while (pieces[^1].Remaining > 0) pieces.AddRange(Pieces(1));
            var reader = new MessageReader(pieces.SelectMany(p => p.Bytes.ToArray()).ToArray());
            Assert.Equal(correlation, ResponseHeader.Read(ref reader, new RequestHeader(api, version, correlation, null)));
            var answer = ApiMessages.CreateResponse(api)!;
            answer.Read(ref reader, version);
            return (T)answer;
        }

        // What was cut off and does not fit waits with the rest of its frame: here a frame goes whole or not at all.
        private bool TrySendFirst(bool waits)
        {
            var frame = unsent.Peek();
            while (!sender.MaySend(frame.Length))
            {
                Session.Tell(new Wanted(sender.Bytes + frame.Length), probe.Ref);
                if (!waits && !MayBeGranted(frame.Length)) return false;
                if (waits && !sender.MaySend(frame.Length)) sender.Grant(Expect<Granted>().Total);
            }

            unsent.Dequeue();
            for (var at = 0; at < frame.Length; at += LargestPiece)
            {
                var length = Math.Min(LargestPiece, frame.Length - at);
                var array = new byte[Piece.HeadBytes + length];
                frame.AsSpan(at, length).CopyTo(array.AsSpan(Piece.HeadBytes));
                Session.Tell(sender.Next(array, frame.Length - at - length), probe.Ref);
            }

            return true;
        }

        private bool MayBeGranted(int bytes)
        {
            Session.Tell(open, probe.Ref);
            Expect<SessionOpened>();
            return sender.MaySend(bytes);
        }
    }

    private sealed class Handler(SessionTests tests) : IRequestHandler
    {
        public void Handle(RequestSlot slot)
        {
            tests.seen.Enqueue(slot);
            slot.OrderFixed();
        }
    }
}
