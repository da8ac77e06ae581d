using AkkaStream.Tests.Support;
using Xunit.Abstractions;

namespace AkkaStream.Tests.Client.Protocol;

/// <summary>A broker meets the bad frames as Kafka does.</summary>
public sealed class MalformedBrokerTests(ITestOutputHelper output)
{
    // Kafka neither answers a produce without records nor closes the connection: it hangs there for good. We close.
    private static readonly string[] KafkaHangs = ["produce/records-null-v9", "produce/records-null-v3", "produce/records-minus-2-v3"];

    // Groups are not served yet, so there is no coordinator to be found.
    private static readonly string[] Groups = ["trailing/FindCoordinator-v6-plus-4", "value/FindCoordinator-v6-empty-group"];

    [Fact]
    public async Task A_broker_does_what_Kafka_did()
    {
        await using var broker = new BrokerUnderTest();
        var differences = await new MalformedRunner("127.0.0.1", broker.Port).Run(MalformedFrame.All);
        foreach (var id in KafkaHangs) Assert.Contains($"{id}: expected Silence, found Close", differences);
        differences.RemoveAll(line => KafkaHangs.Concat(Groups).Any(id => line.StartsWith(id + ":", StringComparison.Ordinal)));
        Assert.True(differences.Count == 0, $"{differences.Count}:\n{string.Join('\n', differences)}");
        await Eventually.Holds(() => broker.Running.Door!.RequestBytesHeld == 0, "the memory of every frame is given back");
    }

    /// <summary>Against the fresh broker of <c>AKKASTREAM_MALFORMED=HOST:PORT</c>, for example Kafka itself (whose groups answer with 15 and 16 until they are up).</summary>
    [Fact]
    public async Task A_named_broker_does_what_Kafka_did()
    {
        if (Environment.GetEnvironmentVariable("AKKASTREAM_MALFORMED") is not { Length: > 0 } address)
        {
            output.WriteLine("left out: AKKASTREAM_MALFORMED=HOST:PORT names no broker");
            return;
        }

        var colon = address.LastIndexOf(':');
        var differences = await new MalformedRunner(address[..colon], int.Parse(address.AsSpan(colon + 1))).Run(MalformedFrame.All);
        Assert.True(differences.Count == 0, $"{differences.Count}:\n{string.Join('\n', differences)}");
    }
}
