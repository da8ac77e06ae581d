using AkkaStream.Client.Configuration;

namespace AkkaStream.Client.Transport;

/// <summary>Makes the transport of a client whose <c>bootstrap.servers</c> are addresses of actors. A service of the application, which <c>AddAkkaStreamActors</c> of AkkaStream.Client.Actors adds.</summary>
public interface IActorTransportFactory
{
    /// <summary>A transport, which the client owns.</summary>
    /// <param name="settings">The client's settings; <see cref="ClientSettings.BrokerSystem"/> is set.</param>
    /// <param name="beforeEnd">Called before the actor system ends, while brokers can still be reached: sends what is unsent.</param>
    /// <exception cref="ArgumentException">The application's actor system cannot have it; the message says why.</exception>
    IBrokerTransport Create(ClientSettings settings, Func<Task> beforeEnd);
}
