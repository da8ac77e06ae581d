using Akka.Configuration;

namespace Akka.Remote;

/// <summary>Remoting's defaults under Akka.NET's names, and a few of the engine's own.</summary>
internal static class RemoteReference
{
    public static Config Default { get; } = Config.Deferred(Text);

    private const string Text = """
        akka.remote {
          # What one lane to one peer holds while the peer is slow or away. Beyond it, messages are dropped, and said so.
          outbound-control-queue-size = 16 MiB
          outbound-bulk-queue-size = 64 MiB
          # Identifiers of serialisers whose messages take the control lane: small ones, that nothing is to wait behind. Between the two lanes there is no order.
          control-serializers = []
          # Identifiers of serialisers that read messages from arrays longer than what was written, and whose receivers return the arrays to the shared ArrayPool: no memory is touched for the first time.
          reused-bodies = []
          # Watches and notifications of death that a peer has not acknowledged. Beyond it, the peer is quarantined.
          system-message-buffer-size = 20000
          flush-wait-on-shutdown = 2s
          reconnect-backoff {
            min = 20ms
            max = 1s
          }
          watch-failure-detector {
            heartbeat-interval = 1s
            threshold = 10.0
            max-sample-size = 200
            min-standard-deviation = 100ms
            acceptable-heartbeat-pause = 10s
            unreachable-nodes-reaper-interval = 1s
            expected-response-after = 1s
          }
          dot-netty.tcp {
            hostname = ""
            public-hostname = ""
            port = 2552
            public-port = 0
            maximum-frame-size = 128000b
            send-buffer-size = 0b
            receive-buffer-size = 0b
            connection-timeout = 15s
            enable-ssl = off
            ssl {
              suppress-validation = off
              certificate {
                path = ""
                password = ""
                use-thumbprint-over-file = off
                thumbprint = ""
                store-name = "My"
                store-location = "current-user"
              }
            }
          }
        }
        """;
}
