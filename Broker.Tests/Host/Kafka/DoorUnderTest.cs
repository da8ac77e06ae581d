using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AkkaStream.Actors.Requests;
using AkkaStream.Client.Protocol;
using AkkaStream.Host.Kafka;

namespace AkkaStream.Tests.Host.Kafka;

/// <summary>A door on a free port of the loopback, and a handler that does what the test says.</summary>
internal sealed class DoorUnderTest : IRequestHandler, IAsyncDisposable
{
    private readonly Action<RequestSlot> script;

    public DoorUnderTest(Action<RequestSlot>? script = null, Func<DoorOptions, DoorOptions>? change = null, X509Certificate2? certificate = null)
    {
        this.script = script ?? Answer;
        var options = new DoorOptions { Listeners = [new ListenerOptions("TEST", "127.0.0.1", 0, certificate is null ? null : new SslServerAuthenticationOptions { ServerCertificate = certificate })], Log = (_, line) => Lines.Enqueue(line), Threads = 2 };
        Door = KafkaDoor.Bind(change?.Invoke(options) ?? options);
        Door.Open(this, Versions);
    }

    public static AdvertisedVersions Versions { get; } = new(new Dictionary<ApiKey, (short, short)>
    {
        [ApiKey.Produce] = (0, 13),
        [ApiKey.Fetch] = (0, 18),
        [ApiKey.Metadata] = (0, 13),
        [ApiKey.ApiVersions] = (0, 4),
    });

    public KafkaDoor Door { get; }

    /// <summary>What was handed in, in order.</summary>
    public ConcurrentQueue<RequestSlot> Seen { get; } = new();

    /// <summary>What the door logged.</summary>
    public ConcurrentQueue<string> Lines { get; } = new();

    public IPEndPoint Address => Door.Bound[0];

    public static void Answer(RequestSlot slot) => slot.Complete(slot.Request switch
    {
        ApiVersionsRequest => new ApiVersionsResponse { ThrottleTimeMs = 7 },
        MetadataRequest => new MetadataResponse { ClusterId = "c" },
        ProduceRequest => new ProduceResponse(),
        FetchRequest => new FetchResponse(),
        _ => throw new InvalidOperationException($"no answer for {slot.Request}"),
    });

    public static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    public void Handle(RequestSlot slot)
    {
        Seen.Enqueue(slot);
        script(slot);
    }

    public RawClient Connect() => new(Address);

    public ValueTask DisposeAsync() => Door.DisposeAsync();
}
