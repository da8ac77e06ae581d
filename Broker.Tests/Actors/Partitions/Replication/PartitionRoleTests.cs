using Akka.Actor;
using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Coordinators;
using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Partitions;
using AkkaStream.Actors.Partitions.Replication;
using AkkaStream.Actors.Storage;
using AkkaStream.Actors.Storage.Memory;
using AkkaStream.Client.Protocol;
using AkkaStream.Tests.Actors.Storage;
using AkkaStream.Tests.Akka.Actor;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Actors.Partitions.Replication;

/// <summary>A member of a cluster has the partitions that the metadata gives it, and leads those that it leads there: once its present life is registered.</summary>
public sealed class PartitionRoleTests : EngineFixture
{
    private static readonly Guid Topic = new(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
    private readonly BrokerConfig config = BrokerConfig.Create(new Dictionary<string, string> { ["node.id"] = "1", ["log.dirs"] = "/data", ["listeners"] = "PLAINTEXT://127.0.0.1:0" });
    private readonly MemoryDisk disk = new();
    private readonly FaultyDisk faulty;
    private readonly PartitionRegistry registry = new();
    private PartitionHost? made;
    private readonly List<ReplicaTrouble> troubles = [];
    private readonly List<string> told = [];
    private long brokerEpoch = -1;

    public PartitionRoleTests()
    {
        faulty = new FaultyDisk(disk);
        disk.CreateDirectory("/data");
    }

    // Made when it is needed: what a test put there before is found.
    private PartitionHost Host => made ??= Make();

    private PartitionHost Make()
    {
        var means = new ReplicationMeans
        {
            BrokerId = 1,
            BrokerEpoch = () => brokerEpoch,
            ReplicasOf = _ => null,
            Proposals = new NoProposals(),
            Troubled = trouble =>
            {
                lock (troubles) troubles.Add(trouble);
            },
        };
        var directory = LogDirectory.Look(faulty, "/data", told.Add, gone => made?.TakeOffline(gone));
        directory.Load();
        return new PartitionHost(System, [directory], registry, Guid.NewGuid, new CoordinatorFactory(registry), static work => { foreach (var piece in work) piece(); }, null, means);
    }

    [Fact]
    public async Task Only_own_partitions_are_opened_and_led_after_the_registration()
    {
        var image = Image(5, Partition(0, [1, 2], 1, 0), Partition(1, [2, 3], 2, 0), Partition(2, [2, 1], 2, 4));
        Host.Open(MetadataImage.Empty, config);
        Host.Apply(MetadataImage.Empty, image, config);
        Assert.True(registry.TryGetTopic("t", out var all));
        Assert.Equal([true, false, true], all.Select(p => p is not null));
        Assert.False(all[0]!.IsLeader);
        brokerEpoch = 6;
        Host.Join(image);
        Assert.False(all[0]!.IsLeader);
        brokerEpoch = 5;
        Host.Join(image);
        await Eventually.Holds(() => all[0]!.IsLeader && all[0]!.LeaderEpoch == 0 && all[2]!.LeaderEpoch == 4, "roles are taken up");
        Assert.False(all[2]!.IsLeader);
    }

    [Fact]
    public async Task A_leader_that_is_one_no_more_takes_no_appends_and_one_that_comes_back_does()
    {
        brokerEpoch = 0;
        var first = Image(5, Partition(0, [1], 1, 0));
        Host.Open(first, config);
        var handle = registry.Find("t", 0)!;
        await Eventually.Holds(() => handle.IsLeader, "it leads");
        var second = With(first, 6, new PartitionChange(0, [1, 2], 2, 3));
        Host.Apply(first, second, config);
        await Eventually.Holds(() => !handle.IsLeader && handle.LeaderEpoch == 3, "it follows");
        // What it was told before does not count any more.
        handle.Actor.Tell(new Lead(first.Topics["t"].Partitions[0]), ActorRefs.NoSender);
        var third = With(second, 7, new PartitionChange(0, [1, 2], 1, 4));
        Host.Apply(second, third, config);
        await Eventually.Holds(() => handle.IsLeader && handle.LeaderEpoch == 4, "it leads again");
        Assert.Same(third.Topics["t"].Partitions[0], handle.Image);
    }

    [Fact]
    public async Task A_replica_that_goes_elsewhere_is_removed_and_one_that_comes_back_begins_anew()
    {
        brokerEpoch = 0;
        var first = Image(5, Partition(0, [1], 1, 0));
        Host.Open(first, config);
        Assert.True(disk.DirectoryExists("/data/t-0"));
        var second = With(first, 6, new PartitionChange(0, [2], 2, 1));
        Host.Apply(first, second, config);
        Assert.Null(registry.Find("t", 0));
        Assert.True(registry.TryGetTopic("t", out _));
        await Eventually.Holds(() => disk.List("/data").All(e => !e.IsDirectory), "its directory is gone");
        var third = With(second, 7, new PartitionChange(0, [1, 2], 2, 1));
        Host.Apply(second, third, config);
        await Eventually.Holds(() => registry.Find("t", 0) is { IsLeader: false, LeaderEpoch: 1 }, "it follows");
    }

    [Fact]
    public void What_is_known_to_be_gone_is_removed_at_the_start_and_what_is_not_known_is_set_aside()
    {
        var (deleted, unknown) = (Guid.NewGuid(), Guid.NewGuid());
        foreach (var (name, id) in new[] { ("t-0", Topic), ("t-1", Topic), ("t-7", Topic), ("gone-0", deleted), ("lost-0", unknown), ("silent-0", Guid.Empty) })
        {
            disk.CreateDirectory($"/data/{name}");
            if (id != Guid.Empty) StorageVectors.Put(disk, $"/data/{name}/partition.metadata", PartitionMetadataFile.Encode(id));
        }

        brokerEpoch = 0;
        var image = Image(5, Partition(0, [1, 2], 2, 0), Partition(1, [2, 3], 2, 0)).With([new RemoveTopicRecord { TopicId = deleted }], 6).After(MetadataImage.Empty);
        Host.Open(MetadataImage.Empty, config);
        Assert.Equal(6, disk.List("/data").Count(e => e.IsDirectory));
        Host.Apply(MetadataImage.Empty, image, config);
        Assert.Equal(["lost-0." + $"{unknown:n}-stray", $"silent-0.{Guid.Empty:n}-stray", "t-0", $"t-7.{Topic:n}-stray"], disk.List("/data").Where(e => e.IsDirectory).Select(e => e.Name).Order(StringComparer.Ordinal));
        Assert.Equal(3, told.Count(line => line.Contains("is no partition that the cluster's metadata knows: it is set aside as", StringComparison.Ordinal)));
        Assert.NotNull(registry.Find("t", 0));
    }

    [Fact]
    public async Task A_replica_whose_directory_went_offline_says_so_while_it_counts()
    {
        brokerEpoch = 0;
        var first = Image(5, Partition(0, [1, 2], 1, 0), Partition(1, [2, 1], 2, 0));
        Host.Open(first, config);
        await Eventually.Holds(() => registry.Find("t", 0)!.IsLeader, "it leads");
        faulty.Break("/data");
        Assert.NotEqual(ErrorCode.None, Host.WriteLastCheckpoints(registry.Find("t", 0)!.Home));
        await Eventually.Holds(() => Troubles().Count == 2, "both say so");
        Assert.All(Troubles(), t => Assert.True(t.IsLost));
        Assert.False(registry.Find("t", 0)!.IsLeader);
        var second = first.With([new PartitionChangeRecord { TopicId = Topic, PartitionId = 0, Leader = 2, Isr = [2] }, new PartitionChangeRecord { TopicId = Topic, PartitionId = 1, Isr = [2] }], 6);
        Host.Apply(first, second, config);
        // The controller wants it back, not knowing: it says so again.
        var third = second.With([new PartitionChangeRecord { TopicId = Topic, PartitionId = 1, Isr = [2, 1] }], 7);
        Host.Apply(second, third, config);
        await Eventually.Holds(() => Troubles().Count > 2, "the one that counts says so again");
        Assert.Equal(new ReplicaTrouble(Topic, 1, true), Troubles()[2]);
    }

    private List<ReplicaTrouble> Troubles()
    {
        lock (troubles) return [.. troubles];
    }

    private static PartitionRecord Partition(int index, List<int> replicas, int leader, int epoch)
        => new() { TopicId = Topic, PartitionId = index, Replicas = replicas, Isr = replicas, Leader = leader, LeaderEpoch = epoch };

    private static MetadataImage Image(long offset, params PartitionRecord[] partitions)
        => MetadataImage.Empty.With([new TopicRecord { Name = "t", TopicId = Topic }, .. partitions], offset);

    // Until the image knows changes of partitions, by way of the topic made anew with the same id.
    private static MetadataImage With(MetadataImage image, long offset, params PartitionChange[] changes)
    {
        var partitions = image.Topics["t"].Partitions.Select(p => changes.FirstOrDefault(c => c.Index == p.Index) is { } c ? Partition(c.Index, c.Replicas, c.Leader, c.Epoch) : Partition(p.Index, [.. p.Replicas], p.Leader, p.LeaderEpoch));
        return image.With([new RemoveTopicRecord { TopicId = Topic }, new TopicRecord { Name = "t", TopicId = Topic }, .. partitions], offset);
    }

    private sealed record PartitionChange(int Index, List<int> Replicas, int Leader, int Epoch);

    private sealed class NoProposals : IInSyncProposals
    {
        public void Propose(InSyncProposal proposal, Action<InSyncAnswer> done) => done(InSyncAnswer.Of(ErrorCode.NotController));
    }
}
