using System.Text.Json;
using AkkaStream.Client.Admin;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Producer;
using AkkaStream.Client.Protocol;
using AkkaStream.Tests.Akka.Cmd;
using AkkaStream.Tests.Support;
using Pbm;
using Petabridge.Cmd.Host;

namespace AkkaStream.Tests.Cluster;

/// <summary>What an operator sees and does, on three brokers.</summary>
public sealed class OperatorVerbTests(InProcessCluster cluster) : IClassFixture<InProcessCluster>
{
    [Fact]
    public async Task Brokers_partitions_topics_and_the_controller_are_shown()
    {
        await cluster.Topic("shown", [1, 2, 3], [2, 3, 1]);
        await Fill("shown", 100);
        var (code, output, error) = cluster.Run("partitions", "list", "shown");
        Assert.Equal((0, ""), (code, error));
        var lines = output.Split('\n');
        Assert.StartsWith("TOPIC  PARTITION  LEADER  REPLICAS  IN-SYNC  END", lines[0]);
        Assert.Matches(@"^shown  0          1       1,2,3     \S+ +100  [\d.]+ k?B +2: nothing; 3: nothing$", lines[1]);
        Assert.Equal("TOPIC  PARTITION  LEADER  REPLICAS  IN-SYNC  END  SIZE  FOLLOWERS LACK\n", cluster.Run("partitions", "list", "shown", "--under-replicated").Output);
        Assert.Equal("[]\n", cluster.Run("partitions", "--unavailable", "--json").Output);
        Assert.Equal("[]\n", cluster.Run("partitions", "list", "shown", "--under-min-isr", "--json").Output);
        using var json = JsonDocument.Parse(cluster.Run("partitions", "list", "shown", "--json").Output);
        var follower = json.RootElement[0].GetProperty("replicas")[1];
        Assert.Equal((2, 100, 0, 0), (follower.GetProperty("broker").GetInt32(), follower.GetProperty("endOffset").GetInt64(), follower.GetProperty("lagRecords").GetInt64(), follower.GetProperty("lagBytes").GetInt64()));
        Assert.Contains("`topics list` shows those there are", cluster.Run("partitions", "list", "nope").Error);

        using var brokers = JsonDocument.Parse(cluster.Run("brokers", "--json").Output);
        Assert.Equal(["r1", "r2", "r3"], brokers.RootElement.EnumerateArray().Select(b => b.GetProperty("rack").GetString()));
        Assert.Equal(1, brokers.RootElement.EnumerateArray().Count(b => b.GetProperty("controller").GetString() == "leader"));
        Assert.StartsWith("ID  ADDRESS", cluster.Run("brokers").Output);
        Assert.Matches(@"\nshown +2 +3 +0 +0\n", cluster.Run("topics", "list", "--long").Output);
        Assert.Equal("", cluster.Run("topics", "list", "--unavailable").Output);

        Assert.Matches(@"^controller: broker \d, epoch \d+, committed up to \d+\nBROKER  ROLE ", cluster.Run("controller").Output);
        using var quorum = JsonDocument.Parse(cluster.Run("controller", "show", "--json").Output);
        Assert.Equal(3, quorum.RootElement.GetProperty("members").GetArrayLength());
    }

    [Fact]
    public async Task The_controllers_state_is_a_tree()
    {
        await cluster.Topic("tree", [2, 3]);
        Assert.Equal("admin\nbrokers\ncluster\nconfig\ncontroller\ncontroller_epoch\nquorum\n", cluster.Run("metadata", "ls").Output);
        Assert.Equal("1\n2\n3\n", cluster.Run("metadata", "ls", "/brokers/ids").Output);
        Assert.Contains("\"rack\":\"r2\"", cluster.Run("metadata", "get", "/brokers/ids/2").Output);
        Assert.Equal("state\n", cluster.Run("metadata", "ls", "/brokers/topics/tree/partitions/0/").Output);
        using var state = JsonDocument.Parse(cluster.Run("metadata", "get", "/brokers/topics/tree/partitions/0/state", "--json").Output);
        Assert.Equal((2, "[2,3]"), (state.RootElement.GetProperty("leader").GetInt32(), state.RootElement.GetProperty("isr").GetRawText()));
        Assert.Equal(0, cluster.Run("topics", "alter", "tree", "-c", "retention.ms=5000").Code);
        Assert.Equal("{\"version\":1,\"config\":{\"retention.ms\":\"5000\"}}\n", cluster.Run("metadata", "get", "/config/topics/tree", "--json").Output);
        Assert.Contains("brokerid", cluster.Run("metadata", "get", "/controller").Output);
        Assert.Contains("/quorum/voters/3\n", cluster.Run("metadata", "ls", "-R", "/quorum").Output);
        Assert.Equal((1, "", "there is no /brokers/ids/9: under /brokers/ids lies 1, 2, 3\n"), cluster.Run("metadata", "get", "/brokers/ids/9"));
        Assert.StartsWith("/brokers holds nothing itself: under it lies ids, topics", cluster.Run("metadata", "get", "/brokers").Error);
    }

    [Fact]
    public async Task A_plan_is_made_executed_verified_and_moves_can_be_stopped()
    {
        await cluster.Topic("moved", [1, 2], [1, 2], [1, 2]);
        await Fill("moved", 50);
        var before = cluster.Run("reassign", "generate", "moved", "--current").Output;
        Assert.Contains("{\"topic\":\"moved\",\"partition\":0,\"replicas\":[1,2],\"log_dirs\":[\"any\",\"any\"]}", before);
        var (code, plan, told) = cluster.Run("reassign", "generate", "moved", "--brokers", "2,3");
        Assert.Equal(0, code);
        Assert.Contains("3 partition(s) would change, 3 replica(s)", told);
        Assert.Equal((1, true), (cluster.Run("reassign", "verify", "--plan", plan).Code, cluster.Run("reassign", "verify", "--plan", plan).Output.Contains("elsewhere, and does not move")));

        (code, var output, told) = cluster.Run("reassign", "execute", "--plan", plan, "--throttle", "100000000", "--wait");
        Assert.Equal((0, "3 partition(s) move, with at most 100 MB/s a broker\ndone\n", ""), (code, output, string.Concat(told.Split('\n').Where(line => !line.StartsWith('[')))));
        Assert.Equal(0, cluster.Run("reassign", "verify", "--plan", plan).Code);
        Assert.All((await cluster.Admin.DescribeTopicAsync("moved")).Partitions, p => Assert.Equal([2, 3], p.Replicas.Order()));
        Assert.DoesNotContain("throttled", cluster.Run("metadata", "get", "/config/topics/moved").Output);
        Assert.DoesNotContain("throttled", cluster.Run("metadata", "get", "/config/brokers/3").Output);
        Assert.Equal("nothing moves\n", cluster.Run("reassign", "list").Output);

        // With a byte a second it moves as long as anybody looks.
        Assert.Equal(0, cluster.Run("reassign", "execute", "--partition", "moved:0", "--replicas", "1,2", "--throttle", "1").Code);
        Assert.Contains("\"leader.replication.throttled.rate\":\"1\"", cluster.Run("metadata", "get", "/config/brokers/1").Output);
        Assert.Contains("moved-0", cluster.Run("reassign", "list", "--json").Output is var moving && moving.Contains("\"topic\":\"moved\"") ? "moved-0" : moving);
        Assert.Contains("\"topic\":\"moved\"", cluster.Run("metadata", "get", "/admin/reassign_partitions", "--json").Output);
        Assert.Equal("1 move(s) stopped\n", cluster.Run("reassign", "cancel", "--all").Output);
        Assert.Equal("{\"version\":1,\"config\":{}}\n", cluster.Run("metadata", "get", "/config/topics/moved", "--json").Output);

        Assert.Equal((2, "", "--replicas 1,x: expected ids of brokers separated by commas, such as 1,2,3\n"), cluster.Run("reassign", "execute", "--partition", "moved:0", "--replicas", "1,x"));
        Assert.Contains("(INVALID_REPLICA_ASSIGNMENT)", cluster.Run("reassign", "execute", "--partition", "moved:0", "--replicas", "9").Error);
        Assert.StartsWith("expected {\"version\":1", cluster.Run("reassign", "execute", "--plan", "{}").Error);
    }

    [Fact]
    public async Task Preferred_leaders_are_elected()
    {
        await cluster.Topic("led", [1, 2, 3]);
        await cluster.Admin.ReassignAsync(new Dictionary<TopicPartition, IReadOnlyList<int>?> { [new("led", 0)] = [3, 2, 1] });
        await cluster.InSync("led");
        Assert.Equal((0, "led-0: broker 3 leads\n", ""), cluster.Run("elect", "preferred", "led:0"));
        Assert.Equal("1 partition(s): nothing to do\n", cluster.Run("elect", "preferred", "led").Output);
        Assert.Equal("1 partition(s): nothing to do\n", cluster.Run("elect", "unclean", "led:0").Output);
        Assert.Contains("the topic has 1 partitions", cluster.Run("elect", "preferred", "led:7").Error);
        Assert.Equal(2, cluster.Run("elect", "unclean").Code);
    }

    [Fact]
    public async Task A_broker_is_drained_and_gets_partitions_again()
    {
        await cluster.Topic("drained", [3, 1], [2, 3]);
        await Fill("drained", 50);
        await cluster.Topic("everywhere", [1, 2, 3]);
        var (code, _, error) = cluster.Run("broker", "drain", "3");
        Assert.Equal(1, code);
        Assert.Contains("broker 3 cannot be drained", error);
        Assert.Contains("or give them fewer replicas with `reassign execute --partition ", error);
        Assert.Contains("there are 1, 2, 3", cluster.Run("broker", "drain", "4").Error);
        (await cluster.Admin.DeleteTopicsAsync(["everywhere"]))[0].ThrowIfFailed();

        // What other tests made may hold it up too.
        foreach (var topic in (await cluster.Admin.ListTopicsAsync()).Where(t => t.Partitions.Any(p => p.Replicas.Count == 3))) (await cluster.Admin.DeleteTopicsAsync([topic.Name]))[0].ThrowIfFailed();
        Assert.Contains("drained-0", cluster.Run("broker", "drain", "3", "--dry-run").Output);
        (code, var output, error) = cluster.Run("broker", "drain", "3");
        Assert.True(code == 0, error);
        Assert.Contains("broker 3 has nothing any more and gets nothing new. It still votes on the controller: take its vote away with `controller remove-voter 3`", output);
        Assert.DoesNotContain((await cluster.Admin.ListTopicsAsync()).SelectMany(t => t.Partitions), p => p.Replicas.Contains(3));
        await Eventually.Holds(() => cluster.Run("brokers").Output.Contains("cordoned"), "the broker says that it is cordoned");
        await Eventually.Holds(async () => (await cluster.Admin.CreateTopicsAsync([new NewTopic("large", 1, 3)], validateOnly: true))[0].Error == ErrorCode.InvalidReplicationFactor, "the controller has heard of it");
        (await cluster.Admin.CreateTopicsAsync([new NewTopic("placed", 4, 2)]))[0].ThrowIfFailed();
        Assert.DoesNotContain((await cluster.Admin.DescribeTopicAsync("placed")).Partitions, p => p.Replicas.Contains(3));
        Assert.Contains("it votes on the controller", cluster.Run("broker", "remove", "3").Error);
        Assert.Equal((0, "broker 3 gets partitions again; `reassign execute --balance` brings it some\n", ""), cluster.Run("broker", "undrain", "3"));
        await Eventually.Holds(() => !cluster.Run("brokers").Output.Contains("cordoned"), "the broker is not cordoned any more");
        await Eventually.Holds(async () => (await cluster.Admin.CreateTopicsAsync([new NewTopic("large", 1, 3)], validateOnly: true))[0].Error == ErrorCode.None, "the controller has heard of that too");
        Assert.Equal(0, cluster.Run("reassign", "execute", "--balance", "--wait").Code);
        Assert.Contains((await cluster.Admin.ListTopicsAsync()).SelectMany(t => t.Partitions), p => p.Replicas.Contains(3));
    }

    [Fact]
    public async Task A_vote_is_taken_away_and_given_again()
    {
        var controller = (await cluster.Admin.DescribeQuorumAsync()).Leader;
        var other = controller == 3 ? 2 : 3;
        var (code, output, error) = cluster.Run("controller", "remove-voter", $"{other}");
        Assert.True(code == 0, error);
        Assert.Contains("2 of 2 are a majority now", output);
        Assert.Contains("it has no vote; the voters are", cluster.Run("controller", "remove-voter", $"{other}").Error);
        Assert.Contains("observer", cluster.Run("controller").Output);
        (code, output, error) = cluster.Run("controller", "add-voter", $"{other}");
        Assert.True(code == 0, error);
        Assert.Contains($"broker {other} votes; 2 of 3 are a majority now. Put {other}@127.0.0.1:", output);
        Assert.Contains("DUPLICATE_VOTER", cluster.Run("controller", "add-voter", $"{other}").Error);
        Assert.Contains("broker 9 is not registered", cluster.Run("controller", "add-voter", "9").Error);
        Assert.Equal(2, cluster.Run("controller", "remove-voter", $"{other}", "--disk", "short").Code);
    }

    [Fact]
    public async Task A_console_on_any_broker_shows_the_same()
    {
        await cluster.Topic("console", [1, 2, 3]);
        await Fill("console", 10);
        cluster.Of(2).ServeConsoles();
        var port = await PetabridgeCmd.Get(cluster.Of(2).System).Bound.WaitAsync(Eventually.Patience);
        Assert.Contains("console  0          1       1,2,3     ", await Console(port, "partitions", "list", "-t", "console"));
        Assert.Contains("registered", await Console(port, "brokers", "list"));
        Assert.Contains("controller: broker", await Console(port, "controller", "show"));
        Assert.Contains("\"leader\":1", await Console(port, "metadata", "get", "-p", "/brokers/topics/console/partitions/0/state"));
        Assert.Contains("nothing to do", await Console(port, "elect", "preferred", "-p", "console:0"));
        Assert.Contains("\"topic\":\"console\"", await Console(port, "reassign", "generate", "-t", "console", "--current"));
        Assert.Contains("cannot be drained", await Console(port, "broker", "drain", "-i", "3"));
    }

    private static async Task<string> Console(int port, params string[] args)
    {
        var console = new FakeConsole();
        await PbmProgram.Run(["--port", $"{port}", .. args], console).WaitAsync(Eventually.Patience);
        return console.Out.ToString() + console.Error;
    }

    private async Task Fill(string topic, int count)
    {
        await using var producer = new RecordProducer(cluster.Client);
        foreach (var partition in (await cluster.Admin.DescribeTopicAsync(topic)).Partitions)
        {
            for (var i = 0; i < count; i++) await producer.SendAsync(new ProducerRecord(topic, new byte[100]) { Partition = partition.Index });
        }
    }
}
