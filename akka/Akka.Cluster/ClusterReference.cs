using Akka.Configuration;

namespace Akka.Cluster;

/// <summary>The cluster's defaults under Akka.NET's names, and a few of the engine's own.</summary>
internal static class ClusterReference
{
    public static Config Default { get; } = Config.Deferred(Text);

    private const string Text = """
        akka.cluster {
          seed-nodes = []
          seed-node-timeout = 5s
          retry-unsuccessful-join-after = 2s
          shutdown-after-unsuccessful-join-seed-nodes = off
          run-coordinated-shutdown-when-down = on
          roles = []
          app-version = "0.0.0"
          min-nr-of-members = 1
          role {}
          allow-weakly-up-members = 3s
          gossip-interval = 1s
          leader-actions-interval = 1s
          unreachable-nodes-reaper-interval = 200ms
          failure-detector {
            heartbeat-interval = 1s
            threshold = 8.0
            max-sample-size = 1000
            min-standard-deviation = 100ms
            acceptable-heartbeat-pause = 3s
            monitored-by-nr-of-members = 9
            expected-response-after = 1s
          }
          downing-provider-class = "Akka.Cluster.SBR.SplitBrainResolverProvider, Akka.Cluster"
          split-brain-resolver {
            active-strategy = keep-majority
            # How long nobody may appear or vanish before the unreachable side is judged.
            stable-after = 6s
            # The same where the machine of each unreachable member has said that its process is gone.
            crash-stable-after = 300ms
            keep-majority.role = ""
            static-quorum {
              quorum-size = 0
              role = ""
            }
            keep-oldest {
              down-if-alone = on
              role = ""
            }
          }
        }
        """;
}
