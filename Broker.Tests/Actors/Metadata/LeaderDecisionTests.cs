using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Metadata.Commands;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Tests.Actors.Metadata;

/// <summary>Who leads, and who is in sync, when brokers come and go.</summary>
public sealed class LeaderDecisionTests
{
    private readonly ControllerHarness controller = new();

    [Fact]
    public void A_broker_is_fenced_until_it_has_its_own_registration()
    {
        var answer = controller.Ask<BrokerRegistrationResponse>(done => new RegisterBrokerCommand(ControllerHarness.Registration(1), done));
        Assert.Equal((ErrorCode.None, 0L), (answer.ErrorCode, answer.BrokerEpoch));
        Assert.True(controller.Image.Brokers[1].IsFenced);
        var early = controller.Ask<BrokerHeartbeatResponse>(done => new BrokerHeartbeatCommand(new() { BrokerId = 1, BrokerEpoch = 0, CurrentMetadataOffset = -1 }, done));
        Assert.True(early is { IsCaughtUp: false, IsFenced: true });
        Assert.True(controller.Beat(1) is { IsCaughtUp: true, IsFenced: false });
        Assert.True(controller.Image.Brokers[1].IsActive);
        controller.Beat(1);
        Assert.Empty(controller.Events);
        Assert.Equal(ErrorCode.StaleBrokerEpoch, controller.Ask<BrokerHeartbeatResponse>(done => new BrokerHeartbeatCommand(new() { BrokerId = 1, BrokerEpoch = 5 }, done)).ErrorCode);
        Assert.Equal(ErrorCode.StaleBrokerEpoch, controller.Ask<BrokerHeartbeatResponse>(done => new BrokerHeartbeatCommand(new() { BrokerId = 2, BrokerEpoch = 0 }, done)).ErrorCode);
    }

    [Fact]
    public void Registrations_that_cannot_be_are_refused()
    {
        controller.Start(1, 2);
        Assert.Equal(ErrorCode.InconsistentClusterId, Register(ControllerHarness.Registration(3) with { ClusterId = "other" }));
        Assert.Equal(ErrorCode.InvalidRegistration, Register(ControllerHarness.Registration(3) with { Listeners = [] }));
        // Another broker's disk.
        Assert.Equal(ErrorCode.InvalidRegistration, Register(ControllerHarness.Registration(3) with { LogDirs = [.. controller.Image.Brokers[2].LogDirs] }));
        // Somebody else under an id whose broker runs; from its own address it can only be its next life.
        var elsewhere = ControllerHarness.Registration(2, life: 1) with { Listeners = [new() { Name = BrokerImage.AkkaListener, Host = "h", Port = 1 }] };
        Assert.Equal(ErrorCode.DuplicateBrokerRegistration, Register(elsewhere));
        Assert.Equal(ErrorCode.None, Register(ControllerHarness.Registration(2, life: 1)));
        controller.Fence(2);
        Assert.Equal(ErrorCode.None, Register(elsewhere with { IncarnationId = Guid.NewGuid() }));

        // The same life again keeps its epoch and its state.
        controller.Beat(2);
        var epoch = controller.Image.Brokers[1].Epoch;
        Assert.Equal(ErrorCode.None, Register(ControllerHarness.Registration(1)));
        Assert.True(controller.Image.Brokers[1].IsActive && controller.Image.Brokers[1].Epoch == epoch);
    }

    [Fact]
    public void Leaders_of_a_fenced_broker_move_to_the_first_that_is_in_sync_and_alive()
    {
        controller.Start(1, 2, 3);
        controller.Topic("t", [1, 2, 3]);
        controller.Alter("t", 1, 3);
        controller.Fence(1);
        Is([3], leader: 3, leaderEpoch: 1);
        // The last one stays in sync, and nobody leads.
        controller.Fence(3);
        Is([3], leader: -1, leaderEpoch: 2);
        controller.Beat(1);
        Is([3], leader: -1, leaderEpoch: 2);
        controller.Beat(3);
        Is([3], leader: 3, leaderEpoch: 3);
        Assert.Equal(4, controller.Partition("t").PartitionEpoch);
    }

    [Fact]
    public void A_broker_that_shuts_down_hands_over_first_and_waits_until_the_others_know()
    {
        controller.Start(1, 2, 3);
        controller.Topic("t", [1, 2, 3]);
        controller.Topic("alone", [1]);
        controller.Beat(2);
        Assert.True(controller.Beat(1, wantShutDown: true) is { ShouldShutDown: false, IsFenced: false });
        Is([2, 3], leader: 2, leaderEpoch: 1);
        Assert.Equal([1], controller.Partition("alone").InSync);
        Assert.Equal(-1, controller.Partition("alone").Leader);
        // Brokers 2 and 3 have not said yet that they heard of it.
        Assert.False(controller.Beat(1, wantShutDown: true).ShouldShutDown);
        controller.Beat(2);
        Assert.False(controller.Beat(1, wantShutDown: true).ShouldShutDown);
        controller.Beat(3);
        Assert.True(controller.Beat(1, wantShutDown: true).ShouldShutDown);
        Assert.Empty(controller.Events);

        // It gets nothing while it goes; its next life knows the epoch of this one, and what it has counts.
        Assert.Equal(ErrorCode.IneligibleReplica, controller.Alter("t", 2, 3, 1).ErrorCode);
        controller.Start(1, previousEpoch: controller.Image.Brokers[1].Epoch, life: 1);
        Assert.Equal(1, controller.Partition("alone").Leader);
        Assert.Equal(ErrorCode.None, controller.Alter("t", 2, 3, 1).ErrorCode);
    }

    [Fact]
    public void A_broker_that_restarted_uncleanly_leaves_in_sync_sets_unless_it_is_the_last()
    {
        controller.Start(1, 2, 3);
        controller.Topic("t", [1, 2, 3]);
        controller.Topic("alone", [1]);
        // So fast that nobody saw it go.
        controller.Start(1, life: 1);
        Is([2, 3], leader: 2, leaderEpoch: 1);
        Assert.Equal((1, 2), (controller.Partition("alone").Leader, controller.Partition("alone").LeaderEpoch));
        Assert.Equal(ErrorCode.None, controller.Alter("t", 2, 3, 1).ErrorCode);
    }

    [Fact]
    public void A_broker_that_came_back_without_its_disk_does_not_lead_what_others_have_something_of()
    {
        controller.Start(1, 2);
        controller.Topic("t", [1, 2]);
        controller.Topic("alone", [1]);
        controller.Alter("t", 1);
        controller.Start(1, life: 1, disk: 1);
        Is([1], leader: -1, leaderEpoch: 1);
        Assert.Equal([1], controller.Partition("t").LastKnownElr);
        Assert.Equal(1, controller.Partition("alone").Leader);
        controller.Beat(1);
        controller.Beat(2);
        Is([1], leader: -1, leaderEpoch: 1);
        Assert.Equal(ErrorCode.PreferredLeaderNotAvailable, controller.Elect("t", 0));
        Assert.Equal(ErrorCode.None, controller.Elect("t", 1));
        Is([2], leader: 2, leaderEpoch: 2);
        Assert.Empty(controller.Partition("t").LastKnownElr);
    }

    [Fact]
    public void A_replica_whose_directory_is_gone_gives_way_and_leads_again_when_its_broker_came_back()
    {
        controller.Start(1, 2);
        controller.Topic("t", [1, 2]);
        controller.Topic("alone", [1]);
        Assert.Equal(ErrorCode.None, controller.Lose(1, "t"));
        Is([2], leader: 2, leaderEpoch: 1);
        Assert.Equal(ErrorCode.None, controller.Lose(1, "t"));
        Assert.Empty(controller.Events);
        Assert.Equal(ErrorCode.None, controller.Lose(1, "alone"));
        Assert.Equal(ErrorCode.NotLeaderOrFollower, controller.Lose(2, "alone"));
        // Nobody leads, however often it is looked at.
        controller.Run(new ElectOfflineLeadersCommand());
        Assert.Equal(-1, controller.Partition("alone").Leader);
        Assert.Equal([1], controller.Partition("alone").InSync);
        controller.Start(1, life: 1);
        Assert.Equal(1, controller.Partition("alone").Leader);
        Assert.Empty(controller.Partition("alone").LastKnownElr);
        controller.Lose(1, "alone");
        controller.Start(1, previousEpoch: controller.Image.Brokers[1].Epoch, life: 2);
        Assert.Equal(1, controller.Partition("alone").Leader);
    }

    [Fact]
    public void A_replica_without_room_leaves_where_another_can_go_on_and_comes_back()
    {
        controller.Start(1, 2, 3);
        controller.Topic("t", [("min.insync.replicas", "2")], [1, 2, 3]);
        Assert.Equal(ErrorCode.None, controller.Lose(3, "t", isWhole: true));
        Is([1, 2], leader: 1, leaderEpoch: 0);
        Assert.Equal(ErrorCode.None, controller.Lose(1, "t", isWhole: true));
        Is([2], leader: 2, leaderEpoch: 1);
        // It has all that was acknowledged, and the set is smaller than an acknowledgement needs.
        Assert.Equal([1], controller.Partition("t").Elr);
        Assert.Equal(ErrorCode.None, controller.Lose(2, "t", isWhole: true));
        Is([2], leader: 2, leaderEpoch: 1);
        Assert.Equal(ErrorCode.None, controller.Alter("t", 2, 3).ErrorCode);
        Is([2, 3], leader: 2, leaderEpoch: 1);
        controller.Fence(3);
        Is([2], leader: 2, leaderEpoch: 1);
    }

    [Fact]
    public void Who_left_below_the_least_number_in_sync_is_eligible_until_it_restarts_uncleanly()
    {
        controller.Start(1, 2, 3);
        controller.Topic("t", [("min.insync.replicas", "2")], [1, 2, 3]);
        controller.Fence(3);
        Is([1, 2], leader: 1, leaderEpoch: 0);
        Assert.Empty(controller.Partition("t").Elr);
        controller.Fence(2);
        Is([1], leader: 1, leaderEpoch: 0);
        Assert.Equal([2], controller.Partition("t").Elr);
        controller.Fence(1);
        Is([1], leader: -1, leaderEpoch: 1);
        controller.Beat(3);
        Is([1], leader: -1, leaderEpoch: 1);
        // Broker 2 has every record that was committed: nothing could be committed without it.
        controller.Beat(2);
        Is([2], leader: 2, leaderEpoch: 2);
        Assert.Equal([1], controller.Partition("t").Elr);
        controller.Start(1, life: 1);
        Assert.Equal([[], [1]], new[] { controller.Partition("t").Elr, controller.Partition("t").LastKnownElr });
        // Enough are in sync: nobody has to be remembered.
        controller.Alter("t", 2, 3);
        Assert.Equal([[], []], new[] { controller.Partition("t").Elr, controller.Partition("t").LastKnownElr });
    }

    [Fact]
    public void The_last_in_sync_that_restarted_uncleanly_gives_way_to_one_that_is_eligible()
    {
        controller.Start(1, 2);
        controller.Topic("t", [("min.insync.replicas", "2")], [1, 2]);
        controller.Fence(2);
        controller.Start(1, life: 1);
        Is([2], leader: -1, leaderEpoch: 1);
        Assert.Equal([[], [1]], new[] { controller.Partition("t").Elr, controller.Partition("t").LastKnownElr });
        controller.Beat(2);
        Is([2], leader: 2, leaderEpoch: 2);
    }

    [Fact]
    public void A_lower_least_number_in_sync_ends_who_is_eligible()
    {
        controller.Start(1, 2);
        controller.Topic("t", [("min.insync.replicas", "2")], [1, 2]);
        controller.Fence(2);
        Assert.Equal([2], controller.Partition("t").Elr);
        Configure("t", "min.insync.replicas", "1");
        Assert.Empty(controller.Partition("t").Elr);
    }

    [Fact]
    public void Where_it_is_allowed_one_that_is_not_in_sync_leads_when_no_other_can()
    {
        controller.Start(1, 2, 3);
        controller.Topic("t", [("unclean.leader.election.enable", "true")], [1, 2, 3]);
        controller.Topic("u", [1, 2, 3]);
        controller.Alter("t", 1);
        controller.Alter("u", 1);
        controller.Fence(1);
        Is([2], leader: 2, leaderEpoch: 1);
        Assert.Equal(-1, controller.Partition("u").Leader);
        // Allowed later: at once; or on demand.
        Configure("u", "unclean.leader.election.enable", "true");
        Assert.Equal(2, controller.Partition("u").Leader);
        Assert.Equal(ErrorCode.ElectionNotNeeded, controller.Elect("u", 1));
    }

    [Fact]
    public void Only_the_present_leader_changes_the_in_sync_set_and_only_with_brokers_that_are_there()
    {
        controller.Start(1, 2, 3);
        controller.Topic("t", [1, 2]);
        Assert.Equal(ErrorCode.NotController, Asked(1, 1, 0, 1));
        Assert.Equal(ErrorCode.NotController, Asked(1, 0, 1, 1));
        Assert.Equal(ErrorCode.InvalidRequest, Asked(2, 0, 0, 2));
        Assert.Equal(ErrorCode.InvalidRequest, Asked(1, 0, 0, 2));
        Assert.Equal(ErrorCode.InvalidRequest, Asked(1, 0, 0));
        Assert.Equal(ErrorCode.InvalidRequest, Asked(1, 0, 0, 1, 3));
        Assert.Equal(ErrorCode.InvalidRequest, Asked(1, 0, 0, 1, 2, 2));
        Assert.Equal(ErrorCode.None, Asked(1, 0, 0, 1));
        Assert.Equal(ErrorCode.InvalidUpdateVersion, Asked(1, 0, 0, 1, 2));
        // Broker 2 began another life, of which the leader does not know.
        var stale = new AlterPartitionRequest.PartitionData { PartitionEpoch = 1, NewIsrWithEpochs = [new() { BrokerId = 1 }, new() { BrokerId = 2, BrokerEpoch = controller.Image.Brokers[2].Epoch }] };
        controller.Start(2, life: 1);
        Assert.Equal(ErrorCode.IneligibleReplica, controller.Alter(1, stale, "t").ErrorCode);
        controller.Fence(2);
        Assert.Equal(ErrorCode.IneligibleReplica, Asked(1, 0, 1, 1, 2));
        controller.Beat(2);
        var plain = new AlterPartitionRequest.PartitionData { PartitionEpoch = 1, NewIsr = [1, 2] };
        Assert.Equal(ErrorCode.IneligibleReplica, controller.Alter(1, plain, "t").ErrorCode);
        Assert.Equal(ErrorCode.None, Asked(1, 0, 1, 1, 2));
        Assert.Equal(ErrorCode.None, controller.Alter(1, plain with { PartitionEpoch = 2 }, "t").ErrorCode);
        controller.Fence(1);
        controller.Beat(1);
        Assert.Equal(ErrorCode.FencedLeaderEpoch, Asked(1, 0, 2, 1, 2));
        var old = new AlterPartitionRequest { BrokerId = 1, BrokerEpoch = 77 };
        Assert.Equal(ErrorCode.StaleBrokerEpoch, controller.Ask<AlterPartitionResponse>(done => new AlterPartitionCommand(old, done)).ErrorCode);
    }

    [Fact]
    public void Preferred_leaders_get_their_partitions_back()
    {
        controller.Start(1, 2, 3);
        controller.Topic("t", [1, 2], [2, 1], [3, 1]);
        controller.Fence(1);
        controller.Beat(1);
        Assert.Equal([2, 2, 3], controller.Image.Topics["t"].Partitions.Select(p => p.Leader));
        Assert.Equal(0, Balance());
        controller.Alter("t", 2, 1);
        Assert.Equal(1, Balance());
        Assert.Equal([1, 2, 3], controller.Image.Topics["t"].Partitions.Select(p => p.Leader));
        Assert.Equal(ErrorCode.ElectionNotNeeded, controller.Elect("t", 0));
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, controller.Elect("nothing", 0));
    }

    [Fact]
    public void A_broker_is_forgotten_when_it_does_not_run()
    {
        controller.Start(1, 2);
        controller.Topic("t", [2, 1]);
        Assert.Equal(ErrorCode.InvalidRequest, Unregister(2));
        controller.Fence(2);
        Assert.Equal(ErrorCode.None, Unregister(2));
        Assert.Equal(ErrorCode.BrokerIdNotRegistered, Unregister(2));
        Assert.Equal([1], controller.Image.Brokers.Keys);
        Is([1], leader: 1, leaderEpoch: 1);
    }

    [Fact]
    public void Producer_ids_are_given_to_the_present_life_of_a_broker()
    {
        controller.Start(1, 2);
        Assert.Equal((0L, 1000), Block(1, controller.Image.Brokers[1].Epoch));
        Assert.Equal((1000L, 1000), Block(2, controller.Image.Brokers[2].Epoch));
        Assert.Equal((0L, 0), Block(2, 77));

        (long, int) Block(int broker, long epoch)
        {
            var answer = controller.Ask<AllocateProducerIdsResponse>(done => new AllocateProducerIdsCommand(new() { BrokerId = broker, BrokerEpoch = epoch }, done));
            return (answer.ProducerIdStart, answer.ProducerIdLen);
        }
    }

    [Fact]
    public void Leaders_stay_where_they_are_while_few_enough_are_away()
    {
        var some = new ControllerHarness(("leader.imbalance.per.broker.percentage", "50"));
        some.Start(1, 2);
        some.Topic("t", [1, 2], [1, 2], [2, 1]);
        var moved = -1;
        some.Fence(1);
        some.Beat(1);
        some.Alter("t", 2, 1);
        some.Run(new BalanceLeadersCommand(n => moved = n));
        Assert.Equal((1, 1), (moved, some.Partition("t").Leader));
        // The second one is in sync too now; one of two away is not more than half.
        var second = some.Image.Topics["t"].Partitions[1];
        some.Alter(2, new()
        {
            PartitionIndex = 1,
            LeaderEpoch = second.LeaderEpoch,
            PartitionEpoch = second.PartitionEpoch,
            NewIsrWithEpochs = [.. new[] { 2, 1 }.Select(b => new AlterPartitionRequest.BrokerState { BrokerId = b, BrokerEpoch = some.Image.Brokers[b].Epoch })],
        }, "t");
        some.Run(new BalanceLeadersCommand(n => moved = n));
        Assert.Equal((0, 2), (moved, some.Image.Topics["t"].Partitions[1].Leader));
    }

    private ErrorCode Register(BrokerRegistrationRequest request) => controller.Ask<BrokerRegistrationResponse>(done => new RegisterBrokerCommand(request, done)).ErrorCode;

    private ErrorCode Unregister(int id) => controller.Ask<UnregisterBrokerResponse>(done => new UnregisterBrokerCommand(new() { BrokerId = id }, done)).ErrorCode;

    private ErrorCode Asked(int broker, int leaderEpoch, int partitionEpoch, params int[] inSync)
        => controller.Alter(broker, new()
        {
            LeaderEpoch = leaderEpoch,
            PartitionEpoch = partitionEpoch,
            NewIsrWithEpochs = [.. inSync.Select(b => new AlterPartitionRequest.BrokerState { BrokerId = b, BrokerEpoch = controller.Image.Brokers[b].Epoch })],
        }, "t").ErrorCode;

    private int Balance()
    {
        var changed = -1;
        controller.Run(new BalanceLeadersCommand(n => changed = n));
        return changed;
    }

    private void Configure(string topic, string key, string value)
    {
        var request = new IncrementalAlterConfigsRequest { Resources = [new() { ResourceType = 2, ResourceName = topic, Configs = [new() { Name = key, Value = value }] }] };
        var answer = controller.Ask<IApiMessage>(done => new AlterConfigsCommand(request, done));
        Assert.Equal(ErrorCode.None, ((IncrementalAlterConfigsResponse)answer).Responses[0].ErrorCode);
    }

    private void Is(int[] inSync, int leader, int leaderEpoch)
    {
        var partition = controller.Partition("t");
        Assert.Equal(inSync, partition.InSync);
        Assert.Equal((leader, leaderEpoch), (partition.Leader, partition.LeaderEpoch));
    }
}
