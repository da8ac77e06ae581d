using System.Security.Cryptography.X509Certificates;
using System.Text;
using Akka.Hosting;

namespace Akka.Remote.Hosting;

/// <summary>Where a system listens and how others reach it. What is null stays as the configuration has it.</summary>
public sealed class RemoteOptions
{
    /// <summary>The host or address to listen on; all where it is empty.</summary>
    public string? HostName { get; set; }

    /// <summary>The port to listen on; 0 for any free one.</summary>
    public int? Port { get; set; }

    /// <summary>The host under which others reach this system.</summary>
    public string? PublicHostName { get; set; }

    /// <summary>The port under which others reach this system.</summary>
    public int? PublicPort { get; set; }

    /// <summary>The greatest message, in bytes, at least 32,000.</summary>
    public long? MaxFrameSize { get; set; }

    /// <summary>The size of sockets' send buffers, in bytes; the machine's choice where it is null.</summary>
    public long? SendBufferSize { get; set; }

    /// <summary>The size of sockets' receive buffers, in bytes; the machine's choice where it is null.</summary>
    public long? ReceiveBufferSize { get; set; }

    /// <summary>Whether connections are encrypted, with a certificate on both sides.</summary>
    public bool? EnableSsl { get; set; }

    /// <summary>The certificate.</summary>
    public SslOptions Ssl { get; set; } = new();

    /// <summary>How silent peers are noticed.</summary>
    public PhiAccrualFailureDetectorOptions? WatchFailureDetector { get; set; }

    internal string ToHocon()
    {
        var text = new StringBuilder("akka.remote.dot-netty.tcp {\n");
        Line(text, "hostname", HostName?.ToHocon());
        Line(text, "port", Port?.ToHocon());
        Line(text, "public-hostname", PublicHostName?.ToHocon());
        Line(text, "public-port", PublicPort?.ToHocon());
        Line(text, "maximum-frame-size", MaxFrameSize is { } frame ? frame.ToHocon() + "b" : null);
        Line(text, "send-buffer-size", SendBufferSize is { } send ? send.ToHocon() + "b" : null);
        Line(text, "receive-buffer-size", ReceiveBufferSize is { } receive ? receive.ToHocon() + "b" : null);
        Line(text, "enable-ssl", EnableSsl?.ToHocon());
        Ssl.Append(text);
        text.Append("}\n");
        if (WatchFailureDetector is not null) text.Append("akka.remote.watch-failure-detector {\n").Append(WatchFailureDetector.ToHocon()).Append("}\n");
        return text.ToString();
    }

    internal static void Line(StringBuilder text, string key, string? value)
    {
        if (value is not null) text.Append(key).Append(" = ").Append(value).Append('\n');
    }
}

/// <summary>The certificate that a system shows, and whether it looks at others'.</summary>
public sealed class SslOptions
{
    /// <summary>Whether any certificate of a peer is good; it must show one all the same.</summary>
    public bool? SuppressValidation { get; set; }

    /// <summary>The certificate itself, with its private key; before <see cref="CertificateOptions"/>.</summary>
    public X509Certificate2? X509Certificate { get; set; }

    /// <summary>Where the certificate is.</summary>
    public SslCertificateOptions CertificateOptions { get; set; } = new();

    internal void Append(StringBuilder text)
    {
        RemoteOptions.Line(text, "ssl.suppress-validation", SuppressValidation?.ToHocon());
        RemoteOptions.Line(text, "ssl.certificate.path", CertificateOptions.Path?.ToHocon());
        RemoteOptions.Line(text, "ssl.certificate.password", CertificateOptions.Password?.ToHocon());
        RemoteOptions.Line(text, "ssl.certificate.use-thumbprint-over-file", CertificateOptions.UseThumbprintOverFile?.ToHocon());
        RemoteOptions.Line(text, "ssl.certificate.thumbprint", CertificateOptions.Thumbprint?.ToHocon());
        RemoteOptions.Line(text, "ssl.certificate.store-name", CertificateOptions.StoreName?.ToHocon());
        RemoteOptions.Line(text, "ssl.certificate.store-location", CertificateOptions.StoreLocation?.ToHocon());
    }
}

/// <summary>Where a certificate is: in a PKCS#12 file, or in a store of the machine.</summary>
public sealed class SslCertificateOptions
{
    /// <summary>The file.</summary>
    public string? Path { get; set; }

    /// <summary>Its password.</summary>
    public string? Password { get; set; }

    /// <summary>Whether the store is asked, not the file.</summary>
    public bool? UseThumbprintOverFile { get; set; }

    /// <summary>The certificate's fingerprint.</summary>
    public string? Thumbprint { get; set; }

    /// <summary>The store's name.</summary>
    public string? StoreName { get; set; }

    /// <summary><c>local-machine</c> or <c>current-user</c>.</summary>
    public string? StoreLocation { get; set; }
}

/// <summary>A phi accrual failure detector. What is null stays as the configuration has it.</summary>
public sealed class PhiAccrualFailureDetectorOptions
{
    /// <summary>How often heartbeats are sent.</summary>
    public TimeSpan? HeartbeatInterval { get; set; }

    /// <summary>The suspicion from which a peer counts as gone.</summary>
    public double? Threshold { get; set; }

    /// <summary>How many intervals are remembered.</summary>
    public int? MaxSampleSize { get; set; }

    /// <summary>The least standard deviation that is assumed.</summary>
    public TimeSpan? MinStandardDeviation { get; set; }

    /// <summary>How long a pause is accepted.</summary>
    public TimeSpan? AcceptableHeartbeatPause { get; set; }

    /// <summary>How often silent peers are looked for.</summary>
    public TimeSpan? UnreachableNodesReaperInterval { get; set; }

    /// <summary>After what time a peer that never answered counts as having done so once.</summary>
    public TimeSpan? ExpectedResponseAfter { get; set; }

    /// <summary>The keys of a detector's configuration.</summary>
    public StringBuilder ToHocon()
    {
        var text = new StringBuilder();
        RemoteOptions.Line(text, "heartbeat-interval", HeartbeatInterval?.ToHocon());
        RemoteOptions.Line(text, "threshold", Threshold?.ToHocon());
        RemoteOptions.Line(text, "max-sample-size", MaxSampleSize?.ToHocon());
        RemoteOptions.Line(text, "min-standard-deviation", MinStandardDeviation?.ToHocon());
        RemoteOptions.Line(text, "acceptable-heartbeat-pause", AcceptableHeartbeatPause?.ToHocon());
        RemoteOptions.Line(text, "unreachable-nodes-reaper-interval", UnreachableNodesReaperInterval?.ToHocon());
        RemoteOptions.Line(text, "expected-response-after", ExpectedResponseAfter?.ToHocon());
        return text;
    }
}
