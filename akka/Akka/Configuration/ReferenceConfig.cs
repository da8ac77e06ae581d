namespace Akka.Configuration;

/// <summary>The engine's own defaults under Akka.NET's names: only what the engine reads. Parsed at its first use.</summary>
internal static class ReferenceConfig
{
    /// <summary>The defaults that every actor system falls back to.</summary>
    public static Config Default { get; } = Config.Deferred(Text);

    private const string Text = """
        akka {
          loggers = ["Akka.Event.DefaultLogger"]
          loggers-dispatcher = "akka.actor.default-dispatcher"
          logger-startup-timeout = 5s
          loglevel = INFO
          stdout-loglevel = WARNING
          log-config-on-start = off
          log-serializer-override-on-start = on
          log-dead-letters = 10
          log-dead-letters-during-shutdown = off
          log-dead-letters-suspend-duration = 5 minutes
          extensions = []

          actor {
            provider = local
            guardian-supervisor-strategy = "Akka.Actor.DefaultSupervisorStrategy"
            creation-timeout = 20s
            ask-timeout = infinite
            serialize-messages = off
            serialize-creators = off
            unstarted-push-timeout = 10s
            debug {
              receive = off
              autoreceive = off
              lifecycle = off
              fsm = off
              event-stream = off
              unhandled = off
              router-misconfiguration = off
            }
            default-dispatcher {
              type = Dispatcher
              throughput = 30
              throughput-deadline-time = 0ms
            }
            default-mailbox {
              mailbox-type = "Akka.Dispatch.UnboundedMailbox"
              mailbox-capacity = 1000
              mailbox-push-timeout-time = 10s
            }
            deployment {}
            router.type-mapping {}
            serializers {}
            serialization-bindings {}
            serialization-identifiers {}
          }

          coordinated-shutdown {
            default-phase-timeout = 5s
            terminate-actor-system = on
            exit-clr = off
            run-by-clr-shutdown-hook = on
            run-by-actor-system-terminate = on
            phases {
              before-service-unbind {}
              service-unbind { depends-on = [before-service-unbind] }
              service-requests-done { depends-on = [service-unbind] }
              service-stop { depends-on = [service-requests-done] }
              before-cluster-shutdown { depends-on = [service-stop] }
              cluster-sharding-shutdown-region {
                timeout = 10s
                depends-on = [before-cluster-shutdown]
              }
              cluster-leave { depends-on = [cluster-sharding-shutdown-region] }
              cluster-exiting {
                timeout = 10s
                depends-on = [cluster-leave]
              }
              cluster-exiting-done { depends-on = [cluster-exiting] }
              cluster-shutdown { depends-on = [cluster-exiting-done] }
              before-actor-system-terminate { depends-on = [cluster-shutdown] }
              actor-system-terminate {
                timeout = 10s
                depends-on = [before-actor-system-terminate]
              }
            }
          }
        }
        """;
}
