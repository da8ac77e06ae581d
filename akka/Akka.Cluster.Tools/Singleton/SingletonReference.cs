using Akka.Actor;
using Akka.Configuration;

namespace Akka.Cluster.Tools.Singleton;

/// <summary>The singleton's defaults under Akka.NET's names, and what it adds to a system.</summary>
internal static class SingletonReference
{
    public static Config Default { get; } = Config.Deferred(Text);

    private const string Text = """
        akka.cluster {
          singleton {
            singleton-name = "singleton"
            role = ""
            hand-over-retry-interval = 1s
            consider-app-version = off
          }
          singleton-proxy {
            singleton-name = "singleton"
            role = ""
            singleton-identification-interval = 1s
            buffer-size = 1000
            consider-app-version = off
          }
        }
        """;

    private static readonly Lock Adding = new();

    /// <summary>Adds defaults and serialiser to a system; as often as one likes.</summary>
    public static void AddTo(ActorSystem system)
    {
        // Whoever comes second finds the serialiser there too.
        lock (Adding)
        {
            if (!system.Settings.TryInjectTopLevelFallback(Default)) return;
            var serializer = new SingletonMessageSerializer((ExtendedActorSystem)system);
            system.Serialization.AddSerializer("akka-singleton", serializer);
            system.Serialization.AddSerializationMap(typeof(SingletonMessage), serializer);
        }
    }
}
