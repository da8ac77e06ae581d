using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using AkkaStream.Actors.Configuration;
using ConfiguredListener = AkkaStream.Actors.Configuration.Listener;

namespace AkkaStream.Host.Kafka;

/// <summary>How a listener encrypts, from Kafka's keys <c>ssl.*</c>, each of which may be set for one listener (<c>listener.name.&lt;name&gt;.</c>).</summary>
internal static class TlsSettings
{
    /// <summary>Reads keys and certificates.</summary>
    /// <exception cref="ConfigException">A file or text cannot be read, or a form is not known; the message names the key and what to do.</exception>
    public static SslServerAuthenticationOptions Of(BrokerConfig config, ConfiguredListener listener)
    {
        var own = KeyPair(config, listener);
        var others = own.Where(certificate => !certificate.HasPrivateKey).ToArray();
        var certificate = own.FirstOrDefault(candidate => candidate.HasPrivateKey)
            ?? throw new ConfigException("ssl.keystore.location", $"listener {listener.Name}: the keystore holds no certificate with a private key");
        var auth = config.String(listener, "ssl.client.auth");
        return new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, [.. others], offline: true),
            EnabledSslProtocols = Protocols(config, listener),
            ClientCertificateRequired = auth is "required" or "requested",
            RemoteCertificateValidationCallback = Validation(auth, auth is "none" ? [] : Trusted(config, listener)),
        };
    }

    /// <summary>The principal that a client's certificate proves: its name in the form of RFC 2253.</summary>
    public static string Principal(X509Certificate2 certificate)
    {
        var name = new StringBuilder("User:");
        foreach (var part in certificate.SubjectName.EnumerateRelativeDistinguishedNames(reversed: true))
        {
            if (name.Length > "User:".Length) name.Append(',');
            name.Append(part.GetSingleElementType().FriendlyName ?? part.GetSingleElementType().Value).Append('=');
            foreach (var c in part.GetSingleElementValue() ?? "") name.Append(c is ',' or '+' or '"' or '\\' or '<' or '>' or ';' ? $"\\{c}" : $"{c}");
        }

        return name.ToString();
    }

    private static RemoteCertificateValidationCallback Validation(string? auth, X509Certificate2Collection trusted)
        => (_, certificate, _, _) => certificate is null ? auth != "required" : auth is not "none" && IsTrusted((X509Certificate2)certificate, trusted);

    private static bool IsTrusted(X509Certificate2 certificate, X509Certificate2Collection trusted)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(trusted);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }

    private static SslProtocols Protocols(BrokerConfig config, ConfiguredListener listener)
    {
        var allowed = SslProtocols.None;
        foreach (var name in (config.String(listener, "ssl.enabled.protocols") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            allowed |= name switch
            {
                "TLSv1.2" => SslProtocols.Tls12,
                "TLSv1.3" => SslProtocols.Tls13,
                _ => throw new ConfigException("ssl.enabled.protocols", $"ssl.enabled.protocols: '{name}' is not served, expected TLSv1.2 or TLSv1.3"),
            };
        }

        return allowed;
    }

    private static X509Certificate2Collection KeyPair(BrokerConfig config, ConfiguredListener listener)
    {
        var keyPassword = config.String(listener, "ssl.key.password");
        if (config.String(listener, "ssl.keystore.key") is { } key)
        {
            var chain = config.String(listener, "ssl.keystore.certificate.chain") ?? throw new ConfigException("ssl.keystore.certificate.chain", "ssl.keystore.key is given without ssl.keystore.certificate.chain");
            return Reading("ssl.keystore.key", "the given text", () => FromPem(chain, key, keyPassword));
        }

        var path = config.String(listener, "ssl.keystore.location")
            ?? throw new ConfigException("ssl.keystore.location", $"listener {listener.Name} speaks {listener.Protocol}, which needs a certificate: set ssl.keystore.location and ssl.keystore.type (PEM or PKCS12)");
        return config.String(listener, "ssl.keystore.type") is "PEM"
            ? Reading("ssl.keystore.location", path, () => FromPem(File.ReadAllText(path), File.ReadAllText(path), keyPassword))
            : Reading("ssl.keystore.location", path, () => X509CertificateLoader.LoadPkcs12CollectionFromFile(path, config.String(listener, "ssl.keystore.password")));
    }

    private static X509Certificate2Collection Trusted(BrokerConfig config, ConfiguredListener listener)
    {
        var trusted = new X509Certificate2Collection();
        if (config.String(listener, "ssl.truststore.certificates") is { } text) return Reading("ssl.truststore.certificates", "the given text", () => AddPem(trusted, text));
        var path = config.String(listener, "ssl.truststore.location")
            ?? throw new ConfigException("ssl.truststore.location", $"listener {listener.Name} asks clients for certificates (ssl.client.auth), but no ssl.truststore.location says whom to trust");
        return config.String(listener, "ssl.truststore.type") is "PEM"
            ? Reading("ssl.truststore.location", path, () => AddPem(trusted, File.ReadAllText(path)))
            : Reading("ssl.truststore.location", path, () => X509CertificateLoader.LoadPkcs12CollectionFromFile(path, config.String(listener, "ssl.truststore.password")));
    }

    private static X509Certificate2Collection FromPem(string chain, string key, string? password)
    {
        var all = AddPem([], chain);
        using var bare = all[0];
        all[0] = password is null ? X509Certificate2.CreateFromPem(chain, key) : X509Certificate2.CreateFromEncryptedPem(chain, key, password);
        return all;
    }

    private static X509Certificate2Collection AddPem(X509Certificate2Collection to, string text)
    {
        to.ImportFromPem(text);
        return to.Count > 0 ? to : throw new CryptographicException("it holds no certificate");
    }

    private static X509Certificate2Collection Reading(string key, string what, Func<X509Certificate2Collection> read)
    {
        try
        {
            return read();
        }
        catch (Exception failure) when (failure is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ConfigException(key, $"{key}: {what} cannot be read: {failure.Message} PEM and PKCS12 can be; a JKS file becomes one with `keytool -importkeystore -deststoretype PKCS12`, and its type and password must be given");
        }
    }
}
