using System.Text.Json;
using AkkaStream.Actors.Configuration;

namespace AkkaStream.Tests.Actors.Configuration;

/// <summary>The tables of keys against Kafka's, and every value tried on a topic key.</summary>
public sealed class ConfigTableTests
{
    // A single broker has an answer where Kafka asks for one, and keeps its data beside itself.
    private static readonly string[] OurDefaults = ["controller.listener.names", "log.dir", "node.id", "process.roles"];

    private static readonly string[] OurKeys =
    [
        "allow.everyone.if.no.acl.found", "cluster.id", "cluster.listener", "follower.replication.throttled.rate", "group.rebalance.gather.ms", "leader.imbalance.per.broker.percentage", "leader.replication.throttled.rate", "log.flush.mode", "log.level", "log.scrub.interval.ms", "petabridge.cmd.enable", "petabridge.cmd.host", "petabridge.cmd.port",
        "replica.alter.log.dirs.io.max.bytes.per.second", "request.memory.max.bytes", "shutdown.timeout.ms", "super.users",
    ];

    [Fact]
    public void Every_broker_key_of_Kafka_is_known_with_its_type_default_and_mode()
    {
        var lines = ConfigVectors.Read("broker.jsonl");
        foreach (var line in lines)
        {
            var key = ConfigTable.Broker[line.Text("name")!];
            Compare(line, key, !OurDefaults.Contains(key.Name));
            Assert.Equal(line.Text("dynamicUpdateMode"), ModeOf(key));
        }

        Assert.Equal(OurKeys, ConfigTable.Broker.All.Select(key => key.Name).Except(lines.Select(line => line.Text("name")!)));
    }

    [Fact]
    public void Every_dynamic_mode_is_Kafkas()
    {
        foreach (var line in ConfigVectors.Read("broker_dynamic_modes.jsonl"))
        {
            Assert.Equal(line.Text("mode"), ModeOf(ConfigTable.Broker[line.Text("name")!]));
        }
    }

    [Fact]
    public void Every_topic_key_of_Kafka_is_known_with_its_broker_default()
    {
        var lines = ConfigVectors.Read("topic.jsonl");
        foreach (var line in lines)
        {
            var key = ConfigTable.Topic[line.Text("name")!];
            Compare(line, key, true);
            var synonyms = line.GetProperty("brokerSynonyms").EnumerateArray().Select(s => new ConfigSynonym(s.Text("name")!, long.Parse(s.Text("valueOf1")!)));
            Assert.Equal(synonyms, key.BrokerSynonyms);
        }

        Assert.Equal(["flush.mode"], ConfigTable.Topic.All.Select(key => key.Name).Except(lines.Select(line => line.Text("name")!)));
    }

    [Theory]
    [InlineData("group.jsonl")]
    [InlineData("client_metrics.jsonl")]
    public void Every_group_and_metrics_key_of_Kafka_is_known(string file)
    {
        var table = file == "group.jsonl" ? ConfigTable.Group : ConfigTable.ClientMetrics;
        var lines = ConfigVectors.Read(file);
        foreach (var line in lines)
        {
            var key = table[line.Text("name")!];
            Compare(line, key, true);
            Assert.Equal(line.Text("brokerSynonym"), key.BrokerSynonyms.Count == 0 ? null : key.BrokerSynonyms[0].Name);
        }

        Assert.Equal(lines.Count, table.All.Count);
    }

    [Fact]
    public void Values_tried_on_topic_keys_are_judged_as_Kafka_judges_them()
    {
        var probes = ConfigVectors.Read("topic_probes.jsonl");
        Assert.Equal(660, probes.Count);
        foreach (var probe in probes)
        {
            var fault = ConfigTable.Topic[probe.Text("name")!].Check(probe.Text("value"));
            Assert.Equal((probe.Text("name"), probe.Text("value"), probe.Text("message")), (probe.Text("name"), probe.Text("value"), fault));
        }
    }

    [Fact]
    public void Every_key_has_a_sentence_and_a_default_that_fits()
    {
        foreach (var key in ConfigTable.Broker.All.Concat(ConfigTable.Topic.All).Concat(ConfigTable.Group.All).Concat(ConfigTable.ClientMetrics.All))
        {
            Assert.EndsWith(".", key.Documentation);
            Assert.True(char.IsUpper(key.Documentation[0]), key.Name);
            if (key.Default is { } value && key.Name != "controller.quorum.voters") Assert.Equal((key.Name, null), (key.Name, key.Check(value)));
        }
    }

    [Theory]
    [InlineData("log.retension.ms", "log.retention.ms")]
    [InlineData("num.partition", "num.partitions")]
    [InlineData("listners", "listeners")]
    [InlineData("completely.different", null)]
    public void A_misspelt_key_has_a_nearest_one(string name, string? nearest) => Assert.Equal(nearest, ConfigTable.Broker.Nearest(name)?.Name);

    private static string ModeOf(ConfigKey key) => key.UpdateMode switch
    {
        ConfigUpdateMode.PerBroker => "per-broker",
        ConfigUpdateMode.ClusterWide => "cluster-wide",
        _ => "read-only",
    };

    private static void Compare(JsonElement line, ConfigKey key, bool withDefault)
    {
        Assert.Equal((key.Name, line.Text("type")), (key.Name, key.Type.ToString().ToUpperInvariant()));
        Assert.Equal((key.Name, line.Text("importance")), (key.Name, key.Importance.ToString().ToUpperInvariant()));
        Assert.Equal((key.Name, line.Flag("deprecated"), line.Flag("internal")), (key.Name, key.IsDeprecated, key.IsInternal));
        if (!withDefault) return;
        Assert.Equal((key.Name, line.Text("default")), (key.Name, key.Default));
        if (key.Default is { } text && key.Type != ConfigType.Password) Assert.Equal((key.Name, text), (key.Name, key.Canonical(text)));
    }
}
