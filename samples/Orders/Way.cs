using Akka.Actor;
using AkkaStream.Client;
using AkkaStream.Client.Actors;

namespace AkkaStream.Samples.Orders;

/// <summary>A client, and the actor system that it goes through where it is to reach brokers actor to actor.</summary>
/// <param name="client">The client.</param>
/// <param name="system">Its actor system, or null.</param>
internal sealed class Way(AkkaStreamClient client, ActorSystem? system = null) : IAsyncDisposable
{
    /// <summary>The client.</summary>
    public AkkaStreamClient Client { get; } = client;

    /// <summary>The way to brokers.</summary>
    /// <param name="brokers">Some of them: <c>host:port</c>, or <c>akka.tcp://akkastream@host:port</c>, separated by commas.</param>
    /// <param name="me">The name by which brokers reach this machine; 127.0.0.1 where it is null.</param>
    /// <exception cref="FormatException">These are no addresses.</exception>
    public static Way To(string brokers, string? me = null)
    {
        if (!brokers.StartsWith("akka.tcp://", StringComparison.Ordinal)) return new Way(AkkaStreamClient.Connect(brokers));
        var system = ActorSystem.Create("orders", $$"""
            akka {
              loglevel = WARNING
              stdout-loglevel = WARNING
              actor.provider = remote
              remote {
                reused-bodies = [7102]
                dot-netty.tcp {
                  hostname = "{{me ?? "127.0.0.1"}}"
                  port = 0
                }
              }
            }
            """);
        return new Way(system.ConnectAkkaStream(brokers), system);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        if (system is not null) await system.Terminate();
    }
}
