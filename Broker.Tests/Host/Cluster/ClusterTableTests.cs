using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Transport;
using AkkaStream.Host.Cluster;
using Spectre.Console;

namespace AkkaStream.Tests.Host.Cluster;

/// <summary>What the table of a cluster shows.</summary>
public sealed class ClusterTableTests : IAsyncLifetime
{
    private static readonly LocalClusterOptions Options = new(3, "/data", 9092, 19092, 9110, []);
    private readonly LocalCluster cluster = new(Options);
    private readonly ClusterClient client = new(new WireTransport(BrokerAddress.ParseList("127.0.0.1:1")));

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        cluster.Dispose();
        await client.DisposeAsync();
    }

    [Theory]
    [InlineData(24, 0)]
    [InlineData(24, 3)]
    [InlineData(24, 40)]
    [InlineData(50, 40)]
    [InlineData(50, 6)]
    public void It_is_no_higher_than_the_terminal(int height, int topics)
    {
        var lines = Lines(height, Enumerable.Range(0, topics).Select(i => Topic($"topic-{i}", 6, 3)));
        Assert.InRange(lines.Count, 1, height);
        Assert.Contains("Ctrl-C stops all", string.Concat(lines));
    }

    [Fact]
    public void What_fits_is_shown_by_partition_then_by_topic_and_the_rest_is_counted()
    {
        var all = string.Join('\n', Lines(40, [Topic("a", 3, 3), Topic("b", 3, 2)]));
        Assert.Contains("a-2", all);
        Assert.Contains("b-0", all);
        var some = string.Join('\n', Lines(24, [Topic("a", 3, 3), Topic("b", 6, 2), Topic("c", 2, 3), .. Enumerable.Range(0, 20).Select(i => Topic($"z{i}", 2, 3))]));
        Assert.Contains("b (6)", some);
        Assert.Contains("6 behind", some);
        Assert.Contains("more topics", some);
        Assert.DoesNotContain("z19", some);
    }

    [Fact]
    public void A_broker_that_was_never_started_is_down() => Assert.Contains("down", string.Concat(Lines(24, [])));

    private static TopicMetadata Topic(string name, int partitions, int inSync)
        => new(name, Guid.Empty, false, [.. Enumerable.Range(0, partitions).Select(i => new PartitionMetadata(i, 1, 0, [1, 2, 3], [.. Enumerable.Range(1, inSync)], ErrorCode.None))]);

    private List<string> Lines(int height, IEnumerable<TopicMetadata> topics)
    {
        using var output = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = 100;
        console.Write(ClusterTable.Of(new ClusterWatch(cluster, client, TimeSpan.Zero) { Topics = [.. topics] }, Options, height));
        return [.. output.ToString().TrimEnd('\n').Split('\n')];
    }
}
