using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Metadata.Commands;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Tests.Actors.Metadata;

/// <summary>Where new replicas go, and how partitions move.</summary>
public sealed class PlacementTests
{
    private readonly ControllerHarness controller = new();

    [Theory]
    [InlineData(3, 1)]
    [InlineData(3, 2)]
    [InlineData(3, 3)]
    [InlineData(5, 3)]
    [InlineData(7, 2)]
    public void Leaders_replicas_and_who_follows_whom_are_spread(int brokers, int factor)
    {
        controller.Start([.. Enumerable.Range(1, brokers)]);
        for (var t = 0; t < 10; t++) Assert.Equal(ErrorCode.None, controller.Create($"t{t}", (brokers * 2) - 1 + t, (short)factor).ErrorCode);
        var partitions = controller.Image.Topics.Values.SelectMany(t => t.Partitions).ToList();
        Even(partitions.Select(p => p.Leader), brokers, 1);
        Even(partitions.SelectMany(p => p.Replicas), brokers, factor);
        Assert.All(partitions, p => Assert.True(p.Replicas.Distinct().Count() == factor && p.Replicas.SequenceEqual(p.InSync) && p.Leader == p.Replicas[0]));
        if (factor == 1) return;
        var pairs = partitions.CountBy(p => (p.Replicas[0], p.Replicas[1])).Select(p => p.Value).ToList();
        Assert.InRange(pairs.Count, brokers * (brokers - 1) * 3 / 4, brokers * (brokers - 1));
    }

    [Fact]
    public void No_rack_has_two_replicas_while_another_has_none()
    {
        for (var id = 1; id <= 6; id++) controller.Start(id, rack: $"r{id % 3}");
        controller.Create("t", 60, 3);
        controller.Create("u", 60, 2);
        var partitions = controller.Image.Topics.Values.SelectMany(t => t.Partitions).ToList();
        Assert.All(partitions, p => Assert.Equal(p.Replicas.Count, p.Replicas.Select(b => controller.Image.Brokers[b].Rack).Distinct().Count()));
        Even(partitions.Select(p => p.Leader), 6, 1);
        Even(partitions.SelectMany(p => p.Replicas), 6, 4);
    }

    [Fact]
    public void Fenced_brokers_lead_nothing_and_cordoned_ones_get_nothing()
    {
        controller.Start(1, 2, 3, 4);
        controller.Fence(3);
        controller.Create("t", 10, 2);
        Assert.DoesNotContain(3, controller.Image.Topics["t"].Partitions.SelectMany(p => p.Replicas));
        controller.Beat(4, cordoned: [.. controller.Image.Brokers[4].LogDirs]);
        // Only with broker 3 are there enough: it is given replicas, and is not in sync.
        controller.Create("u", 10, 3);
        Assert.All(controller.Image.Topics["u"].Partitions, p => Assert.True(p.Replicas.Order().SequenceEqual([1, 2, 3]) && p.InSync.Order().SequenceEqual([1, 2]) && p.Leader != 3));
        Assert.Equal(ErrorCode.InvalidReplicationFactor, controller.Create("v", 1, 4).ErrorCode);
        Assert.Equal(ErrorCode.InvalidReplicationFactor, controller.Create("v", 1, 5).ErrorCode);
        Assert.Equal(ErrorCode.InvalidReplicationFactor, controller.Create("v", 1, 0).ErrorCode);
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, Assigned("v", [4, 1]));
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, Assigned("v", [3]));
        Assert.Equal(ErrorCode.None, Assigned("v", [3, 2]));
        Assert.Equal((2, 0), (controller.Partition("v").Leader, controller.Partition("v").LeaderEpoch));
        controller.Fence(1);
        controller.Fence(2);
        controller.Beat(4, cordoned: []);
        controller.Fence(4);
        Assert.Equal(ErrorCode.InvalidReplicationFactor, controller.Create("w", 1, 1).ErrorCode);
    }

    [Fact]
    public void Assignments_by_hand_are_checked()
    {
        controller.Start(1, 2, 3);
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, Assigned("t", [1, 1]));
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, Assigned("t", [1, 9]));
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, Assigned("t", [1, -1]));
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, Assigned("t", (int[])[]));
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, Assigned("t", [1, 2], [1]));
        Assert.Equal(ErrorCode.None, Assigned("t", [3, 1], [1, 2]));
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, More("t", 3, [2]));
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, More("t", 3, [2, 3], [2, 3]));
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, More("t", 3, [2, 9]));
        Assert.Equal(ErrorCode.None, More("t", 3, [2, 3]));
        Assert.Equal(ErrorCode.None, More("t", 6));
        Assert.Equal([3, 1, 2, 1, 2, 3], controller.Image.Topics["t"].Partitions.Select(p => p.Leader));
        Assert.All(controller.Image.Topics["t"].Partitions, p => Assert.Equal(2, p.Replicas.Count));
    }

    [Fact]
    public void Topics_of_the_clusters_own_wait_for_their_replicas()
    {
        controller.Start(1, 2);
        controller.Run(new InternalTopicCommand(TopicNames.ConsumerOffsets, () => { }));
        Assert.Empty(controller.Image.Topics);
        controller.Start(3);
        controller.Run(new InternalTopicCommand(TopicNames.ConsumerOffsets, () => { }));
        Assert.All(controller.Image.Topics[TopicNames.ConsumerOffsets].Partitions, p => Assert.Equal(3, p.Replicas.Count));
    }

    [Fact]
    public void A_partition_moves_when_those_that_are_added_are_in_sync()
    {
        controller.Start(1, 2, 3);
        controller.Topic("t", [1]);
        Assert.Equal(ErrorCode.None, controller.Reassign("t", [3]));
        Moves([3, 1], [3], [1]);
        Assert.Equal(1, controller.Partition("t").Leader);
        Assert.Equal(ErrorCode.None, controller.Reassign("t", [2]));
        Moves([2, 1, 3], [2], [1, 3]);
        Assert.Equal(ErrorCode.None, controller.Reassign("t", [1, 2]));
        Moves([1, 2, 3], [2], [3]);
        Assert.Equal(ErrorCode.None, controller.Reassign("t", [2]));
        Moves([2, 1, 3], [2], [1, 3]);
        // The leader learns that it is none any more, and the new one begins an epoch.
        Assert.Equal(ErrorCode.NewLeaderElected, controller.Alter("t", 1, 2).ErrorCode);
        var partition = controller.Partition("t");
        Assert.Equal((2, 1), (partition.Leader, partition.LeaderEpoch));
        Assert.Equal([[2], [2]], new[] { partition.Replicas, partition.InSync });
        Assert.Empty(controller.Moving().Topics);
        Assert.Equal(ErrorCode.NoReassignmentInProgress, controller.Reassign("t", null));
    }

    [Fact]
    public void A_move_back_is_done_at_once_and_a_move_can_be_stopped()
    {
        controller.Start(1, 2, 3);
        controller.Topic("t", [1, 2]);
        controller.Reassign("t", [1, 3]);
        Moves([1, 3, 2], [3], [2]);
        Assert.Equal(ErrorCode.None, controller.Reassign("t", [1, 2]));
        Assert.Empty(controller.Moving().Topics);
        Assert.Equal([1, 2], controller.Partition("t").Replicas);
        controller.Reassign("t", [3]);
        controller.Alter("t", 1);
        Assert.Equal(ErrorCode.None, controller.Reassign("t", null));
        Assert.Equal([[1, 2], [1]], new[] { controller.Partition("t").Replicas.Order().ToArray(), [.. controller.Partition("t").InSync] });
    }

    [Fact]
    public void Another_order_and_fewer_replicas_are_done_at_once()
    {
        controller.Start(1, 2, 3);
        controller.Topic("t", [1, 2, 3]);
        controller.Reassign("t", [2, 3, 1]);
        Assert.Equal((1, 0, 1), (controller.Partition("t").Leader, controller.Partition("t").LeaderEpoch, controller.Partition("t").PartitionEpoch));
        Assert.Equal([2, 3, 1], controller.Partition("t").Replicas);
        controller.Reassign("t", [2, 3, 1]);
        Assert.Empty(controller.Events);
        Assert.Equal(ErrorCode.InvalidReplicationFactor, controller.Reassign("t", [2, 3], allowFactor: false));
        // The leader stays and begins an epoch, so that the one that goes is refused.
        Assert.Equal(ErrorCode.None, controller.Reassign("t", [1, 3]));
        Assert.Equal((1, 1), (controller.Partition("t").Leader, controller.Partition("t").LeaderEpoch));
        Assert.Equal(ErrorCode.None, controller.Reassign("t", [3]));
        Assert.Equal((3, 2), (controller.Partition("t").Leader, controller.Partition("t").LeaderEpoch));
        Assert.Equal([3], controller.Partition("t").InSync);
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, controller.Reassign("t", []));
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, controller.Reassign("t", [1, 9]));
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, controller.Reassign("t", [1], partition: 4));
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, controller.Reassign("u", [1]));
    }

    [Fact]
    public void A_move_waits_for_one_that_can_lead()
    {
        controller.Start(1, 2);
        controller.Topic("t", [1, 2]);
        controller.Fence(2);
        controller.Reassign("t", [2]);
        Moves([2, 1], [], [1]);
        Assert.Equal(1, controller.Partition("t").Leader);
        controller.Beat(2);
        Assert.Equal(ErrorCode.NewLeaderElected, controller.Alter("t", 1, 2).ErrorCode);
        Assert.Equal(2, controller.Partition("t").Leader);
    }

    [Fact]
    public void A_move_cannot_be_stopped_where_none_of_the_old_is_in_sync()
    {
        controller.Start(1, 2, 3);
        controller.Topic("t", [1]);
        controller.Reassign("t", [2, 3]);
        controller.Alter("t", 1, 2);
        controller.Fence(1);
        Assert.Equal([2], controller.Partition("t").InSync);
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, controller.Reassign("t", null));
    }

    [Fact]
    public void A_broker_is_left_with_nothing()
    {
        for (var id = 1; id <= 4; id++) controller.Start(id, rack: $"r{id % 2}");
        controller.Create("t", 20, 2);
        controller.Topic("all", [1, 2, 3, 4]);
        controller.Topic("moving", [1, 2]);
        controller.Reassign("moving", [3, 4]);
        var stuck = new List<(string, int)>();
        var plan = Decommission.Plan(controller.Context, 4, stuck);
        Assert.Equal([("all", 0)], stuck);
        var answer = controller.Ask<AlterPartitionReassignmentsResponse>(done => new ReassignPartitionsCommand(plan, done));
        Assert.All(answer.Responses.SelectMany(r => r.Partitions), p => Assert.Equal(ErrorCode.None, p.ErrorCode));
        var partitions = controller.Image.Topics["t"].Partitions.Select(p => p.Replicas.Where(r => !p.Removing.Contains(r)).ToList()).ToList();
        Assert.All(partitions, replicas => Assert.True(replicas.Count == 2 && !replicas.Contains(4) && replicas.Sum(r => r % 2) == 1));
        Assert.DoesNotContain(4, controller.Partition("moving").Replicas.Where(r => !controller.Partition("moving").Removing.Contains(r)));
    }

    private static void Even(IEnumerable<int> brokers, int count, int slack)
    {
        var counts = brokers.CountBy(b => b).Select(c => c.Value).ToList();
        Assert.Equal(count, counts.Count);
        Assert.InRange(counts.Max() - counts.Min(), 0, slack);
    }

    private ErrorCode Assigned(string name, params int[][] partitions) => controller.Create(new CreateTopicsRequest.CreatableTopic
    {
        Name = name,
        NumPartitions = -1,
        ReplicationFactor = -1,
        Assignments = [.. partitions.Select((p, i) => new CreateTopicsRequest.CreatableReplicaAssignment { PartitionIndex = i, BrokerIds = [.. p] })],
    }).ErrorCode;

    private ErrorCode More(string name, int count, params int[][] assignments) => controller.Ask<CreatePartitionsResponse>(done => new CreatePartitionsCommand(new()
    {
        Topics = [new() { Name = name, Count = count, Assignments = assignments.Length == 0 ? null : [.. assignments.Select(a => new CreatePartitionsRequest.CreatePartitionsAssignment { BrokerIds = [.. a] })] }],
    }, done)).Results[0].ErrorCode;

    private void Moves(int[] replicas, int[] adding, int[] removing)
    {
        var moving = controller.Moving().Topics[0].Partitions[0];
        Assert.Equal([replicas, adding, removing], new[] { moving.Replicas.ToArray(), [.. moving.AddingReplicas], [.. moving.RemovingReplicas] });
    }
}
