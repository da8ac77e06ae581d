using Akka.Actor;
using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Peers;

namespace AkkaStream.Tests.Actors.Peers;

/// <summary>A broker that is out of reach is known to be, unless it is this one that is cut off.</summary>
public sealed class ReachablePeersTests
{
    private readonly ReachablePeers peers = new();

    [Fact]
    public void One_that_cannot_be_reached_is_not_there_until_it_is_back()
    {
        Assert.True(peers.IsThere(Broker(2), 3));
        peers.Saw(Node(2), isThere: false);
        Assert.False(peers.IsThere(Broker(2), 3));
        Assert.True(peers.IsThere(Broker(3), 3));
        peers.Saw(Node(2), isThere: true);
        Assert.True(peers.IsThere(Broker(2), 3));
    }

    [Fact]
    public void One_that_reaches_hardly_anybody_says_nothing_of_others()
    {
        peers.Saw(Node(2), isThere: false);
        peers.Saw(Node(3), isThere: false);
        Assert.True(peers.IsThere(Broker(2), 3));
        Assert.False(peers.IsThere(Broker(2), 5));
    }

    [Fact]
    public void One_whose_connection_broke_is_not_there_until_there_is_one_again()
    {
        peers.SawConnection(Node(2), isThere: false);
        Assert.False(peers.IsThere(Broker(2), 3));
        peers.SawConnection(Node(2), isThere: true);
        Assert.True(peers.IsThere(Broker(2), 3));
    }

    [Fact]
    public void What_the_cluster_found_stays_when_a_connection_is_made()
    {
        peers.SawConnection(Node(2), isThere: false);
        peers.Saw(Node(2), isThere: false);
        peers.SawConnection(Node(2), isThere: true);
        Assert.False(peers.IsThere(Broker(2), 3));
        peers.Saw(Node(2), isThere: true);
        Assert.True(peers.IsThere(Broker(2), 3));
    }

    private static Address Node(int id) => new("akka.tcp", "akkastream", "10.0.0.1", 2000 + id);

    private static BrokerImage Broker(int id) => new(id, Guid.Empty, 1, null, [new BrokerEndpoint(BrokerImage.AkkaListener, "10.0.0.1", 2000 + id, 0)], false, false, []);
}
