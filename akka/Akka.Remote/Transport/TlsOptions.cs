using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Akka.Remote.Transport;

/// <summary>
/// TLS where both sides show a certificate. A peer's is trusted when the machine trusts it, when it is this node's own, or when this node's was issued by the same
/// authority that came with it in the same file. Host names take no part: nodes of a cluster come and go under any.
/// </summary>
internal sealed class TlsOptions
{
    private readonly X509Certificate2 _own;
    private readonly X509Certificate2Collection _chain;
    private readonly SslStreamCertificateContext _context;
    private readonly bool _acceptsAny;

    public TlsOptions(X509Certificate2 own, X509Certificate2Collection chain, bool acceptsAny)
    {
        if (!own.HasPrivateKey) throw new Configuration.ConfigurationException($"akka.remote.dot-netty.tcp.ssl: the certificate {own.Subject} comes without its private key");
        _own = own;
        _chain = chain;
        _acceptsAny = acceptsAny;
        _context = SslStreamCertificateContext.Create(own, chain, offline: true);
    }

    /// <summary>The certificate of a PKCS#12 file, and the authorities beside it.</summary>
    public static TlsOptions FromFile(string path, string? password, bool acceptsAny)
    {
        var all = X509CertificateLoader.LoadPkcs12CollectionFromFile(path, password);
        var own = all.FirstOrDefault(certificate => certificate.HasPrivateKey)
            ?? throw new Configuration.ConfigurationException($"akka.remote.dot-netty.tcp.ssl.certificate.path: no certificate of '{path}' has a private key");
        return new TlsOptions(own, new X509Certificate2Collection(all.Where(certificate => !ReferenceEquals(certificate, own)).ToArray()), acceptsAny);
    }

    public SslServerAuthenticationOptions Server() => new()
    {
        ServerCertificateContext = _context,
        ClientCertificateRequired = true,
        RemoteCertificateValidationCallback = (_, certificate, _, _) => Trusts(certificate),
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
    };

    public SslClientAuthenticationOptions Client(string host) => new()
    {
        TargetHost = host,
        ClientCertificateContext = _context,
        RemoteCertificateValidationCallback = (_, certificate, _, _) => Trusts(certificate),
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
    };

    private bool Trusts(X509Certificate? shown)
    {
        if (shown is null) return false;
        if (_acceptsAny) return true;
        using var peer = X509CertificateLoader.LoadCertificate(shown.GetRawCertData());
        if (peer.RawDataMemory.Span.SequenceEqual(_own.RawDataMemory.Span)) return true;
        return Builds(peer, X509ChainTrustMode.System) || (_chain.Count > 0 && Builds(peer, X509ChainTrustMode.CustomRootTrust));
    }

    private bool Builds(X509Certificate2 peer, X509ChainTrustMode mode)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = mode;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        if (mode == X509ChainTrustMode.CustomRootTrust) chain.ChainPolicy.CustomTrustStore.AddRange(_chain);
        return chain.Build(peer);
    }
}
