using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Coordinators;
using AkkaStream.Actors.Partitions;
using AkkaStream.Actors.Storage;
using AkkaStream.Actors.Storage.Memory;
using AkkaStream.Client.Protocol;
using AkkaStream.Tests.Actors.Storage;
using AkkaStream.Tests.Akka.Actor;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Actors.Partitions;

/// <summary>A partition's actor asks for a transaction's coordinator before its first batch is written, and keeps what comes behind it in order.</summary>
public sealed class TransactionalAppendTests : EngineFixture
{
    private readonly List<string> outcomes = [];
    private readonly Queue<long> asked = new();
    private readonly SemaphoreSlim told = new(0);
    private readonly SemaphoreSlim questions = new(0);
    private readonly PartitionHandle handle;
    private readonly IActorRef partition;

    public TransactionalAppendTests()
    {
        var broker = BrokerConfig.Create(new Dictionary<string, string> { ["node.id"] = "1", ["log.dirs"] = "/data", ["listeners"] = "PLAINTEXT://127.0.0.1:0" });
        var disk = new MemoryDisk();
        disk.CreateDirectory("/data");
        var log = PartitionLog.Open(new LogOpening { Disk = disk, Directory = "/data/topic-0", Config = new LogConfig { VerifiesTransactions = true } });
        handle = new PartitionHandle("topic", Guid.NewGuid(), 0, 0, log, broker.TopicDefaults) { Home = LogDirectory.Open(new MemoryDisk(), "/home", null) };
        partition = System.ActorOf(PartitionActor.PropsOf(handle, TestPartitions.Means(System, System.ActorOf(Props.Create(typeof(FlusherActor))), new CoordinatorFactory(new PartitionRegistry()))));
    }

    [Fact]
    public async Task The_first_batch_waits_and_the_ones_behind_it_wait_too()
    {
        Send("a", TestBatch.Transactional(1, 0, 0));
        Send("b", TestBatch.Transactional(1, 0, 1));
        Send("other", TestBatch.Plain(1, 10));
        Assert.Equal(["other NONE 0"], await Outcomes(1));
        Answer(1, await Asked(), ErrorCode.None);
        Assert.Equal(["a NONE 1", "b NONE 2"], await Outcomes(2));
        Send("c", TestBatch.Transactional(1, 0, 2));
        Assert.Equal(["c NONE 3"], await Outcomes(1));
        Assert.Empty(asked);
    }

    [Fact]
    public async Task A_refusal_refuses_all_that_wait_and_a_late_answer_changes_nothing()
    {
        Send("a", TestBatch.Transactional(1, 0, 0));
        Send("b", TestBatch.Transactional(1, 0, 1));
        Send("other", TestBatch.Plain(1, 10));
        await Outcomes(1);
        var question = await Asked();
        Answer(1, question, ErrorCode.InvalidTxnState);
        Assert.Equal(["a INVALID_TXN_STATE -1", "b INVALID_TXN_STATE -1"], await Outcomes(2));
        Answer(1, question, ErrorCode.None);
        // The first batch never came into the log: what follows it must not begin the transaction.
        Send("c", TestBatch.Transactional(1, 0, 2));
        Answer(1, await Asked(), ErrorCode.None);
        Assert.Equal(["c OUT_OF_ORDER_SEQUENCE_NUMBER -1"], await Outcomes(1));
        Send("a", TestBatch.Transactional(1, 0, 0));
        Answer(1, await Asked(), ErrorCode.None);
        Assert.Equal(["a NONE 1"], await Outcomes(1));
    }

    [Fact]
    public async Task A_newer_epoch_behind_a_waiting_batch_is_asked_about_for_itself()
    {
        Send("a", TestBatch.Transactional(1, 0, 0));
        Send("b", TestBatch.Transactional(1, 1, 0));
        Answer(1, await Asked(), ErrorCode.None);
        Answer(1, await Asked(), ErrorCode.None);
        Assert.Equal(["a NONE 0", "b NONE 1"], await Outcomes(2));
    }

    [Fact]
    public async Task A_marker_ends_the_transaction_and_wakes_readers_of_committed_records()
    {
        Send("a", TestBatch.Transactional(1, 0, 0));
        Answer(1, await Asked(), ErrorCode.None);
        await Outcomes(1);
        Assert.Equal(0, handle.Log.View.LastStableOffset);
        var waiter = new Waiter();
        handle.Waiters.Add(waiter);
        partition.Tell(new MarkerUnderTest(this, 1, 1), ActorRefs.NoSender);
        Assert.Equal(["marker NONE 1"], await Outcomes(1));
        partition.Tell(new MarkerUnderTest(this, 1, 1), ActorRefs.NoSender);
        Assert.Equal(["marker NONE -1"], await Outcomes(1));
        partition.Tell(new MarkerUnderTest(this, 1, 0), ActorRefs.NoSender);
        Assert.Equal(["marker INVALID_PRODUCER_EPOCH -1"], await Outcomes(1));
        Assert.Equal(2, handle.Log.View.LastStableOffset);
        Assert.Contains(0, waiter.Seen);
    }

    [Fact]
    public async Task Whoever_waits_when_the_partition_closes_is_told()
    {
        Send("a", TestBatch.Transactional(1, 0, 0));
        await Asked();
        partition.Tell(new CloseLog(_ => { }), ActorRefs.NoSender);
        Assert.Equal(["a NOT_LEADER_OR_FOLLOWER -1"], await Outcomes(1));
    }

    [Fact]
    public async Task A_partition_that_is_flushed_often_is_looked_after_all_the_same()
    {
        var config = BrokerConfig.Create(new Dictionary<string, string> { ["node.id"] = "1", ["log.dirs"] = "/data", ["log.flush.mode"] = "group" });
        partition.Tell(new Reconfigure(config.TopicDefaults), ActorRefs.NoSender);
        Send("first", TestBatch.Plain(1, 10));
        await Outcomes(1);
        var planned = handle.HousekeepAt;
        // Each of these is a flush of its own; the clock has gone on by then.
        var since = System.Scheduler.Now;
        do
        {
            Send("next", TestBatch.Plain(1, 10));
            await Outcomes(1);
        }
        while (System.Scheduler.Now - since < TimeSpan.FromMilliseconds(20));

        Assert.Equal(planned, handle.HousekeepAt);
    }

    private void Send(string name, byte[] batch) => partition.Tell(new AppendUnderTest(this, name, batch), ActorRefs.NoSender);

    private void Answer(long producer, long verification, ErrorCode error) => partition.Tell(new TransactionVerified(producer, verification, error), ActorRefs.NoSender);

    private async Task<long> Asked()
    {
        Assert.True(await questions.WaitAsync(Patience));
        lock (asked) return asked.Dequeue();
    }

    private async Task<List<string>> Outcomes(int count)
    {
        for (var i = 0; i < count; i++) Assert.True(await told.WaitAsync(Patience));
        lock (outcomes)
        {
            var seen = outcomes.ToList();
            outcomes.Clear();
            return seen;
        }
    }

    private void Tell(string name, in AppendOutcome outcome)
    {
        lock (outcomes) outcomes.Add($"{name} {outcome.Error.Name()} {outcome.BaseOffset}");
        told.Release();
    }

    private sealed class AppendUnderTest : PartitionAppend
    {
        private readonly TransactionalAppendTests test;
        private readonly string name;

        [SetsRequiredMembers]
        public AppendUnderTest(TransactionalAppendTests test, string name, byte[] batch)
        {
            (this.test, this.name) = (test, name);
            Batch = batch;
            Header = TestBatch.Header(batch);
        }

        public override bool TryVerify(long verification)
        {
            lock (test.asked) test.asked.Enqueue(verification);
            test.questions.Release();
            return true;
        }

        public override void Completed(in AppendOutcome outcome) => test.Tell(name, outcome);
    }

    [method: SetsRequiredMembers]
    private sealed class MarkerUnderTest(TransactionalAppendTests test, long producer, short epoch) : MarkerAppend(producer, epoch, 0, isCommit: true, transactionVersion: 2, nowMs: 1)
    {
        public override void Completed(in AppendOutcome outcome) => test.Tell("marker", outcome);
    }

    private sealed class Waiter : IFetchWaiter
    {
        public List<int> Seen { get; } = [];

        public void Progress(int bytes) => Seen.Add(bytes);
    }
}
