using Akka.Actor;
using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Coordinators;
using AkkaStream.Actors.Partitions;
using AkkaStream.Actors.Storage;
using AkkaStream.Actors.Storage.Memory;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;
using AkkaStream.Tests.Akka.Actor;

namespace AkkaStream.Tests.Actors.Coordinators;

/// <summary>
/// A coordinator whose partition is moved by hand: several batches are under way, one of them is refused, and they end in any order. Neither its state nor the log
/// keeps anything that rests on what was refused, and nothing is told that may still be lost.
/// </summary>
public sealed class CoordinatorOrderTests : EngineFixture
{
    private readonly PartitionLog log = PartitionLog.Open(new LogOpening { Disk = new MemoryDisk(), Directory = "/logs/__register-0", WasCleanlyShutDown = true, IsReplica = true });
    private readonly PartitionHandle partition;
    private readonly Inlet sent;

    public CoordinatorOrderTests()
    {
        log.BecomeLeader(0);
        sent = NewInlet();
        var config = BrokerConfig.Create(new Dictionary<string, string>());
        partition = new PartitionHandle("__register", Guid.Empty, 0, 0, log, TopicConfig.Create(new Dictionary<string, string>(), config)) { Home = LogDirectory.Open(new MemoryDisk(), "/home", null), Actor = sent.Ref };
    }

    [Fact]
    public async Task A_batch_behind_one_that_was_refused_does_not_get_into_the_log()
    {
        Lead();
        var (refused, behind) = (Put("a", "1", 7), Put("b", "1", 8));
        var (first, second) = (await Sent(), await Sent());
        End(first, ErrorCode.NotEnoughReplicas);
        Assert.Equal(ErrorCode.CoordinatorNotAvailable, await Answer(refused));
        Assert.Equal(ErrorCode.NotLeaderOrFollower, Stage(second));
        End(second, ErrorCode.NotLeaderOrFollower);
        Assert.Equal(ErrorCode.NotCoordinator, await Answer(behind));
        Assert.Equal(0, log.View.EndOffset);
        Assert.Equal("2", await Put("a", "2", then: "a"));
    }

    [Fact]
    public async Task A_refusal_that_comes_before_the_end_of_an_earlier_batch_is_got_over()
    {
        Lead();
        var (early, refused) = (Put("a", "1", 7), Put("b", "1", 8));
        var (first, second) = (await Sent(), await Sent());
        Assert.Equal(ErrorCode.None, Stage(first));
        End(second, ErrorCode.NotEnoughReplicas);
        Assert.Equal(ErrorCode.CoordinatorNotAvailable, await Answer(refused));
        Commit();
        End(first, ErrorCode.None);
        Assert.Equal(ErrorCode.None, await Answer(early));
        var marker = new TaskCompletionSource<ErrorCode>();
        await Loaded();
        partition.TellCoordinator(new CoordinatorMarker(7, 0, 1, true, error => marker.SetResult(error)));
        var written = await Sent();
        Assert.Equal(ErrorCode.None, Stage(written));
        Commit();
        End(written, ErrorCode.None);
        Assert.Equal(ErrorCode.None, await marker.Task.WaitAsync(Patience));
        Assert.Equal("1", await Get("a"));
        Assert.Null(await Get("b"));
    }

    [Fact]
    public async Task A_batch_that_waited_too_long_counts_when_all_replicas_have_it_and_not_before()
    {
        Lead();
        var late = Put("a", "1");
        var batch = await Sent();
        Assert.Equal(ErrorCode.None, Stage(batch));
        End(batch, ErrorCode.RequestTimedOut);
        Assert.Equal(ErrorCode.CoordinatorNotAvailable, await Answer(late));
        var early = new GetCall("a");
        partition.TellCoordinator(early);
        Assert.Equal((ErrorCode.CoordinatorLoadInProgress, null), await early.Answer.Task.WaitAsync(Patience));
        Commit();
        Assert.Equal("1", await Get("a"));
    }

    [Fact]
    public async Task A_new_leader_tells_nothing_that_only_it_has()
    {
        using var records = new RecordBatchBuilder();
        records.Append(0, "a"u8, true, "1"u8, true);
        var bytes = records.Build(new RecordBatchFields());
        Assert.Equal(ErrorCode.None, log.Stage(bytes, Storage.TestBatch.Header(bytes.Span), 0, 0).Error);
        log.Commit();
        Lead();
        var early = new GetCall("a");
        partition.TellCoordinator(early);
        Assert.Equal((ErrorCode.CoordinatorLoadInProgress, null), await early.Answer.Task.WaitAsync(Patience));
        Commit();
        Assert.Equal("1", await Get("a"));
    }

    private void Lead() => partition.Coordinator = System.ActorOf(Props.Create(typeof(CoordinatorActor), partition, new CoordinatorSetup(_ => new Register(), 256)));

    private PutCall Put(string key, string value, long producer = -1)
    {
        var put = new PutCall(key, value, producer);
        partition.TellCoordinator(put);
        return put;
    }

    // Writes as soon as it is served again, and reads it back.
    private async Task<string?> Put(string key, string value, string then)
    {
        await Loaded();
        var put = Put(key, value);
        var batch = await Sent();
        Assert.Equal(ErrorCode.None, Stage(batch));
        Commit();
        End(batch, ErrorCode.None);
        Assert.Equal(ErrorCode.None, await Answer(put));
        return await Get(then);
    }

    private async Task<PartitionAppend> Sent()
    {
        while (true)
        {
            if (await sent.Next() is PartitionAppend batch) return batch;
        }
    }

    private ErrorCode Stage(PartitionAppend batch)
    {
        var staged = batch.Stage(log, 0, 0).Error;
        return staged == ErrorCode.None ? log.Commit().Error : staged;
    }

    private static void End(PartitionAppend batch, ErrorCode error) => batch.Completed(new AppendOutcome(error, -1, 0, -1, null));

    // Every in-sync replica has all.
    private void Commit()
    {
        log.SetHighWatermark(log.View.EndOffset);
        partition.Waiters.Progress(0);
    }

    private static Task<ErrorCode> Answer(PutCall put) => put.Answer.Task.WaitAsync(Patience);

    private Task Loaded() => Get("");

    private async Task<string?> Get(string key)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            patience.Token.ThrowIfCancellationRequested();
            var get = new GetCall(key);
            partition.TellCoordinator(get);
            var (error, value) = await get.Answer.Task.WaitAsync(Patience);
            if (error == ErrorCode.None) return value;
            Assert.Equal(ErrorCode.CoordinatorLoadInProgress, error);
        }
    }
}
