using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Cluster;

/// <summary>What an operator sees of a broker that is away.</summary>
public sealed class StoppedBrokerVerbTests : IAsyncLifetime
{
    private readonly InProcessCluster cluster = new();

    public Task InitializeAsync() => cluster.InitializeAsync();

    public Task DisposeAsync() => cluster.DisposeAsync();

    [Fact]
    public async Task What_is_missing_is_told_and_when_another_one_can_be_stopped()
    {
        await cluster.Topic("t", [3, 1, 2], [1, 2, 3]);
        await cluster.Topic("alone", [2]);
        Assert.Equal(0, cluster.Run("topics", "alter", "t", "-c", "min.insync.replicas=2").Code);
        Assert.Equal((0, "broker 1 can be stopped now\n", ""), cluster.Run("broker", "restart-check", "1"));
        var alone = cluster.Run("broker", "restart-check", "2");
        Assert.Equal(1, alone.Code);
        Assert.Contains("alone-0: nobody else is in sync, and nobody would lead it; it has no other replica", alone.Error);
        Assert.Equal((0, "broker 2 can be stopped now\n", ""), cluster.Run("broker", "restart-check", "2", "--allow-offline"));

        await cluster.Stop(3);
        await Eventually.Holds(() => cluster.Run("brokers").Output.Contains("fenced"), "broker 3 is fenced");
        Assert.Contains("t      0          1       3,1,2     1,2 ", cluster.Run("partitions", "--under-replicated").Output);
        Assert.Contains("3: not there", cluster.Run("partitions", "--at-min-isr").Output);
        Assert.Matches(@"\nt +2 +3 +2 +0\n", cluster.Run("topics", "list", "--long", "--under-replicated").Output);
        var (code, _, error) = cluster.Run("broker", "restart-check", "1");
        Assert.Equal(1, code);
        Assert.Contains("t-0: 1 replica(s) would be in sync and min.insync.replicas is 2: acks=all would be refused", error);
        Assert.Contains("the controller: 1 of 3 voters would be left", error);
        Assert.Contains("\"kind\":\"quorum\"", cluster.Run("broker", "restart-check", "1", "--json").Output);
        Assert.Contains("t-0: broker 3 is not in sync, or not there (PREFERRED_LEADER_NOT_AVAILABLE)", cluster.Run("elect", "preferred", "t").Error);
        Assert.Contains("\"state\":\"fenced\"", cluster.Run("metadata", "get", "/brokers/ids/3").Output);
        Assert.Contains("have a replica there", cluster.Run("broker", "remove", "3").Error);

        // It will not come back: its replicas go elsewhere, its vote is taken away, and it is forgotten.
        Assert.Equal(0, cluster.Run("reassign", "execute", "--plan", """{"version":1,"partitions":[{"topic":"t","partition":0,"replicas":[1,2]},{"topic":"t","partition":1,"replicas":[1,2]}]}""", "--wait").Code);
        Assert.Equal(0, cluster.Run("controller", "remove-voter", "3").Code);
        Assert.Equal((0, "broker 3 is forgotten\n", ""), cluster.Run("broker", "remove", "3"));
        Assert.Equal("1\n2\n", cluster.Run("metadata", "ls", "/brokers/ids").Output);
    }
}
