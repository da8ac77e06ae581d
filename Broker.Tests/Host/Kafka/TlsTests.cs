using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Requests;
using AkkaStream.Client.Protocol;
using AkkaStream.Host.Kafka;

namespace AkkaStream.Tests.Host.Kafka;

/// <summary>TLS from Kafka's keys: both forms of keystores, clients that must prove who they are, and what is said when it cannot be.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("akkastream-tls").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("PEM")]
    [InlineData("PKCS12")]
    [InlineData("text")]
    public async Task A_listener_encrypts_with_the_keystore_it_is_given(string type)
    {
        using var certificate = DoorUnderTest.SelfSigned();
        await using var door = Open(Keystore(certificate, type), new DoorUnderTestHandler());
        using var client = new RawClient(door.Bound[0]);
        await client.Secure();
        client.Send(new MetadataRequest(), 9, 3);
        Assert.Equal(3, client.ReceiveId());
    }

    [Fact]
    public async Task A_client_proves_who_it_is_or_stays_out()
    {
        using var server = DoorUnderTest.SelfSigned();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var trusted = new CertificateRequest("CN=someone, O=\"Us, them\", C=DE", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var keys = Keystore(server, "PEM");
        keys["ssl.client.auth"] = "required";
        keys["ssl.truststore.type"] = "PEM";
        keys["ssl.truststore.location"] = Write("trust.pem", trusted.ExportCertificatePem());
        var handler = new DoorUnderTestHandler();
        await using var door = Open(keys, handler);
        Assert.Equal("User:CN=someone,O=Us\\, them,C=DE", await Connect(door, trusted, handler));
        Assert.Null(await Connect(door, server, handler));
        Assert.Null(await Connect(door, null, handler));
    }

    [Theory]
    [InlineData("JKS", "keytool")]
    [InlineData("PEM", "ssl.keystore.location")]
    public void A_keystore_that_cannot_be_read_is_named(string type, string expected)
    {
        var keys = new Dictionary<string, string>
        {
            ["listeners"] = "SSL://127.0.0.1:0",
            ["ssl.keystore.type"] = type,
            ["ssl.keystore.location"] = Write("bad", "nothing of this kind"),
        };
        var failure = Assert.Throws<ConfigException>(() => DoorOptions.Of(BrokerConfig.Create(keys), null));
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_listener_without_a_keystore_is_refused()
        => Assert.Equal("ssl.keystore.location", Assert.Throws<ConfigException>(() => DoorOptions.Of(BrokerConfig.Create(new Dictionary<string, string> { ["listeners"] = "SSL://:0" }), null)).Key);

    private static KafkaDoor Open(Dictionary<string, string> keys, IRequestHandler handler)
    {
        var door = KafkaDoor.Bind(DoorOptions.Of(BrokerConfig.Create(keys), null));
        door.Open(handler, DoorUnderTest.Versions);
        return door;
    }

    // The principal that the door saw, or null where it let the client not in.
    private static async Task<string?> Connect(KafkaDoor door, X509Certificate2? certificate, DoorUnderTestHandler handler)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(door.Bound[0]);
        using var stream = new SslStream(socket.GetStream(), false, (_, _, _, _) => true);
        try
        {
            await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", ClientCertificates = certificate is null ? [] : [certificate] });
            await stream.WriteAsync(RawClient.Frame(new MetadataRequest(), 9, 3));
            return await stream.ReadAtLeastAsync(new byte[4], 4, throwOnEndOfStream: false) == 4 ? handler.LastPrincipal : null;
        }
        catch (Exception failure) when (failure is IOException or AuthenticationException)
        {
            return null;
        }
    }

    private Dictionary<string, string> Keystore(X509Certificate2 certificate, string type)
    {
        var keys = new Dictionary<string, string> { ["listeners"] = "SSL://127.0.0.1:0" };
        using var key = certificate.GetECDsaPrivateKey()!;
        if (type == "text")
        {
            keys["ssl.keystore.type"] = "PEM";
            keys["ssl.keystore.key"] = key.ExportEncryptedPkcs8PrivateKeyPem("secret", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000));
            keys["ssl.key.password"] = "secret";
            keys["ssl.keystore.certificate.chain"] = certificate.ExportCertificatePem();
        }
        else
        {
            keys["ssl.keystore.type"] = type;
            keys["ssl.keystore.password"] = "secret";
            keys["ssl.keystore.location"] = type == "PEM"
                ? Write("key.pem", key.ExportPkcs8PrivateKeyPem() + "\n" + certificate.ExportCertificatePem())
                : Write("key.p12", certificate.Export(X509ContentType.Pkcs12, "secret"));
        }

        return keys;
    }

    private string Write(string name, string text) => Write(name, System.Text.Encoding.ASCII.GetBytes(text));

    private string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private sealed class DoorUnderTestHandler : IRequestHandler
    {
        public string? LastPrincipal { get; private set; }

        public void Handle(RequestSlot slot)
        {
            LastPrincipal = slot.Connection.Principal;
            DoorUnderTest.Answer(slot);
        }
    }
}
