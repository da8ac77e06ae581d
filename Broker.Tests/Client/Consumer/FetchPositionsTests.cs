using AkkaStream.Client.Cluster;
using AkkaStream.Client.Consumer;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Tests.Client.Consumer;

/// <summary>What is asked of which broker next.</summary>
public sealed class FetchPositionsTests
{
    private static readonly TopicPartition Zero = new("t", 0);
    private static readonly TopicPartition One = new("t", 1);
    private readonly FetchPositions positions = new(new FetchOptions { Rack = "b" });
    private readonly ClusterMetadata metadata = ClusterMetadata.Empty.With(new MetadataResponse
    {
        Brokers = [new() { NodeId = 1, Host = "a", Port = 1 }, new() { NodeId = 2, Host = "b", Port = 1 }],
        Topics =
        [
            new()
            {
                Name = "t",
                TopicId = new Guid(7, 0, 0, new byte[8]),
                Partitions = [new() { PartitionIndex = 0, LeaderId = 1, LeaderEpoch = 3, ReplicaNodes = [1, 2] }, new() { PartitionIndex = 1, LeaderId = 1, LeaderEpoch = 3, ReplicaNodes = [1, 2] }],
            },
        ],
    });

    public FetchPositionsTests()
    {
        positions.Seek(Zero, 10);
        positions.Seek(One, 20);
    }

    [Fact]
    public void A_nearer_replica_is_read_from_when_the_leader_names_it_and_left_when_it_errs_or_is_not_reached()
    {
        Assert.Equal("b", Fetch(1).RackId);
        Assert.True(positions.Take(Zero, new() { PreferredReadReplica = 2 }, out _));
        Assert.Equal([2, 1], positions.Due(metadata));
        Assert.Equal([0], Partitions(Fetch(2)));
        Assert.Equal([1], Partitions(Fetch(1)));
        Assert.True(positions.Take(Zero, new() { ErrorCode = ErrorCode.OffsetNotAvailable }, out _));
        Assert.Equal([0, 1], Partitions(Fetch(1)));
        Assert.True(positions.Take(Zero, new() { PreferredReadReplica = 2 }, out _));
        Assert.Equal([2, 1], positions.Due(metadata));
        positions.Lost(2);
        Assert.Equal([1], positions.Due(metadata));
    }

    [Fact]
    public void A_paused_partition_is_not_asked_for_and_what_comes_of_it_is_dropped()
    {
        Fetch(1);
        positions.Pause(Zero);
        Assert.False(positions.Take(Zero, new(), out _));
        Assert.True(positions.Take(One, new(), out var from));
        Assert.Equal(20, from);
        Assert.Equal([1], Partitions(Fetch(1)));
        positions.Pause(One);
        Assert.Empty(positions.Due(metadata));
        positions.Resume(Zero);
        Assert.Equal([0], Partitions(Fetch(1)));
        Assert.Equal(10, positions.Position(Zero));
    }

    [Fact]
    public void What_was_asked_before_a_seek_is_dropped()
    {
        Fetch(1);
        positions.Seek(Zero, 4);
        Assert.False(positions.Take(Zero, new(), out _));
        Assert.Equal(4, Fetch(1).Topics[0].Partitions[0].FetchOffset);
    }

    private FetchRequest Fetch(int broker)
    {
        var (request, _) = positions.Next(broker, metadata);
        positions.Ended(broker);
        return request;
    }

    private static List<int> Partitions(FetchRequest request) => [.. request.Topics.SelectMany(t => t.Partitions).Select(p => p.Partition)];
}
