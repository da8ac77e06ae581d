using System.Runtime.Serialization;
using Akka.Cluster;
using Akka.Cluster.Gossiping;
using Akka.Cluster.SBR;
using Akka.Configuration;
using Akka.Remote.Wire;

namespace AkkaStream.Tests.Akka.Cluster;

/// <summary>Membership by gossip, on virtual time: forming, leaving, crashing, parting.</summary>
public sealed class MembershipTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(10)]
    public void A_cluster_is_formed_within_a_second(int size)
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var cluster = new VirtualCluster(seed);
            for (var i = 1; i <= size; i++) cluster.Start(i, 1, 2, 3);

            // Some seeds of the list may not be there: their machines say so.
            cluster.RunUntil(() => cluster.AllAgree(), size < 3 ? 6 * Second : Second, "all agree");
            Assert.Equal(Enumerable.Range(1, size), Sorted(cluster).Select(member => member.UpNumber).Order());
        }
    }

    [Fact]
    public void An_idle_cluster_wakes_up_for_its_heartbeats_and_one_that_lacks_an_answer_more_often()
    {
        var cluster = new VirtualCluster(1);
        var nodes = Enumerable.Range(1, 3).Select(port => cluster.Start(port, 1)).ToList();
        Assert.Equal(50, Milliseconds(nodes[0]));
        cluster.RunUntil(cluster.AllAgree, TimeSpan.FromSeconds(20), "all agree");
        cluster.Run(TimeSpan.FromSeconds(5));
        Assert.All(nodes, node => Assert.InRange(LongestPause(node), 800, 1000));
        cluster.Crash(nodes[2], told: false);
        cluster.Run(TimeSpan.FromSeconds(2.2));
        Assert.All(nodes.Take(2), node => Assert.Equal((250, true), (Milliseconds(node), node.Core.IsCalm)));
        cluster.RunUntil(() => !nodes[0].Core.IsCalm, TimeSpan.FromSeconds(5), "it is missed");
        Assert.Equal(50, Milliseconds(nodes[0]));

        int Milliseconds(VirtualCluster.Node node) => (int)node.Core.Pause(cluster.Now).TotalMilliseconds;

        int LongestPause(VirtualCluster.Node node)
        {
            var longest = 0;
            for (var i = 0; i < 120; i++)
            {
                cluster.Run(TimeSpan.FromMilliseconds(10));
                longest = Math.Max(longest, Milliseconds(node));
            }

            return longest;
        }
    }

    [Fact]
    public void One_that_leaves_goes_through_all_stages_and_its_place_is_free_again()
    {
        var cluster = Formed(3);
        var leaver = cluster.Nodes[2];
        leaver.Core.Leave(leaver.Address, cluster.Now);
        cluster.RunUntil(() => leaver.Core.Me?.Status == MemberStatus.Exiting, Second, "exiting");
        Assert.Equal(3, cluster.Nodes[0].Core.Gossip.Members.Count);
        leaver.Core.ConfirmExit(cluster.Now);
        cluster.RunUntil(() => cluster.Nodes.Take(2).All(node => node.Core.Gossip.Members.Count == 2), Second, "removed");
        var seen = cluster.Nodes[0].Events.OfType<ClusterEvent.IMemberEvent>().Where(e => e.Member.UniqueAddress.Equals(leaver.Core.Self)).Select(e => e.GetType().Name).ToList();
        Assert.Equal(["MemberJoined", "MemberUp", "MemberLeft", "MemberExited", "MemberRemoved"], seen);
        leaver.IsAlive = false;
        cluster.Start(3, 1, 2, 3);
        cluster.RunUntil(() => cluster.AllAgree(), 3 * Second, "the next incarnation is a member");
    }

    [Fact]
    public void The_first_node_may_leave_and_the_last_one_too()
    {
        var cluster = Formed(2);
        foreach (var leaver in cluster.Nodes)
        {
            leaver.Core.Leave(leaver.Address, cluster.Now);
            cluster.RunUntil(() => leaver.Core.Me?.Status == MemberStatus.Exiting, Second, "exiting");
            leaver.Core.ConfirmExit(cluster.Now);
            leaver.IsAlive = false;
            cluster.RunUntil(() => cluster.AllAgree(), Second, "removed");
        }
    }

    [Fact]
    public void A_leader_that_is_gone_as_soon_as_it_exits_has_left_and_not_crashed()
    {
        var cluster = Formed(2);
        var leaver = cluster.Nodes[0];
        leaver.Core.Leave(leaver.Address, cluster.Now);
        cluster.RunUntil(() => leaver.Core.Me?.Status == MemberStatus.Exiting, Second, "exiting");
        leaver.Core.ConfirmExit(cluster.Now);
        cluster.Crash(leaver, told: true);
        cluster.RunUntil(() => cluster.AllAgree(), Second, "the other one goes on alone");
        Assert.Contains(cluster.Nodes[1].Events, e => e is ClusterEvent.MemberRemoved { PreviousStatus: MemberStatus.Exiting });
    }

    [Fact]
    public void A_leader_whose_last_word_is_lost_has_left_all_the_same()
    {
        var cluster = Formed(2);
        var (leaver, other) = (cluster.Nodes[0], cluster.Nodes[1]);
        leaver.Core.Leave(leaver.Address, cluster.Now);
        cluster.RunUntil(() => other.Core.Gossip.Members[leaver.Core.Self].Status == MemberStatus.Leaving, Second, "the other one knows that it leaves");
        cluster.Crash(leaver, told: true);
        cluster.RunUntil(() => cluster.AllAgree(), Second, "the other one goes on alone");
        Assert.False(other.WasDowned);
    }

    [Fact]
    public void A_broken_link_between_two_who_reach_all_others_costs_one_of_them_his_place()
    {
        foreach (var oneWay in new[] { false, true })
        {
            var cluster = Formed(5);
            var (a, b) = (cluster.Nodes[1], cluster.Nodes[3]);
            cluster.CutOneWay(a, b);
            if (!oneWay) cluster.CutOneWay(b, a);
            cluster.RunUntil(() => cluster.Alive.Count() == 4 && cluster.AllAgree(), 25 * Second, "all others are the cluster");
            Assert.True(b.WasDowned);
        }
    }

    [Fact]
    public void A_first_seed_that_comes_back_cut_off_begins_a_cluster_and_ends_it_when_it_sees_the_other_one()
    {
        var cluster = Formed(4);
        cluster.Crash(cluster.Nodes[0], told: true);
        cluster.RunUntil(() => cluster.AllAgree(), 2 * Second, "the others go on");
        var others = cluster.Alive.ToList();
        var back = cluster.Start(1, 1, 2);
        cluster.Partition([back], others);
        cluster.RunUntil(() => back.Core.IsMember, 10 * Second, "it begins a cluster");
        cluster.Heal();
        cluster.RunUntil(() => back.WasDowned, 15 * Second, "it ends it");
        Assert.All(others, node => Assert.True(node.IsAlive && node.Core.Gossip.Members.Count == 3));
        cluster.Start(1, 1, 2);
        cluster.RunUntil(() => cluster.AllAgree(), 5 * Second, "it joins the others");
    }

    [Fact]
    public void Of_two_clusters_that_find_each_other_when_nobody_is_left_who_began_them_the_smaller_one_ends()
    {
        var cluster = new VirtualCluster(1);
        List<VirtualCluster.Node> small = [cluster.Start(1, 1, 4, 2, 3), cluster.Start(4, 1, 4, 2, 3), cluster.Start(6, 1, 4, 2, 3)];
        List<VirtualCluster.Node> great = [cluster.Start(2, 2, 3, 1, 4), cluster.Start(3, 2, 3, 1, 4), cluster.Start(5, 2, 3, 1, 4), cluster.Start(7, 2, 3, 1, 4)];
        cluster.Partition(small, great);
        Replace(small, 1, 4, 2, 3);
        Replace(great, 2, 3, 1, 4);
        cluster.Heal();
        cluster.RunUntil(() => small.TrueForAll(node => node.WasDowned), 15 * Second, "the smaller one ends");
        Assert.All(great, node => Assert.True(node.IsAlive && node.Core.Gossip.Members.Count == 4));
        foreach (var port in new[] { 1, 4, 6 }) cluster.Start(port, 1, 4, 2, 3);
        cluster.RunUntil(() => cluster.AllAgree(), 10 * Second, "its nodes join the other one");

        // The first one, which began its cluster alone, comes back by the others.
        void Replace(List<VirtualCluster.Node> nodes, params int[] seeds)
        {
            cluster.RunUntil(() => nodes.TrueForAll(node => node.Core.Gossip.Members.Count == nodes.Count), 20 * Second, "they are a cluster");
            cluster.Crash(nodes[0], told: true);
            cluster.RunUntil(() => nodes[1].Core.Gossip.Members.Count == nodes.Count - 1, 5 * Second, "the first one is removed");
            nodes[0] = cluster.Start(seeds[0], seeds);
            cluster.RunUntil(() => nodes.TrueForAll(node => node.Core.Gossip.Members.Count == nodes.Count), 10 * Second, "it is back");
        }
    }

    [Fact]
    public void A_crash_that_the_machine_tells_of_is_over_within_a_second_and_one_that_nobody_tells_of_after_the_resolvers_time()
    {
        var cluster = Formed(3);
        cluster.Crash(cluster.Nodes[0], told: true);
        cluster.RunUntil(() => cluster.AllAgree(), Second, "the crashed node is removed");
        cluster = Formed(3);
        cluster.Crash(cluster.Nodes[0], told: false);
        cluster.Run(10 * Second);
        Assert.False(cluster.AllAgree());
        cluster.RunUntil(() => cluster.AllAgree(), 8 * Second, "the silent node is removed");
        Assert.Contains(cluster.Nodes[1].Events, e => e is ClusterEvent.MemberRemoved { PreviousStatus: MemberStatus.Down });
    }

    [Fact]
    public void Of_two_sides_the_greater_goes_on_and_the_smaller_ends()
    {
        for (var seed = 0; seed < 4; seed++)
        {
            var cluster = Formed(5, seed);
            cluster.Partition(cluster.Nodes.Take(2), cluster.Nodes.Skip(2));
            cluster.RunUntil(() => cluster.Alive.Count() == 3 && cluster.AllAgree(), 25 * Second, "the greater side is the cluster");
            Assert.All(cluster.Nodes.Take(2), node => Assert.True(node.WasDowned));
        }
    }

    [Fact]
    public void A_short_partition_costs_nobody_his_place()
    {
        var cluster = Formed(5);
        cluster.Partition(cluster.Nodes.Take(2), cluster.Nodes.Skip(2));
        cluster.Run(8 * Second);
        Assert.Contains(cluster.Nodes[0].Events, e => e is ClusterEvent.UnreachableMember);
        cluster.Heal();
        cluster.RunUntil(() => cluster.AllAgree(), 5 * Second, "all are together again");
        Assert.Equal(5, cluster.Alive.Count());
        Assert.Contains(cluster.Nodes[0].Events, e => e is ClusterEvent.ReachableMember);
    }

    [Fact]
    public void Who_stood_still_does_not_say_that_the_others_are_gone()
    {
        for (var seed = 0; seed < 4; seed++)
        {
            var cluster = Formed(3, seed);
            cluster.Nodes[2].PausedUntil = cluster.Now + (8 * Second);
            cluster.Run(15 * Second);
            Assert.True(cluster.AllAgree(), cluster.Describe());
            foreach (var node in cluster.Nodes.Take(2))
            {
                Assert.All(node.Events.OfType<ClusterEvent.UnreachableMember>(), e => Assert.Equal(cluster.Nodes[2].Address, e.Member.Address));
                Assert.Contains(node.Events, e => e is ClusterEvent.UnreachableMember);
            }
        }
    }

    [Fact]
    public void A_restarted_node_takes_the_place_of_its_former_incarnation()
    {
        var cluster = Formed(3);
        cluster.Crash(cluster.Nodes[1], told: false);
        cluster.Start(2, 1, 2, 3);
        cluster.RunUntil(() => cluster.AllAgree(), 5 * Second, "the new incarnation is a member");
    }

    [Fact]
    public void Who_cannot_be_agreed_upon_is_weakly_up()
    {
        var cluster = Formed(3);
        cluster.Crash(cluster.Nodes[2], told: false);
        cluster.Run(6 * Second);
        var late = cluster.Start(4, 1);
        cluster.RunUntil(() => late.Core.Me?.Status == MemberStatus.WeaklyUp, 5 * Second, "weakly up");
        cluster.RunUntil(() => cluster.AllAgree(), 20 * Second, "up once the silent one is removed");
    }

    [Fact]
    public void None_comes_up_before_there_are_enough()
    {
        var cluster = new VirtualCluster(1, "akka.cluster.min-nr-of-members = 3");
        cluster.Start(1, 1);
        cluster.Start(2, 1);
        cluster.Run(5 * Second);
        Assert.All(cluster.Nodes, node => Assert.Equal(MemberStatus.Joining, node.Core.Me!.Status));
        cluster.Start(3, 1);
        cluster.RunUntil(() => cluster.AllAgree(), Second, "up");
    }

    [Fact]
    public void Without_a_cluster_to_be_found_a_node_ends_where_it_is_told_to()
    {
        var cluster = new VirtualCluster(1, "akka.cluster.shutdown-after-unsuccessful-join-seed-nodes = 3s");
        var lonely = cluster.Start(2, 1);
        cluster.Run(2 * Second);
        Assert.True(lonely.IsAlive);
        cluster.Run(2 * Second);
        Assert.False(lonely.IsAlive);
    }

    /// <summary>Nodes crash, leave, return and are cut off for a while; then all is healed, and all have to agree. <c>AKKASTREAM_NIGHTLY=1</c>: 1,000 seeds.</summary>
    [Fact]
    public void Whatever_happens_in_the_end_all_agree()
    {
        var seeds = Environment.GetEnvironmentVariable("AKKASTREAM_NIGHTLY") == "1" ? 1000 : 8;
        for (var seed = 0; seed < seeds; seed++) Churn(seed);
    }

    private static void Churn(int seed)
    {
        var dice = new Random(seed);
        var cluster = Formed(10, seed);
        for (var step = 0; step < 12; step++)
        {
            var alive = cluster.Alive.ToList();
            var victim = alive[dice.Next(alive.Count)];
            switch (dice.Next(4))
            {
                case 0 when alive.Count > 7:
                    cluster.Crash(victim, dice.Next(2) == 0);
                    break;
                case 1 when alive.Count > 7:
                    victim.Core.Leave(victim.Address, cluster.Now);
                    cluster.Run(Second / 2);
                    victim.Core.ConfirmExit(cluster.Now);
                    victim.IsAlive = false;
                    break;
                case 2 when alive.Count < 10:
                    var free = Enumerable.Range(1, 10).First(port => alive.All(node => node.Address.Port != port));
                    cluster.Start(free, [.. alive.Select(node => node.Address.Port!.Value)]);
                    break;
                default:
                    cluster.Partition([victim], alive.Where(node => node != victim));
                    cluster.Run(TimeSpan.FromSeconds(dice.Next(1, 12)));
                    cluster.Heal();
                    break;
            }

            cluster.Run(TimeSpan.FromMilliseconds(dice.Next(10, 3000)));
        }

        cluster.Heal();
        cluster.RunUntil(() => cluster.AllAgree(), 60 * Second, "all agree in the end");
    }

    [Theory]
    [InlineData("keep-majority", "", "1 2 3 | 4 5", DowningVerdict.DownUnreachable)]
    [InlineData("keep-majority", "", "4 5 | 1 2 3", DowningVerdict.DownReachable)]
    [InlineData("keep-majority", "", "1 4 | 2 3", DowningVerdict.DownUnreachable)]
    [InlineData("keep-majority", "", "2 3 | 1 4", DowningVerdict.DownReachable)]
    [InlineData("keep-majority", "", "1 2 |", DowningVerdict.None)]
    [InlineData("static-quorum", "static-quorum.quorum-size = 3", "1 2 3 | 4 5", DowningVerdict.DownUnreachable)]
    [InlineData("static-quorum", "static-quorum.quorum-size = 3", "1 2 | 3 4 5", DowningVerdict.DownReachable)]
    [InlineData("static-quorum", "static-quorum.quorum-size = 2", "1 2 | 3 4", DowningVerdict.DownAll)]
    [InlineData("keep-oldest", "", "1 2 | 3 4 5", DowningVerdict.DownUnreachable)]
    [InlineData("keep-oldest", "", "3 4 5 | 1 2", DowningVerdict.DownReachable)]
    [InlineData("keep-oldest", "", "1 | 2 3", DowningVerdict.DownReachable)]
    [InlineData("keep-oldest", "", "2 3 | 1", DowningVerdict.DownUnreachable)]
    [InlineData("keep-oldest", "keep-oldest.down-if-alone = off", "1 | 2 3", DowningVerdict.DownUnreachable)]
    [InlineData("down-all", "", "1 2 3 | 4", DowningVerdict.DownAll)]
    // Who was given up, and may not know it, counts for the others: on their side 5 is up, and they go on.
    [InlineData("keep-majority", "", "1 4 | 2 3 - 5", DowningVerdict.DownReachable)]
    [InlineData("keep-majority", "", "1 2 3 | 4 - 5", DowningVerdict.DownUnreachable)]
    [InlineData("keep-majority", "", "1 2 | - 3 4 5", DowningVerdict.None)]
    [InlineData("static-quorum", "static-quorum.quorum-size = 2", "1 2 | 3 - 4", DowningVerdict.DownAll)]
    [InlineData("keep-oldest", "", "2 3 | 4 - 1", DowningVerdict.DownReachable)]
    public void Each_strategy_comes_to_its_verdict(string strategy, string config, string sides, object verdict)
    {
        var settings = new DowningSettings(ConfigurationFactory.ParseString($"active-strategy = {strategy}\n{config}")
            .WithFallback(ClusterReference.Default.GetConfig("akka.cluster.split-brain-resolver")));
        var parts = sides.Split('|', '-');
        var (here, there, givenUp) = (Ports(parts[0]), Ports(parts[1]), Ports(parts.ElementAtOrDefault(2) ?? ""));
        var gossip = Gossip.Empty;
        foreach (var port in here.Concat(there)) gossip = gossip.With(Member(port));
        foreach (var port in givenUp) gossip = gossip.With(Member(port).Copy(MemberStatus.Down));
        var self = Member(here[0]).UniqueAddress;
        foreach (var port in there) gossip = gossip with { Reachability = gossip.Reachability.Set(self, Member(port).UniqueAddress, Finding.Silent) };
        gossip = gossip with { Seen = [.. here.Select(port => Member(port).UniqueAddress)] };
        Assert.Equal(verdict, DowningDecision.Decide(settings, PartitionView.Of(gossip, self, strict: true)));
    }

    [Fact]
    public void Unknown_strategies_and_a_quorum_without_size_are_refused()
    {
        foreach (var text in new[] { "active-strategy = coin-toss", "active-strategy = static-quorum" })
        {
            Assert.Throws<ConfigurationException>(() => new DowningSettings(ConfigurationFactory.ParseString(text).WithFallback(ClusterReference.Default.GetConfig("akka.cluster.split-brain-resolver"))));
        }
    }

    [Fact]
    public void Versions_know_which_came_first()
    {
        var (a, b) = (Member(1).UniqueAddress, Member(2).UniqueAddress);
        var one = VectorClock.Zero.Increment(a);
        var two = one.Increment(b);
        Assert.Equal(ClockOrder.Before, one.CompareTo(two));
        Assert.Equal(ClockOrder.After, two.CompareTo(one));
        Assert.Equal(ClockOrder.Same, one.CompareTo(one));
        var other = one.Increment(a);
        Assert.Equal(ClockOrder.Concurrent, two.CompareTo(other));
        Assert.Equal(ClockOrder.After, two.Merge(other).CompareTo(other));
        Assert.Equal(ClockOrder.Same, two.Prune(b).CompareTo(one));
    }

    [Fact]
    public void A_state_comes_back_from_its_bytes_and_damaged_bytes_are_refused()
    {
        var cluster = Formed(4);
        cluster.Crash(cluster.Nodes[3], told: true);
        cluster.Run(TimeSpan.FromMilliseconds(50));
        var gossip = cluster.Nodes[0].Core.Gossip;
        var writer = new WireWriter();
        GossipFormat.Write(writer, gossip);
        var bytes = writer.ToArray();
        var read = Read(bytes);
        Assert.Equal(ClockOrder.Same, read.CompareTo(gossip));
        Assert.Equal(gossip.Members.Values.Select(m => m.ToString()), read.Members.Values.Select(m => m.ToString()));
        Assert.Equal(gossip.Seen.Order(), read.Seen.Order());
        Assert.All(gossip.Members.Keys, node => Assert.Equal(gossip.IsReachable(node), read.IsReachable(node)));
        for (var length = 0; length < bytes.Length; length++) Assert.Throws<SerializationException>(() => Read(bytes[..length]));
        var dice = new Random(3);
        for (var i = 0; i < 5000; i++)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[dice.Next(damaged.Length)] ^= (byte)dice.Next(1, 256);
            try
            {
                Read(damaged);
            }
            catch (SerializationException e)
            {
                Assert.NotEmpty(e.Message);
            }
        }
    }

    private static Gossip Read(byte[] bytes)
    {
        var reader = new WireReader(bytes);
        var gossip = GossipFormat.Read(ref reader);
        reader.End();
        return gossip;
    }

    private static VirtualCluster Formed(int size, int seed = 1)
    {
        var cluster = new VirtualCluster(seed);
        for (var i = 1; i <= size; i++) cluster.Start(i, 1, 2);
        cluster.RunUntil(() => cluster.AllAgree(), 6 * Second, "the cluster is formed");
        return cluster;
    }

    private static List<Member> Sorted(VirtualCluster cluster) => [.. cluster.Nodes[0].Core.Gossip.Members.Values];

    private static List<int> Ports(string side) => [.. side.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];

    private static Member Member(int port) => new(new UniqueAddress(VirtualCluster.At(port), port), port, MemberStatus.Up, [], global::Akka.Util.AppVersion.Zero);
}
