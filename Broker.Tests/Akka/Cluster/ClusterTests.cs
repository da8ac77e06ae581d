using Akka.Actor;
using Akka.Cluster;
using AkkaStream.Tests.Akka.Remote;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Akka.Cluster;

/// <summary>Whole actor systems as a cluster, in one process.</summary>
public sealed class ClusterTests : RemoteFixture
{
    [Fact]
    public async Task Three_systems_form_a_cluster_hear_of_each_other_and_one_leaves()
    {
        var systems = StartThree();
        var clusters = systems.Select(global::Akka.Cluster.Cluster.Get).ToList();
        foreach (var cluster in clusters) cluster.JoinSeedNodes([AddressOf(systems[0]), AddressOf(systems[1])]);
        await Formed(clusters, 3);
        Assert.Equal(AddressOf(systems[0]), clusters[2].State.Leader);
        Assert.All(clusters, cluster => Assert.True(cluster.IsUp));
        Assert.Equal(AddressOf(systems[1]), clusters[0].State.RoleLeader("b"));

        var inlet = Inlet(systems[0]);
        clusters[0].Subscribe(inlet.Ref, typeof(ClusterEvent.IMemberEvent));
        Assert.Equal(3, Assert.IsType<ClusterEvent.CurrentClusterState>(await inlet.Next()).Members.Count);
        var removed = new TaskCompletionSource();
        clusters[2].RegisterOnMemberRemoved(removed.SetResult);
        await CoordinatedShutdown.Get(systems[2]).Run(CoordinatedShutdown.ClrExitReason.Instance).WaitAsync(Patience);
        await removed.Task.WaitAsync(Patience);
        Assert.IsType<ClusterEvent.MemberLeft>(await inlet.Next());
        Assert.IsType<ClusterEvent.MemberExited>(await inlet.Next());
        Assert.Equal(MemberStatus.Exiting, Assert.IsType<ClusterEvent.MemberRemoved>(await inlet.Next()).PreviousStatus);
        await Formed(clusters.Take(2), 2);
    }

    [Fact]
    public async Task The_end_of_a_member_is_the_end_of_its_actors_once_it_is_removed()
    {
        var systems = StartThree();
        var clusters = systems.Select(global::Akka.Cluster.Cluster.Get).ToList();
        foreach (var cluster in clusters) cluster.JoinSeedNodes([AddressOf(systems[0])]);
        await Formed(clusters, 3);
        var victim = Seen(Echo(systems[2], "victim"), systems[2], systems[0]);
        Assert.Equal("x", await victim.Ask<string>("x", Patience));
        var inlet = Inlet(systems[0]);
        await inlet.Watch(victim);
        Network.Kill(AddressOf(systems[2]).Host!, AddressOf(systems[2]).Port!.Value);
        Assert.True(Assert.IsType<Terminated>(await inlet.Next()).AddressTerminated);
        await Eventually.Holds(() => clusters[0].State.Members.Count == 2 && clusters[1].State.Members.Count == 2, "the crashed member is removed");
    }

    [Fact]
    public async Task A_member_that_is_given_up_shuts_down()
    {
        var systems = StartThree();
        var clusters = systems.Select(global::Akka.Cluster.Cluster.Get).ToList();
        foreach (var cluster in clusters) cluster.JoinSeedNodes([AddressOf(systems[0])]);
        await Formed(clusters, 3);
        clusters[0].Down(AddressOf(systems[1]));
        await systems[1].WhenTerminated.WaitAsync(Patience);
        await Formed([clusters[0], clusters[2]], 2);
    }

    [Fact]
    public void Subscriptions_are_for_cluster_events_and_the_provider_has_to_be_the_clusters()
    {
        var system = Start("a", provider: "cluster");
        Assert.Throws<ArgumentException>(() => global::Akka.Cluster.Cluster.Get(system).Subscribe(ActorRefs.Nobody, typeof(string)));
        Assert.Throws<global::Akka.Configuration.ConfigurationException>(() => global::Akka.Cluster.Cluster.Get(Start("b")));
    }

    private static Task Formed(IEnumerable<global::Akka.Cluster.Cluster> clusters, int size)
        => Eventually.Holds(() => clusters.All(cluster => cluster.State.Members.Count == size && cluster.State.Members.All(member => member.Status == MemberStatus.Up)), $"{size} members are up");

    private List<ActorSystem> StartThree() => [.. new[] { "a", "b", "c" }.Select(name => Start(name, $"akka.cluster.roles = [{name}]", provider: "cluster"))];
}
