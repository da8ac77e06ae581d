using System.Text;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Producer;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Tests.Client.Producer;

/// <summary>Several batches of a partition under way, with every kind of failure: nothing is lost, doubled or out of order.</summary>
public sealed class ProducerWindowTests
{
    private static readonly TopicPartition Partition = new("t", 0);
    private static readonly ProducerIdentity First = new(7, 0);
    private readonly RecordAccumulator accumulator = new(new AccumulatorOptions { BatchSize = 1, LingerMs = 0 });

    [Fact]
    public void Five_batches_are_under_way_and_no_sixth()
    {
        var window = new ProducerWindow(5, numbered: true);
        for (var i = 0; i < 7; i++) Append(i);
        Assert.False(window.MayTake(accumulator.Peek(Partition, 0)!));
        Known(window);
        var taken = TakeAll(window);
        Assert.Equal([1, 2, 3, 4, 5], taken.Select(b => b.BaseSequence));
        Assert.All(taken, b => Assert.Equal(First, b.Identity));
        Assert.Equal(BatchVerdict.Done, window.Answered(taken[0], ErrorCode.None));
        Assert.Equal(6, Assert.Single(TakeAll(window)).BaseSequence);
    }

    [Fact]
    public void A_producer_that_brokers_do_not_know_yet_sends_its_first_batch_alone()
    {
        var window = new ProducerWindow(5, numbered: true) { Identity = First };
        for (var i = 0; i < 3; i++) Append(i);
        var first = Assert.Single(TakeAll(window));
        Assert.Equal(BatchVerdict.Again, window.Answered(first, ErrorCode.NotEnoughReplicas));
        accumulator.Repeat(first, 0);
        Assert.Same(first, Assert.Single(TakeAll(window)));
        Assert.Equal(BatchVerdict.Done, window.Answered(first, ErrorCode.None));
        var behind = TakeAll(window);
        Assert.Equal([1, 2], behind.Select(b => b.BaseSequence));
        Assert.All(behind, b => Assert.Equal(BatchVerdict.Done, window.Answered(b, ErrorCode.None)));
        // Another epoch begins at 0 with brokers that know the producer; another producer is a stranger again.
        window.Identity = First with { Epoch = 1 };
        for (var i = 3; i < 5; i++) Append(i);
        var next = TakeAll(window);
        Assert.Equal([0, 1], next.Select(b => b.BaseSequence));
        Assert.All(next, b => Assert.Equal(BatchVerdict.Done, window.Answered(b, ErrorCode.None)));
        window.Identity = new ProducerIdentity(8, 0);
        for (var i = 5; i < 7; i++) Append(i);
        Assert.Equal(0, Assert.Single(TakeAll(window)).BaseSequence);
    }

    [Fact]
    public void Without_numbers_it_is_one_at_a_time()
    {
        var window = new ProducerWindow(5, numbered: false);
        for (var i = 0; i < 3; i++) Append(i);
        var first = Assert.Single(TakeAll(window));
        Assert.Equal(-1, first.BaseSequence);
        Assert.Equal(BatchVerdict.Again, window.Answered(first, ErrorCode.NotLeaderOrFollower));
        accumulator.Repeat(first, 0);
        Assert.Same(first, Assert.Single(TakeAll(window)));
    }

    [Fact]
    public void What_comes_behind_a_failure_goes_again_in_order_one_by_one()
    {
        var window = new ProducerWindow(5, numbered: true);
        for (var i = 0; i < 5; i++) Append(i);
        Known(window);
        var taken = TakeAll(window);
        Assert.Equal(BatchVerdict.Again, window.Answered(taken[0], ErrorCode.NotLeaderOrFollower));
        accumulator.Repeat(taken[0], 0);
        Assert.Equal(BatchVerdict.Again, window.Answered(taken[2], ErrorCode.OutOfOrderSequenceNumber));
        accumulator.Repeat(taken[2], 0);
        Assert.Equal(BatchVerdict.Again, window.Answered(taken[1], ErrorCode.OutOfOrderSequenceNumber));
        accumulator.Repeat(taken[1], 0);
        Assert.Same(taken[0], Assert.Single(TakeAll(window)));
        Assert.Equal(BatchVerdict.Done, window.Answered(taken[0], ErrorCode.None));
        Assert.Same(taken[1], Assert.Single(TakeAll(window)));
        Assert.Equal([1, 2, 3, 4], taken.Select(b => b.BaseSequence));
    }

    [Fact]
    public void A_lost_batch_leaves_a_gap_that_only_a_new_identity_closes()
    {
        var window = new ProducerWindow(5, numbered: true);
        for (var i = 0; i < 4; i++) Append(i);
        Known(window);
        var taken = TakeAll(window);
        Assert.Equal(BatchVerdict.Lost, window.Answered(taken[0], ErrorCode.MessageTooLarge));
        Assert.True(window.NeedsIdentity);
        Assert.Equal(BatchVerdict.Again, window.Answered(taken[1], ErrorCode.OutOfOrderSequenceNumber));
        accumulator.Repeat(taken[1], 0);
        Append(4);
        Assert.Empty(TakeAll(window));
        window.Identity = new ProducerIdentity(8, 0);
        Assert.False(window.NeedsIdentity);
        // One is still under way under the old identity.
        Assert.Empty(TakeAll(window));
        Assert.Equal(BatchVerdict.Again, window.Answered(taken[2], ErrorCode.OutOfOrderSequenceNumber));
        accumulator.Repeat(taken[2], 0);
        var again = TakeAll(window);
        Assert.Equal(BatchVerdict.Done, window.Answered(Assert.Single(again), ErrorCode.None));
        again.AddRange(TakeAll(window));
        Assert.Equal([taken[1], taken[2]], again.Take(2));
        Assert.Equal([0, 1, 2], again.Select(b => b.BaseSequence));
        Assert.All(again, b => Assert.Equal(8, b.Identity.Id));
    }

    [Fact]
    public void An_identity_counts_for_a_partition_when_all_before_is_finished()
    {
        var window = new ProducerWindow(5, numbered: true) { Identity = First };
        Append(0);
        var before = TakeAll(window).Single();
        window.Identity = First with { Epoch = 1 };
        Append(1);
        Assert.Empty(TakeAll(window));
        window.Answered(before, ErrorCode.None);
        var after = TakeAll(window).Single();
        Assert.Equal((0, (short)1), (after.BaseSequence, after.Identity.Epoch));
    }

    [Fact]
    public void A_broker_that_fails_in_every_way_has_each_record_once_and_in_order()
    {
        for (var seed = 1; seed <= 300; seed++) new Storm(seed).Run();
    }

    // The first batch is in the log: brokers know the producer.
    private void Known(ProducerWindow window)
    {
        window.Identity = First;
        Assert.Equal(BatchVerdict.Done, window.Answered(Assert.Single(TakeAll(window)), ErrorCode.None));
    }

    private void Append(int value) => Append(accumulator, value);

    private static void Append(RecordAccumulator into, int value)
        => Assert.Equal(AppendOutcome.Appended, into.Append(Partition, 0, null, Encoding.UTF8.GetBytes(value.ToString()), null, 0).Outcome);

    private List<ProducerBatch> TakeAll(ProducerWindow window) => TakeAll(accumulator, window);

    private static List<ProducerBatch> TakeAll(RecordAccumulator from, ProducerWindow window)
    {
        var taken = new List<ProducerBatch>();
        while (from.Peek(Partition, 0) is { } batch && window.MayTake(batch))
        {
            from.Take(Partition, 0);
            window.Taken(batch);
            taken.Add(batch);
        }

        return taken;
    }

    // A partition's leader as the log judges batches, behind a network that loses requests and answers and lets requests overtake each other.
    private sealed class Storm(int seed)
    {
        private const int Records = 40;
        private readonly Random dice = new(seed);
        private readonly RecordAccumulator accumulator = new(new AccumulatorOptions { BatchSize = 1, LingerMs = 0 });
        private readonly ProducerWindow window = new(5, numbered: true) { Identity = First };
        private readonly List<ProducerBatch> onTheWay = [];
        private readonly List<(ProducerBatch Batch, ErrorCode Error)> answers = [];
        private readonly List<int> log = [];
        private readonly Queue<int> last = new();
        private int next;

        public void Run()
        {
            for (var i = 0; i < Records; i++) Append(accumulator, i);
            for (var step = 0; !accumulator.IsEmpty; step++)
            {
                Assert.True(step < 100_000, $"seed {seed}: it never ends");
                onTheWay.AddRange(TakeAll(accumulator, window));
                if (onTheWay.Count > 0 && dice.Next(2) == 0) Arrive();
                else if (answers.Count > 0) Answer();
            }

            Assert.Equal(Enumerable.Range(0, Records), log);
        }

        private void Arrive()
        {
            // Requests rarely overtake each other, on another connection after a failure.
            var at = dice.Next(8) == 0 ? dice.Next(onTheWay.Count) : 0;
            var batch = onTheWay[at];
            onTheWay.RemoveAt(at);
            var fate = dice.Next(12);
            if (fate == 0) answers.Add((batch, ErrorCode.NetworkException));
            else if (fate == 1) answers.Add((batch, ErrorCode.NotEnoughReplicas));
            else answers.Add((batch, fate == 2 && Judge(batch) == ErrorCode.None ? ErrorCode.NetworkException : Judge(batch)));
        }

        private ErrorCode Judge(ProducerBatch batch)
        {
            if (last.Contains(batch.BaseSequence)) return ErrorCode.None;
            // Of one that it does not know, a broker takes any number for the first.
            if (batch.BaseSequence != next && log.Count > 0) return ErrorCode.OutOfOrderSequenceNumber;
            next = RecordBatchHeader.AddSequence(batch.BaseSequence, batch.Count);
            last.Enqueue(batch.BaseSequence);
            if (last.Count > 5) last.Dequeue();
            var bytes = batch.Build();
            RecordBatchHeader.TryParse(bytes.Span, out var header);
            var records = new RecordReader(header, bytes.Span[RecordBatchHeader.Size..]);
            while (records.MoveNext()) log.Add(int.Parse(Encoding.UTF8.GetString(records.Value)));
            return ErrorCode.None;
        }

        private void Answer()
        {
            var at = dice.Next(answers.Count);
            var (batch, error) = answers[at];
            answers.RemoveAt(at);
            var verdict = window.Answered(batch, error);
            Assert.NotEqual(BatchVerdict.Lost, verdict);
            if (verdict == BatchVerdict.Done) accumulator.Complete(batch, new BatchResult(ErrorCode.None, 0, -1));
            else accumulator.Repeat(batch, 0);
        }
    }
}
