using AkkaStream.Host.Embedded;
using AkkaStream.Samples.Orders;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Client.Samples;

/// <summary>The sample does what it says.</summary>
public sealed class OrdersSampleTests
{
    [Fact]
    public async Task Every_order_is_billed_once()
    {
        await using var broker = await EmbeddedBroker.StartAsync(Shop.Broker);
        await using var client = broker.Connect();
        using var patience = new CancellationTokenSource(Eventually.Patience);
        var said = new StringWriter();
        await Shop.RunAsync(client, said, 200, patience.Token);
        var lines = said.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        var totals = lines[0].Split(' ');
        Assert.Equal(("200", "200"), (totals[0], totals[4]));
        Assert.Equal(totals[3].TrimEnd(';'), totals[7]);
        Assert.Equal(5, lines.Count(l => l.Contains(" owes ", StringComparison.Ordinal)));
    }
}
