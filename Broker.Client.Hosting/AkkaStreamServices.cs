using AkkaStream.Client.Configuration;
using AkkaStream.Client.Transport;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AkkaStream.Client.Hosting;

/// <summary>Adds clients to an application's services.</summary>
public static class AkkaStreamServices
{
    /// <summary>
    /// Adds a client. Without a name it is what <see cref="AkkaStreamClient"/> is resolved to; with one it is a keyed service, as are its producers and consumers. The configuration is
    /// checked when the host starts. Where <c>bootstrap.servers</c> are <c>akka.tcp://system@host:port</c>, brokers are reached over Akka.Remote by the application's actor system: that takes
    /// <c>AddAkkaStreamActors</c> of AkkaStream.Client.Actors.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configuration">The client's section, see <see cref="AkkaStreamOptions"/>; null where all is set by <paramref name="configure"/>.</param>
    /// <param name="name">The client's name; null for the one client without a name.</param>
    /// <param name="configure">Sets further keys.</param>
    /// <param name="transport">How brokers are reached; at <c>bootstrap.servers</c> where left out. For tests: <c>_ => broker.Transport</c> of an embedded broker.</param>
    /// <returns>What adds producers, consumers and handlers of this client.</returns>
    public static AkkaStreamBuilder AddAkkaStream(this IServiceCollection services, IConfiguration? configuration = null, string? name = null, Action<AkkaStreamOptions>? configure = null, Func<IServiceProvider, IBrokerTransport>? transport = null)
    {
        var options = services.AddOptions<AkkaStreamOptions>(name ?? Options.DefaultName);
        if (configuration is not null) options.Configure(o => o.Take(configuration));
        if (configure is not null) options.Configure(configure);
        options.ValidateOnStart();
        services.AddSingleton<IValidateOptions<AkkaStreamOptions>>(provider => new AkkaStreamValidation(name ?? Options.DefaultName, transport is null, provider.GetService<IServiceProviderIsService>()?.IsService(typeof(IActorTransportFactory)) != false));
        services.AddLogging();
        services.TryAddKeyedSingleton(name ?? Options.DefaultName, (provider, _) => Connect(provider, name ?? Options.DefaultName, transport));
        if (name is null) services.TryAddSingleton(provider => provider.GetRequiredKeyedService<NamedClient>(Options.DefaultName).Client);
        else services.TryAddKeyedSingleton(name, (provider, key) => provider.GetRequiredKeyedService<NamedClient>(key).Client);
        return new AkkaStreamBuilder(services, name);
    }

    private static NamedClient Connect(IServiceProvider provider, string name, Func<IServiceProvider, IBrokerTransport>? transport)
    {
        var settings = provider.GetRequiredService<IOptionsMonitor<AkkaStreamOptions>>().Get(name).Read();
        NamedClient? named = null;
        var way = transport?.Invoke(provider) ?? TransportOf(settings, provider, () => named?.FlushAsync() ?? Task.CompletedTask);
        return named = new NamedClient(settings, new AkkaStreamClient(way, settings.Cluster), provider.GetRequiredService<ILoggerFactory>());
    }

    private static IBrokerTransport TransportOf(ClientSettings settings, IServiceProvider provider, Func<Task> beforeEnd)
        => settings.BrokerSystem is null ? new WireTransport(settings.BootstrapServers, settings.Wire) : provider.GetRequiredService<IActorTransportFactory>().Create(settings, beforeEnd);
}
