using AkkaStream.Actors.Configuration;
using AkkaStream.Client.Protocol;
using Entry = AkkaStream.Client.Protocol.DescribeConfigsResponse.DescribeConfigsResourceResult;

namespace AkkaStream.Tests.Actors.Configuration;

/// <summary>What DescribeConfigs shows, and from where.</summary>
public sealed class ConfigDescriptionsTests
{
    [Fact]
    public void A_fresh_topic_shows_defaults_without_the_keys_for_insiders()
    {
        var entries = Describe(new ConfigStateFake(), 2, "t").ToDictionary(e => e.Name);
        Assert.Equal(ConfigTable.Topic.All.Count - 1, entries.Count);
        Assert.DoesNotContain("internal.segment.bytes", entries.Keys);
        Assert.Equal(("604800000", (sbyte)5, false, (sbyte)5), (entries["retention.ms"].Value, entries["retention.ms"].ConfigSource, entries["retention.ms"].ReadOnly, entries["retention.ms"].ConfigType));
        Assert.Null(entries["retention.ms"].Documentation);
        Assert.Equal("0.5", entries["min.cleanable.dirty.ratio"].Value);
    }

    [Fact]
    public void Synonyms_go_from_the_topic_to_the_default()
    {
        var state = new ConfigStateFake(("log.roll.hours", "2"), ("log.segment.bytes", "3000000"));
        state.Apply([new(ConfigStateFake.Topic, "max.message.bytes", " 2000"), new(new(ConfigResourceType.Broker, ""), "min.insync.replicas", "1"), new(new(ConfigResourceType.Broker, "1"), "log.segment.bytes", "4000000")]);
        Assert.Equal("2000 1: max.message.bytes=2000/1 message.max.bytes=1048588/5", Shown(state, "max.message.bytes"));
        Assert.Equal("1 3: min.insync.replicas=1/3 min.insync.replicas=1/5", Shown(state, "min.insync.replicas"));
        Assert.Equal("4000000 2: log.segment.bytes=4000000/2 log.segment.bytes=3000000/4 log.segment.bytes=1073741824/5", Shown(state, "segment.bytes"));
        Assert.Equal("7200000 5:", Shown(state, "segment.ms"));
        Assert.Equal("9223372036854775807 5:", Shown(state, "flush.ms"));
    }

    [Fact]
    public void A_cluster_default_shows_on_topics_until_it_is_gone()
    {
        var state = new ConfigStateFake();
        state.Apply([new(new(ConfigResourceType.Broker, ""), "log.retention.ms", "7200000")]);
        Assert.Equal("7200000 3: log.retention.ms=7200000/3 log.retention.hours=168/5", Shown(state, "retention.ms"));
        Assert.Equal("7200000", Assert.Single(Describe(state, 4, "")).Value);
        state.Apply([new(new(ConfigResourceType.Broker, ""), "log.retention.ms", null)]);
        Assert.Equal("604800000 5:", Shown(state, "retention.ms"));
    }

    [Fact]
    public void A_broker_shows_its_start_its_defaults_and_no_password()
    {
        var entries = Describe(new ConfigStateFake(("ssl.key.password", "geheim"), ("listener.name.x.ssl.keystore.password", "geheim")), 4, "1").ToDictionary(e => e.Name);
        Assert.Equal(("1", true, (sbyte)4), (entries["node.id"].Value, entries["node.id"].ReadOnly, entries["node.id"].ConfigSource));
        Assert.Equal(("168", true, (sbyte)5), (entries["log.retention.hours"].Value, entries["log.retention.hours"].ReadOnly, entries["log.retention.hours"].ConfigSource));
        Assert.Equal(("1048588", false, (sbyte)5), (entries["message.max.bytes"].Value, entries["message.max.bytes"].ReadOnly, entries["message.max.bytes"].ConfigSource));
        Assert.Null(entries["ssl.key.password"].Value);
        Assert.True(entries["ssl.key.password"].IsSensitive);
        Assert.DoesNotContain(entries.Values, e => e.Value == "geheim" || e.Synonyms.Any(s => s.Value == "geheim"));
        Assert.Contains("listener.name.x.ssl.keystore.password", entries.Keys);
        Assert.Null(entries["log.retention.ms"].Value);
    }

    [Theory]
    [InlineData(2, "nowhere", ErrorCode.UnknownTopicOrPartition)]
    [InlineData(4, "abc", ErrorCode.InvalidRequest)]
    [InlineData(4, "9999", ErrorCode.InvalidRequest)]
    [InlineData(8, "2", ErrorCode.InvalidRequest)]
    [InlineData(8, "1", ErrorCode.None)]
    [InlineData(16, "c", ErrorCode.None)]
    [InlineData(32, "g", ErrorCode.None)]
    [InlineData(99, "x", ErrorCode.InvalidRequest)]
    public void What_is_not_there_has_its_code(int type, string name, ErrorCode expected)
    {
        var request = new DescribeConfigsRequest { Resources = [new() { ResourceType = (sbyte)type, ResourceName = name, ConfigurationKeys = null }] };
        var result = ConfigDescriptions.Answer(request, new ConfigStateFake()).Results[0];
        Assert.Equal(expected, result.ErrorCode);
        Assert.Equal(expected == ErrorCode.None, result.Configs.Count > 0);
    }

    [Fact]
    public void Keys_that_are_not_there_are_left_out() => Assert.Empty(Describe(new ConfigStateFake(), 2, "t", "no.such.key"));

    [Fact]
    public void Groups_show_their_own_values_over_the_brokers()
    {
        var state = new ConfigStateFake(("group.consumer.session.timeout.ms", "50000"));
        state.Apply([new(new(ConfigResourceType.Group, "g"), "consumer.heartbeat.interval.ms", "6000")]);
        Assert.Equal(("6000", (sbyte)8), (Describe(state, 32, "g", "consumer.heartbeat.interval.ms")[0].Value, Describe(state, 32, "g", "consumer.heartbeat.interval.ms")[0].ConfigSource));
        Assert.Equal(("50000", (sbyte)4), (Describe(state, 32, "g", "consumer.session.timeout.ms")[0].Value, Describe(state, 32, "g", "consumer.session.timeout.ms")[0].ConfigSource));
        Assert.Equal(["g"], List(state, 1, 32));
    }

    [Fact]
    public void Resources_are_listed()
    {
        var state = new ConfigStateFake();
        Assert.Equal(["t"], List(state, 1, 2));
        Assert.Equal(["1"], List(state, 1, 4));
        Assert.Empty(List(state, 0));
        Assert.Equal(["t", "1", "1"], List(state, 1));
        Assert.Equal(ErrorCode.UnsupportedVersion, ConfigDescriptions.Answer(new ListConfigResourcesRequest { ResourceTypes = [77] }, 1, state).ErrorCode);
    }

    [Fact]
    public void A_new_topic_shows_what_it_got()
    {
        var configs = ConfigDescriptions.OfNewTopic(new Dictionary<string, string> { ["retention.ms"] = "12345" }, new ConfigStateFake().Broker);
        Assert.Equal(("12345", (sbyte)1), configs.Where(c => c.Name == "retention.ms").Select(c => (c.Value, c.ConfigSource)).Single());
        Assert.Equal(("1048588", (sbyte)5), configs.Where(c => c.Name == "max.message.bytes").Select(c => (c.Value, c.ConfigSource)).Single());
    }

    private static string Shown(ConfigStateFake state, string key)
    {
        var entry = Assert.Single(Describe(state, 2, "t", key));
        return $"{entry.Value} {entry.ConfigSource}:{string.Concat(entry.Synonyms.Select(s => $" {s.Name}={s.Value}/{s.Source}"))}";
    }

    private static List<Entry> Describe(ConfigStateFake state, sbyte type, string name, params string[] keys)
    {
        var request = new DescribeConfigsRequest { Resources = [new() { ResourceType = type, ResourceName = name, ConfigurationKeys = [.. keys] }], IncludeSynonyms = true };
        var result = ConfigDescriptions.Answer(request, state).Results[0];
        Assert.Equal((ErrorCode.None, type, name), (result.ErrorCode, result.ResourceType, result.ResourceName));
        return result.Configs;
    }

    private static IEnumerable<string> List(ConfigStateFake state, short version, params sbyte[] types)
        => ConfigDescriptions.Answer(new ListConfigResourcesRequest { ResourceTypes = [.. types] }, version, state).ConfigResources.Select(r => r.ResourceName);
}
