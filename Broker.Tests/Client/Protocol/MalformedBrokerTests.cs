using Xunit.Abstractions;

namespace AkkaStream.Tests.Client.Protocol;

/// <summary>A broker meets the bad frames as Kafka does.</summary>
public sealed class MalformedBrokerTests(ITestOutputHelper output)
{
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
