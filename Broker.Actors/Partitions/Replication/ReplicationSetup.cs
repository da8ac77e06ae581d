namespace AkkaStream.Actors.Partitions.Replication;

/// <summary>What the actor system of a cluster's broker needs to know for replication.</summary>
public static class ReplicationSetup
{
    private const string Here = "AkkaStream.Actors.Partitions.Replication";

    /// <summary>
    /// Configuration for the actor system (HOCON): the messages' serialisers, and which of them travel on the control lane. Not in it: <c>akka.remote.dot-netty.tcp.maximum-frame-size</c>, which has to
    /// exceed the largest batch that a topic takes, and <see cref="Limits.ReplicaChunkBytes"/>.
    /// </summary>
    public const string Config = $$"""
        akka.actor {
          serializers {
            replication = "{{Here}}.ReplicationSerializer, AkkaStream.Actors"
            replica-data = "{{Here}}.ReplicaDataSerializer, AkkaStream.Actors"
          }
          serialization-bindings {
            "{{Here}}.Subscribe, AkkaStream.Actors" = replication
            "{{Here}}.Replicated, AkkaStream.Actors" = replication
            "{{Here}}.SubscribeAgain, AkkaStream.Actors" = replication
            "{{Here}}.LeaderState, AkkaStream.Actors" = replication
            "{{Here}}.Diverged, AkkaStream.Actors" = replication
            "{{Here}}.OutOfRange, AkkaStream.Actors" = replication
            "{{Here}}.SubscribeRefused, AkkaStream.Actors" = replication
            "{{Here}}.ReplicaData, AkkaStream.Actors" = replica-data
          }
          serialization-identifiers {
            "{{Here}}.ReplicationSerializer, AkkaStream.Actors" = 1201
            "{{Here}}.ReplicaDataSerializer, AkkaStream.Actors" = 1202
          }
        }
        akka.remote.control-serializers = [1201]
        # A follower gives the arrays back: see ReplicaData.Recycle.
        akka.remote.reused-bodies = [1202]
        """;
}
