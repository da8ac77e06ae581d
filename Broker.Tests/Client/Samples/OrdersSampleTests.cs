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
        await using var way = new Way(broker.Connect());
        await Run(way);
    }

    [Fact]
    public async Task Every_order_is_billed_once_by_actors_too()
    {
        await using var broker = await EmbeddedBroker.StartAsync(Shop.Broker with { Settings = new Dictionary<string, string>(Shop.Broker.Settings) { ["cluster.listener"] = "127.0.0.1:0" } });
        await using var way = Way.To(broker.ActorAddress!);
        await Run(way);
    }

    private static async Task Run(Way way)
    {
        using var patience = new CancellationTokenSource(Eventually.Patience);
        var said = new StringWriter();
        await Shop.RunAsync(way.Client, said, 200, patience.Token);
        var lines = said.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        var totals = lines[0].Split(' ');
        Assert.Equal(("200", "200"), (totals[0], totals[4]));
        Assert.Equal(totals[3].TrimEnd(';'), totals[7]);
        Assert.Equal(5, lines.Count(l => l.Contains(" owes ", StringComparison.Ordinal)));
    }
}
