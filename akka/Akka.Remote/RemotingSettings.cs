using System.Net;
using System.Security.Cryptography.X509Certificates;
using Akka.Configuration;
using Akka.Remote.Transport;
using Akka.Remote.Transport.DotNetty;

namespace Akka.Remote;

/// <summary>What remoting reads of the configuration.</summary>
internal sealed class RemotingSettings
{
    public RemotingSettings(Config config, DotNettySslSetup? ssl)
    {
        var remote = config.GetConfig("akka.remote");
        ControlQueueBytes = remote.GetByteSize("outbound-control-queue-size") ?? 0;
        BulkQueueBytes = remote.GetByteSize("outbound-bulk-queue-size") ?? 0;
        ControlSerializers = [.. remote.GetIntList("control-serializers")];
        ReusedBodies = [.. remote.GetIntList("reused-bodies")];
        SystemMessages = Math.Max(1, remote.GetInt("system-message-buffer-size"));
        FlushWait = remote.GetTimeSpan("flush-wait-on-shutdown", allowInfinite: false);
        BackoffMin = remote.GetTimeSpan("reconnect-backoff.min", allowInfinite: false);
        BackoffMax = remote.GetTimeSpan("reconnect-backoff.max", allowInfinite: false);
        WatchFailureDetector = remote.GetConfig("watch-failure-detector");
        var tcp = remote.GetConfig("dot-netty.tcp");
        BindHost = tcp.GetString("hostname", "")!;
        PublicHost = tcp.GetString("public-hostname", "")!;
        if (BindHost.Length == 0) BindHost = IPAddress.Any.ToString();
        if (PublicHost.Length == 0) PublicHost = BindHost is "0.0.0.0" or "::" ? Dns.GetHostName() : BindHost;
        Port = tcp.GetInt("port");
        PublicPort = tcp.GetInt("public-port");
        MaximumFrameBytes = (int)Math.Clamp(tcp.GetByteSize("maximum-frame-size") ?? 0, 32_000, 1 << 30);
        ConnectTimeout = tcp.GetTimeSpan("connection-timeout", allowInfinite: false);
        Transport = new TransportOptions(
            ConnectTimeout,
            (int)(tcp.GetByteSize("send-buffer-size") ?? 0),
            (int)(tcp.GetByteSize("receive-buffer-size") ?? 0),
            tcp.GetBoolean("enable-ssl") ? Tls(tcp.GetConfig("ssl"), ssl) : null);
    }

    /// <summary>Where it listens.</summary>
    public string BindHost { get; }

    /// <summary>Under which host others reach it.</summary>
    public string PublicHost { get; }

    /// <summary>0 for any free one.</summary>
    public int Port { get; }

    /// <summary>0 for the one it listens at.</summary>
    public int PublicPort { get; }

    /// <summary>The greatest message, paths and manifest included.</summary>
    public int MaximumFrameBytes { get; }

    public TimeSpan ConnectTimeout { get; }

    public TimeSpan FlushWait { get; }

    public TimeSpan BackoffMin { get; }

    public TimeSpan BackoffMax { get; }

    public long ControlQueueBytes { get; }

    public long BulkQueueBytes { get; }

    /// <summary>Identifiers of serialisers whose messages take the control lane.</summary>
    public HashSet<int> ControlSerializers { get; }

    /// <summary>Identifiers of serialisers that read from arrays of the shared pool, which may be longer than what was written.</summary>
    public HashSet<int> ReusedBodies { get; }

    public int SystemMessages { get; }

    public Config WatchFailureDetector { get; }

    public TransportOptions Transport { get; }

    private static TlsOptions Tls(Config config, DotNettySslSetup? setup)
    {
        if (setup is not null) return new TlsOptions(setup.Certificate, [], setup.SuppressValidation);
        var any = config.GetBoolean("suppress-validation");
        var certificate = config.GetConfig("certificate");
        if (!certificate.GetBoolean("use-thumbprint-over-file"))
        {
            var path = certificate.GetString("path", "")!;
            if (path.Length == 0) throw new ConfigurationException("akka.remote.dot-netty.tcp.ssl.certificate.path: enable-ssl needs a certificate");
            return TlsOptions.FromFile(path, certificate.GetString("password"), any);
        }

        var thumbprint = certificate.GetString("thumbprint", "")!;
        var location = certificate.GetString("store-location") is "local-machine" ? StoreLocation.LocalMachine : StoreLocation.CurrentUser;
        using var store = new X509Store(certificate.GetString("store-name", "My")!, location);
        store.Open(OpenFlags.ReadOnly);
        var found = store.Certificates.Find(X509FindType.FindByThumbprint, thumbprint, validOnly: !any);
        if (found.Count == 0) throw new ConfigurationException($"akka.remote.dot-netty.tcp.ssl.certificate.thumbprint: the store has no certificate '{thumbprint}'");
        return new TlsOptions(found[0], [], any);
    }
}
