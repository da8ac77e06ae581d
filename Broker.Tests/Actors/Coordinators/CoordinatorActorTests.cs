using Akka.Actor;
using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Coordinators;
using AkkaStream.Actors.Partitions;
using AkkaStream.Actors.Storage;
using AkkaStream.Actors.Storage.Memory;
using AkkaStream.Client.Protocol;
using AkkaStream.Tests.Akka.Actor;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Actors.Coordinators;

/// <summary>A coordinator answers what its partition has, whatever happens to the disk and to itself.</summary>
public sealed class CoordinatorActorTests : EngineFixture
{
    private readonly MemoryDisk disk = new();
    private int generation;

    [Fact]
    public async Task What_was_answered_is_there_after_the_leader_came_again()
    {
        var first = Lead();
        for (var i = 0; i < 100; i++) Assert.Equal(ErrorCode.None, await Put(first, $"k{i % 10}", $"v{i}"));
        await Close(first);

        var second = Lead();
        Assert.Equal("v95", await Get(second, "k5"));
        Assert.Equal("v99", await Get(second, "k9"));
    }

    [Fact]
    public async Task Many_messages_become_few_batches()
    {
        var partition = Lead();
        var puts = Enumerable.Range(0, 1000).Select(i => Put(partition, $"k{i}", "v")).ToList();
        Assert.All(await Task.WhenAll(puts).WaitAsync(Patience), error => Assert.Equal(ErrorCode.None, error));
        Assert.Equal(1000, partition.Log.View.EndOffset);
        Assert.True(Storage.LogContents.Batches(partition.Log).Count < 500);
    }

    [Fact]
    public async Task A_read_is_answered_after_the_write_that_it_saw()
    {
        var partition = Lead();
        var put = new PutCall("a", "1", -1);
        var get = new GetCall("a");
        partition.TellCoordinator(put);
        partition.TellCoordinator(get);
        Assert.Equal((ErrorCode.None, "1"), await get.Answer.Task.WaitAsync(Patience));
        Assert.True(put.Answer.Task.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task What_the_disk_refuses_is_neither_answered_nor_remembered()
    {
        var partition = Lead();
        Assert.Equal(ErrorCode.None, await Put(partition, "a", "1"));
        disk.FailAfter(0);
        Assert.Equal(ErrorCode.NotCoordinator, await Put(partition, "a", "2"));
        disk.Heal();
        Assert.Equal("1", await Get(partition, "a"));
        Assert.Equal(ErrorCode.None, await Put(partition, "a", "3"));
        Assert.Equal("3", await Get(partition, "a"));
    }

    [Fact]
    public async Task A_mistake_in_the_state_machine_costs_one_answer()
    {
        var partition = Lead();
        Assert.Equal(ErrorCode.None, await Put(partition, "a", "1"));
        Assert.Equal(ErrorCode.UnknownServerError, await Put(partition, "mistake", "2"));
        Assert.Equal("1", await Get(partition, "a"));
    }

    [Fact]
    public async Task What_a_transaction_wrote_counts_when_its_marker_says_so()
    {
        var partition = Lead();
        Assert.Equal(ErrorCode.None, await Put(partition, "a", "1", producer: 7));
        Assert.Equal(ErrorCode.None, await Put(partition, "b", "1", producer: 8));
        Assert.Null(await Get(partition, "a"));
        Assert.Equal(ErrorCode.None, await End(partition, 7, commit: true));
        Assert.Equal(ErrorCode.None, await End(partition, 8, commit: false));
        Assert.Equal("1", await Get(partition, "a"));
        Assert.Null(await Get(partition, "b"));
        await Close(partition);

        var again = Lead();
        Assert.Equal("1", await Get(again, "a"));
        Assert.Null(await Get(again, "b"));
    }

    [Fact]
    public async Task A_marker_right_behind_the_first_batch_of_another_transaction_holds_nothing_up()
    {
        var partition = Lead();
        for (var producer = 1; producer <= 50; producer++)
        {
            var put = new PutCall($"k{producer}", "v", producer);
            partition.TellCoordinator(put);
            var ended = End(partition, producer - 1, commit: true);
            Assert.Equal(ErrorCode.None, await put.Answer.Task.WaitAsync(Patience));
            Assert.Equal(ErrorCode.None, await ended);
            Assert.Equal(ErrorCode.None, await Put(partition, "plain", $"{producer}"));
            Assert.Equal($"{producer}", await Get(partition, "plain"));
        }
    }

    [Fact]
    public void Deadlines_come_once_and_at_the_time_they_were_moved_to()
    {
        var deadlines = new Deadlines<string>();
        deadlines.Set("a", 10);
        deadlines.Set("b", 20);
        deadlines.Set("a", 30);
        deadlines.Set("b", 15);
        Assert.False(deadlines.TryTake(14, out _));
        Assert.True(deadlines.TryTake(25, out var first));
        Assert.Equal("b", first);
        Assert.False(deadlines.TryTake(29, out _));
        Assert.True(deadlines.TryTake(30, out var second));
        Assert.Equal("a", second);
        Assert.Equal(long.MaxValue, deadlines.Next);
    }

    private PartitionHandle Lead()
    {
        var log = PartitionLog.Open(new LogOpening { Disk = disk, Directory = "/logs/__register-0", WasCleanlyShutDown = true, Config = new LogConfig { VerifiesTransactions = true } });
        log.BecomeLeader(generation);
        var config = BrokerConfig.Create(new Dictionary<string, string>());
        var handle = new PartitionHandle("__register", Guid.Empty, 0, generation, log, TopicConfig.Create(new Dictionary<string, string>(), config)) { Home = LogDirectory.Open(new MemoryDisk(), "/home", null) };
        var registry = new PartitionRegistry();
        var coordinators = new CoordinatorFactory(registry);
        coordinators.Add("__register", new CoordinatorSetup(_ => new Register(), 256));
        var flusher = System.ActorOf(Props.Create(typeof(FlusherActor)));
        handle.Actor = System.ActorOf(PartitionActor.PropsOf(handle, TestPartitions.Means(System, flusher, coordinators)), $"register-{generation++}");
        return handle;
    }

    private static Task Close(PartitionHandle partition)
    {
        var closed = new TaskCompletionSource();
        partition.Actor.Tell(new CloseLog(_ => closed.SetResult()));
        return closed.Task.WaitAsync(Patience);
    }

    // Told again while it is loading, as clients do.
    private static async Task<ErrorCode> Put(PartitionHandle partition, string key, string value, long producer = -1)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            patience.Token.ThrowIfCancellationRequested();
            var put = new PutCall(key, value, producer);
            partition.TellCoordinator(put);
            var error = await put.Answer.Task.WaitAsync(Patience);
            if (error != ErrorCode.CoordinatorLoadInProgress) return error;
        }
    }

    private static async Task<string?> Get(PartitionHandle partition, string key)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            patience.Token.ThrowIfCancellationRequested();
            var get = new GetCall(key);
            partition.TellCoordinator(get);
            var (error, value) = await get.Answer.Task.WaitAsync(Patience);
            if (error != ErrorCode.CoordinatorLoadInProgress) return value;
        }
    }

    private static Task<ErrorCode> End(PartitionHandle partition, long producer, bool commit)
    {
        var ended = new TaskCompletionSource<ErrorCode>();
        partition.TellCoordinator(new CoordinatorMarker(producer, 0, 1, commit, error => ended.SetResult(error)));
        return ended.Task.WaitAsync(Patience);
    }
}
