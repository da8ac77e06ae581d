using System.Globalization;
using System.Net;
using System.Text;
using Akka.Hosting;
using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Controller;
using AkkaStream.Actors.Partitions.Replication;

namespace AkkaStream.Host.Cluster;

/// <summary>How a broker's actor system becomes a node of a cluster.</summary>
internal static class ClusterSystem
{
    /// <summary>The system's name: that of every broker.</summary>
    internal const string Name = "akkastream";

    /// <summary>
    /// HOCON of a broker that is alone: a cluster of one, which is asked nothing from outside unless <c>cluster.listener</c> says where. Nothing of it changes by itself, so that it need not look often.
    /// </summary>
    private const string OfOne = $$"""
        akka {
          actor.provider = cluster
          remote.dot-netty.tcp {
            hostname = 127.0.0.1
            port = 0
          }
          # Nobody takes over what it has.
          coordinated-shutdown.run-by-actor-system-terminate = off
          cluster {
            roles = [{{ClusterRoles.Broker}}, {{ClusterRoles.Controller}}]
            unreachable-nodes-reaper-interval = 60s
            gossip-interval = 60s
            sharding.rebalance-interval = 600s
          }
        }
        """;

    /// <summary>What clients that are actors say can be read from the first message on.</summary>
    private const string ForClients = """

        akka.actor.serializers.akkastream-sessions = "AkkaStream.Client.Actors.Sessions.SessionSerializer, AkkaStream.Client.Actors"
        akka.actor.serialization-identifiers."AkkaStream.Client.Actors.Sessions.SessionSerializer, AkkaStream.Client.Actors" = 7102
        # Who takes a piece of a request gives its array back: see Piece.
        akka.remote.reused-bodies = [1202, 7102]
        """;

    /// <summary>HOCON of a broker's process, alone or a member of a cluster.</summary>
    /// <param name="config">The broker's configuration.</param>
    internal static string HoconOf(BrokerConfig config)
    {
        if (ClusterConfig.Of(config) is { } cluster) return Hocon(cluster);
        return ClusterConfig.ListenerOfOne(config) is { } listener ? OfOne + ListeningAt(listener) : OfOne;
    }

    /// <summary>HOCON of a broker that is alone, in somebody else's process, and is reached by clients that are actors.</summary>
    /// <param name="listener">Where they reach it.</param>
    internal static string HoconOfEmbedded((string Host, int Port) listener) => "akka.actor.provider = remote" + ListeningAt(listener);

    /// <summary>HOCON of a node: where it listens, whom it asks for the cluster, what it is there.</summary>
    /// <param name="cluster">Its part in the cluster; null for a broker that is alone.</param>
    internal static string Hocon(ClusterConfig? cluster)
    {
        if (cluster is null) return OfOne;
        var text = new StringBuilder();
        var roles = cluster.IsVoter ? $"[{ClusterRoles.Broker}, {ClusterRoles.Controller}]" : $"[{ClusterRoles.Broker}]";
        var seeds = string.Join(", ", Seeds(cluster).Select(voter => AddressOf(voter.Host, voter.Port).ToHocon()));
        text.Append(CultureInfo.InvariantCulture, $$"""
            akka {
              actor {
                provider = cluster
                # From the first message on: a node hears of others before its own actors are there.
                serializers {
                  akkastream-peers = "AkkaStream.Actors.Peers.PeerSerializer, AkkaStream.Actors"
                  akkastream-controller = "AkkaStream.Actors.Controller.ControllerSerializer, AkkaStream.Actors"
                }
                serialization-identifiers {
                  "AkkaStream.Actors.Peers.PeerSerializer, AkkaStream.Actors" = 7101
                  "AkkaStream.Actors.Controller.ControllerSerializer, AkkaStream.Actors" = 8801
                }
              }
              remote.dot-netty.tcp {
                hostname = {{BindTo(cluster.Host).ToHocon()}}
                public-hostname = {{cluster.Host.ToHocon()}}
                port = {{cluster.Port}}
                maximum-frame-size = 17825792
              }
              cluster {
                seed-nodes = [{{seeds}}]
                roles = {{roles}}
                run-coordinated-shutdown-when-down = on
                # A silent broker is known to be so after 2.5 s, and given up within 3.5 s. One that was only slow loses nothing by it: the quorum's epochs and the leaders' fence it, and it starts again by itself.
                failure-detector {
                  heartbeat-interval = 500ms
                  acceptable-heartbeat-pause = 1500ms
                }
                split-brain-resolver {
                  stable-after = 700ms
                  crash-stable-after = 100ms
                }
                unreachable-nodes-reaper-interval = 100ms
                gossip-interval = 400ms
                leader-actions-interval = 200ms
              }
            }
            """);
        return text.Append('\n').Append(ReplicationSetup.Config).Append(ForClients).ToString();
    }

    /// <summary>A broker's address as actors know it.</summary>
    internal static string AddressOf(string host, int port) => string.Create(CultureInfo.InvariantCulture, $"akka.tcp://{Name}@{host}:{port}");

    private static string ListeningAt((string Host, int Port) listener) => string.Create(CultureInfo.InvariantCulture, $$"""

        akka.remote.dot-netty.tcp {
          hostname = {{BindTo(listener.Host).ToHocon()}}
          public-hostname = {{listener.Host.ToHocon()}}
          port = {{listener.Port}}
        }
        """) + ForClients;

    // The first seed may begin a cluster alone; every node has to name the same one first, or there would be two of them.
    private static IEnumerable<Voter> Seeds(ClusterConfig cluster) => cluster.Voters;

    // A name may stand for an address that this machine does not have itself, as behind a service: then it listens on all.
    private static string BindTo(string host) => IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address) ? host : "0.0.0.0";
}
