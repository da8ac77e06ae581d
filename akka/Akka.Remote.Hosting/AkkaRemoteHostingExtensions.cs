using Akka.Actor;
using Akka.Hosting;
using Akka.Remote.Transport.DotNetty;

namespace Akka.Remote.Hosting;

/// <summary>Remoting for a system of the host.</summary>
public static class AkkaRemoteHostingExtensions
{
    /// <summary>Listens on a host and port, under a public name where one is given.</summary>
    public static AkkaConfigurationBuilder WithRemoting(this AkkaConfigurationBuilder builder, string? hostname = null, int? port = null, string? publicHostname = null, int? publicPort = null)
        => builder.WithRemoting(new RemoteOptions { HostName = hostname, Port = port, PublicHostName = publicHostname, PublicPort = publicPort });

    /// <summary>Listens as <paramref name="configure"/> says.</summary>
    public static AkkaConfigurationBuilder WithRemoting(this AkkaConfigurationBuilder builder, Action<RemoteOptions> configure)
    {
        var options = new RemoteOptions();
        configure(options);
        return builder.WithRemoting(options);
    }

    /// <summary>Listens as <paramref name="options"/> say.</summary>
    public static AkkaConfigurationBuilder WithRemoting(this AkkaConfigurationBuilder builder, RemoteOptions options)
    {
        builder.AddHocon(options.ToHocon(), HoconAddMode.Prepend);
        if (options.Ssl.X509Certificate is { } certificate) builder.AddSetup(new DotNettySslSetup(certificate, options.Ssl.SuppressValidation ?? false));

        // A member of a cluster has remoting already.
        if (!builder.ActorRefProvider.HasValue) builder.WithActorRefProvider(ProviderSelection.Remote.Instance);
        return builder;
    }
}
