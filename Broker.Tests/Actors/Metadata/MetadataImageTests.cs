using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Metadata;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Tests.Actors.Metadata;

/// <summary>The image of what the controller decided: what events make of it, and that it gives itself back as events.</summary>
public sealed class MetadataImageTests
{
    private static readonly Guid Topic = new("11111111-0000-4000-8000-000000000001");

    [Fact]
    public void Events_go_through_bytes_unchanged()
    {
        foreach (var e in Everything())
        {
            var bytes = MetadataRecords.Encode(e);
            var again = MetadataRecords.Decode(bytes);
            Assert.Equal(e.GetType(), again.GetType());
            Assert.Equal(bytes, MetadataRecords.Encode(again));
        }
    }

    [Fact]
    public void An_image_made_of_its_own_events_is_the_same()
    {
        var image = MetadataImage.Empty.With(Everything(), 20);
        var events = image.ToEvents().ToList();
        Assert.Equal(Bytes(events), Bytes(MetadataImage.Empty.With(events, 20).ToEvents()));

        // Wherever the events are cut, the pieces make the same.
        for (var size = 1; size < events.Count; size++)
        {
            var pieces = events.Chunk(size).Aggregate(MetadataImage.Empty, (now, piece) => now.With(piece, 20));
            Assert.Equal(Bytes(events), Bytes(pieces.ToEvents()));
        }
    }

    [Fact]
    public void Deleted_topics_are_remembered_up_to_a_limit()
    {
        var image = MetadataImage.Empty.With([new TopicRecord { Name = "t", TopicId = Topic }, new RemoveTopicRecord { TopicId = Topic }], 2);
        Assert.Equal([Topic], image.Removed);
        Assert.Equal([Topic], MetadataImage.Empty.With([.. image.ToEvents()], 2).After(MetadataImage.Empty).Removed);
        var others = Enumerable.Range(0, AkkaStream.Actors.Limits.RemovedTopics).Select(_ => Guid.NewGuid()).ToList();
        Assert.Equal(others, image.With([.. others.Select(id => new RemoveTopicRecord { TopicId = id })], 3).Removed);
    }

    [Fact]
    public void A_change_touches_what_it_names_and_leads_anew_where_it_names_a_leader()
    {
        var image = MetadataImage.Empty.With([new TopicRecord { Name = "t", TopicId = Topic }, Partition(0, 1, 2, 3), Partition(1, 2, 3, 1)], 2);
        image = image.With([new PartitionChangeRecord { TopicId = Topic, PartitionId = 1, Isr = [2, 3] }, new PartitionChangeRecord { TopicId = Topic, PartitionId = 1, Leader = 3 }], 4);
        var (first, second) = (image.Topics["t"].Partitions[0], image.Topics["t"].Partitions[1]);
        Assert.Equal((1, 0, 0), (first.Leader, first.LeaderEpoch, first.PartitionEpoch));
        Assert.Equal((3, 1, 2), (second.Leader, second.LeaderEpoch, second.PartitionEpoch));
        Assert.Equal([2, 3, 1], second.Replicas);
        Assert.Equal([2, 3], second.InSync);
        Assert.Equal(["t"], image.Touched);

        // The same leader again is a new leadership too: followers and clients are told.
        image = image.With([new PartitionChangeRecord { TopicId = Topic, PartitionId = 1, Leader = 3, Replicas = [3, 4], AddingReplicas = [4], RemovingReplicas = [2], EligibleLeaderReplicas = [1], LastKnownElr = [2] }], 5);
        second = image.Topics["t"].Partitions[1];
        Assert.Equal((3, 2, 3), (second.Leader, second.LeaderEpoch, second.PartitionEpoch));
        Assert.True(second.IsReassigning);
        Assert.Equal([[4], [2], [1], [2]], new[] { second.Adding, second.Removing, second.Elr, second.LastKnownElr });

        image = image.With([new PartitionChangeRecord { TopicId = Topic, PartitionId = 1, AddingReplicas = [], RemovingReplicas = [], EligibleLeaderReplicas = [] }], 6);
        second = image.Topics["t"].Partitions[1];
        Assert.False(second.IsReassigning);
        Assert.Equal([[], [2]], new[] { second.Elr, second.LastKnownElr });
    }

    [Fact]
    public void Brokers_register_change_and_go()
    {
        var incarnation = Guid.NewGuid();
        var image = MetadataImage.Empty.With([Broker(7, 5, incarnation)], 5);
        var broker = image.Brokers[7];
        Assert.Equal((7, incarnation, 5L, "r7"), (broker.Id, broker.Incarnation, broker.Epoch, broker.Rack));
        Assert.Equal(("10.0.0.7", 4053), (broker.AkkaHost, broker.AkkaPort));
        Assert.True(broker is { IsFenced: true, IsActive: false, IsCordoned: false });

        image = image.With([new BrokerRegistrationChangeRecord { BrokerId = 7, BrokerEpoch = 5, Fenced = -1 }], 6);
        Assert.True(image.Brokers[7].IsActive);
        image = image.With([new BrokerRegistrationChangeRecord { BrokerId = 7, BrokerEpoch = 5, InControlledShutdown = 1, CordonedLogDirs = [.. broker.LogDirs] }], 7);
        Assert.True(image.Brokers[7] is { IsFenced: false, IsShuttingDown: true, IsActive: false, IsCordoned: true });

        // A change that is meant for an earlier life of the broker is none.
        Assert.Throws<MalformedMessageException>(() => image.With([new BrokerRegistrationChangeRecord { BrokerId = 7, BrokerEpoch = 4, Fenced = 1 }], 8));
        image = image.With([Broker(7, 8, Guid.NewGuid())], 8);
        Assert.True(image.Brokers[7] is { IsFenced: true, IsShuttingDown: false, Epoch: 8 });
        Assert.Empty(image.With([new UnregisterBrokerRecord { BrokerId = 7, BrokerEpoch = 8 }], 9).Brokers);
    }

    [Fact]
    public void Events_that_contradict_the_image_are_refused()
    {
        var image = MetadataImage.Empty.With([new TopicRecord { Name = "t", TopicId = Topic }, Partition(0, 1)], 1);
        Assert.Throws<MalformedMessageException>(() => image.With([new PartitionChangeRecord { TopicId = Topic, PartitionId = 1 }], 2));
        Assert.Throws<MalformedMessageException>(() => image.With([new PartitionChangeRecord { TopicId = Topic, PartitionId = -1 }], 2));
        Assert.Throws<MalformedMessageException>(() => image.With([new PartitionChangeRecord { TopicId = Guid.NewGuid(), PartitionId = 0 }], 2));
        Assert.Throws<MalformedMessageException>(() => image.With([new BrokerRegistrationChangeRecord { BrokerId = 1 }], 2));
    }

    [Fact]
    public void An_image_put_together_anew_names_what_differs()
    {
        var before = MetadataImage.Empty.With(Everything(), 20);
        Assert.Empty(MetadataImage.Empty.With([.. before.ToEvents()], 20).After(before).Touched);

        var after = before.With([new PartitionChangeRecord { TopicId = Topic, PartitionId = 1, Leader = 2 }], 21);
        after = after.With([new TopicRecord { Name = "new", TopicId = Guid.NewGuid() }], 22);
        after = after.With([new RemoveTopicRecord { TopicId = before.Topics["gone"].Id }], 23);
        after = MetadataImage.Empty.With([.. after.ToEvents()], 23).After(before);
        Assert.Equal(["gone", "new", "t"], after.Touched.Order(StringComparer.Ordinal));
        Assert.Equal(23, after.Offset);

        after = MetadataImage.Empty.With([.. before.With([new ConfigRecord { ResourceType = 2, ResourceName = "t", Name = "retention.ms", Value = "8" }], 21).ToEvents()], 21).After(before);
        Assert.Equal(["t"], after.Touched);
    }

    [Fact]
    public void Equal_lists_are_in_memory_once()
    {
        var image = MetadataImage.Empty.With([new TopicRecord { Name = "t", TopicId = Topic }, Partition(0, 1, 2, 3), Partition(1, 2, 3, 1), Partition(2, 1, 2, 3)], 3);
        var partitions = image.Topics["t"].Partitions;
        Assert.Same(partitions[0].Replicas, partitions[2].Replicas);
        Assert.Same(partitions[0].Replicas, partitions[0].InSync);
        Assert.NotSame(partitions[0].Replicas, partitions[1].Replicas);
    }

    private static List<IApiMessage> Everything() =>
    [
        Broker(1, 1, new Guid("22222222-0000-4000-8000-000000000001")),
        Broker(2, 2, new Guid("22222222-0000-4000-8000-000000000002")),
        Broker(3, 3, new Guid("22222222-0000-4000-8000-000000000003")),
        new BrokerRegistrationChangeRecord { BrokerId = 1, BrokerEpoch = 1, Fenced = -1 },
        new BrokerRegistrationChangeRecord { BrokerId = 2, BrokerEpoch = 2, InControlledShutdown = 1, LogDirs = [Topic], CordonedLogDirs = [Topic] },
        new UnregisterBrokerRecord { BrokerId = 3, BrokerEpoch = 3 },
        new FeatureLevelRecord { Name = "group.version", FeatureLevel = 1 },
        new TopicRecord { Name = "t", TopicId = Topic },
        Partition(0, 1, 2),
        new PartitionRecord { TopicId = Topic, PartitionId = 1, Replicas = [1, 2, 3], Isr = [1], Leader = 1, LeaderEpoch = 4, PartitionEpoch = 9, AddingReplicas = [3], RemovingReplicas = [2], EligibleLeaderReplicas = [2], LastKnownElr = [3] },
        new PartitionChangeRecord { TopicId = Topic, PartitionId = 0, Isr = [2], Leader = 2, EligibleLeaderReplicas = [1] },
        new PartitionChangeRecord { TopicId = Topic, PartitionId = 0, Isr = [2, 1] },
        new ConfigRecord { ResourceType = (sbyte)ConfigResourceType.Topic, ResourceName = "t", Name = "retention.ms", Value = "7" },
        new ConfigRecord { ResourceType = (sbyte)ConfigResourceType.Broker, ResourceName = "", Name = "min.insync.replicas", Value = "2" },
        new TopicRecord { Name = "gone", TopicId = new Guid("11111111-0000-4000-8000-000000000002") },
        new TopicRecord { Name = "never", TopicId = new Guid("11111111-0000-4000-8000-000000000003") },
        new RemoveTopicRecord { TopicId = new Guid("11111111-0000-4000-8000-000000000003") },
        new ProducerIdsRecord { BrokerId = 1, BrokerEpoch = 1, NextProducerId = 5000 },
        new NoOpRecord(),
    ];

    private static PartitionRecord Partition(int index, params int[] replicas) => Placement.NewPartition(Topic, index, [.. replicas]);

    private static RegisterBrokerRecord Broker(int id, long epoch, Guid incarnation) => new()
    {
        BrokerId = id,
        BrokerEpoch = epoch,
        IncarnationId = incarnation,
        Rack = $"r{id}",
        EndPoints = [new() { Name = "PLAINTEXT", Host = $"b{id}", Port = 9092 }, new() { Name = BrokerImage.AkkaListener, Host = $"10.0.0.{id}", Port = 4053 }],
        Features = [new() { Name = "group.version", MinSupportedVersion = 0, MaxSupportedVersion = 1 }],
        LogDirs = [new Guid(id, 0, 0, new byte[8])],
    };

    private static List<string> Bytes(IEnumerable<IApiMessage> events) => events.Select(e => Convert.ToHexString(MetadataRecords.Encode(e))).ToList();
}
