using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using AkkaStream.Actors.Metadata.Commands;

namespace AkkaStream.Actors.Controller;

/// <content>Which brokers are there, and what is looked after from time to time.</content>
public sealed partial class ClusterControllerActor
{
    private readonly HashSet<int> fencing = [];
    private readonly List<ICancelable> clocks = [];

    private void BeginClocks()
    {
        var config = setup.Config(image);
        if (config.Boolean("auto.leader.rebalance.enable")) Every(TimeSpan.FromSeconds(config.Long("leader.imbalance.check.interval.seconds")), Balance.Instance);
        Every(TimeSpan.FromMilliseconds(config.Long("unclean.leader.election.interval.ms")), ElectOffline.Instance);
    }

    private void EndClocks()
    {
        foreach (var clock in clocks) clock.Cancel();
    }

    private void Every(TimeSpan interval, object what) => clocks.Add(Context.System.Scheduler.ScheduleTellRepeatedlyCancelable(interval, interval, Self, what, Self));

    private void BalanceLeaders()
    {
        var self = Self;
        // As many at a time as there may be: the rest at once behind what waits.
        Take(new Asked(new BalanceLeadersCommand(moved => { if (moved >= Limits.ElectionsPerBalance) self.Tell(Balance.Instance, ActorRefs.NoSender); }), null, null));
    }

    // A broker that the cluster removed, or cannot reach, leads nothing. One that is there all the same says so with its next heartbeat.
    private void FenceTheAbsent()
    {
        var state = cluster.State;
        if (cluster.IsTerminated || !state.Members.Any(m => m.UniqueAddress.Equals(cluster.SelfUniqueAddress))) return;
        var there = new HashSet<(string, int)>();
        foreach (var member in state.Members)
        {
            if (member.Status is not (MemberStatus.Down or MemberStatus.Removed) && !state.Unreachable.Contains(member)) there.Add((member.Address.Host ?? "", member.Address.Port ?? 0));
        }

        foreach (var broker in image.Brokers.Values)
        {
            if (broker.IsFenced || broker.AkkaHost is not { } host || there.Contains((host, broker.AkkaPort)) || !fencing.Add(broker.Id)) continue;
            log.Info("broker {0} is gone or cannot be reached: it is fenced", broker.Id);
            Take(new Asked(new FenceBrokerCommand(broker.Id, broker.Epoch, _ => fencing.Remove(broker.Id)), null, null));
        }
    }

    private sealed class Balance
    {
        public static readonly Balance Instance = new();
    }

    private sealed class ElectOffline
    {
        public static readonly ElectOffline Instance = new();
    }
}
