using AkkaStream.Actors.Configuration;
using AkkaStream.Client.Protocol;
using static AkkaStream.Client.Protocol.IncrementalAlterConfigsRequest;

namespace AkkaStream.Tests.Actors.Configuration;

/// <summary>Changes of configurations, judged as Kafka judges them.</summary>
public sealed class ConfigChangesTests
{
    private const int Set = 0;
    private const int Delete = 1;
    private const int Append = 2;
    private const int Subtract = 3;

    private readonly ConfigStateFake state = new();

    [Fact]
    public void A_value_is_set_kept_and_deleted()
    {
        Assert.Equal(ErrorCode.None, Change(2, "t", ("retention.ms", Set, "5000"), ("segment.bytes", Set, "2000000")));
        Assert.Equal(ErrorCode.None, Change(2, "t", ("retention.ms", Delete, null), ("flush.ms", Delete, null)));
        Assert.Equal([new("segment.bytes", "2000000")], state.ValuesOf(ConfigStateFake.Topic));
    }

    [Theory]
    [InlineData(Append, "compact", "delete,compact")]
    [InlineData(Append, "delete", null)]
    [InlineData(Subtract, "delete", "")]
    [InlineData(Subtract, "compact", null)]
    public void Lists_grow_and_shrink(int operation, string value, string? after)
    {
        Assert.Equal(ErrorCode.None, Change(2, "t", ("cleanup.policy", operation, value)));
        Assert.Equal(after, state.ValuesOf(ConfigStateFake.Topic).GetValueOrDefault("cleanup.policy"));
    }

    [Theory]
    [InlineData(2, "t", "retention.ms", Append, "1", ErrorCode.InvalidConfig)]
    [InlineData(2, "t", "retention.ms", 9, "1", ErrorCode.InvalidRequest)]
    [InlineData(2, "t", "retention.ms", Set, null, ErrorCode.InvalidRequest)]
    [InlineData(2, "t", "retention.ms", Set, "x", ErrorCode.InvalidConfig)]
    [InlineData(2, "t", "no.such", Set, "1", ErrorCode.InvalidConfig)]
    [InlineData(2, "t", "min.compaction.lag.ms", Set, "9223372036854775807", ErrorCode.None)]
    [InlineData(2, "t", "remote.storage.enable", Set, "true", ErrorCode.InvalidConfig)]
    [InlineData(2, "u", "retention.ms", Set, "1", ErrorCode.UnknownTopicOrPartition)]
    [InlineData(2, "", "retention.ms", Set, "1", ErrorCode.InvalidRequest)]
    [InlineData(4, "1", "node.id", Set, "7", ErrorCode.InvalidRequest)]
    [InlineData(4, "1", "log.cleaner.backoff.ms", Set, "14000", ErrorCode.None)]
    [InlineData(4, "1", "log.cleaner.backoff.ms", Set, "-5", ErrorCode.InvalidRequest)]
    [InlineData(4, "", "log.cleaner.backoff.ms", Set, "-5", ErrorCode.InvalidRequest)]
    [InlineData(4, "", "sasl.enabled.mechanisms", Set, "PLAIN", ErrorCode.InvalidRequest)]
    [InlineData(4, "", "ssl.keystore.location", Set, "/x", ErrorCode.InvalidRequest)]
    [InlineData(4, "1", "listener.name.plaintext.ssl.keystore.location", Set, "/x", ErrorCode.None)]
    [InlineData(4, "1", "max.connections.per.ip.overrides", Set, "nonsense", ErrorCode.InvalidRequest)]
    [InlineData(4, "1", "listeners", Set, "PLAINTEXT://:1", ErrorCode.InvalidRequest)]
    [InlineData(4, "1", "no.such.key", Set, "1", ErrorCode.InvalidRequest)]
    [InlineData(4, "977", "log.cleaner.backoff.ms", Set, "1", ErrorCode.InvalidRequest)]
    [InlineData(4, "x", "log.cleaner.backoff.ms", Set, "1", ErrorCode.InvalidRequest)]
    [InlineData(8, "1", "root", Set, "INFO", ErrorCode.InvalidRequest)]
    [InlineData(16, "m", "interval.ms", Set, "1000", ErrorCode.None)]
    [InlineData(16, "m", "interval.ms", Set, "1", ErrorCode.InvalidRequest)]
    [InlineData(16, "m", "match", Set, "client_id=a.*", ErrorCode.None)]
    [InlineData(16, "m", "match", Set, "bogus=1", ErrorCode.InvalidConfig)]
    [InlineData(16, "m", "match", Set, "client_id=(", ErrorCode.InvalidConfig)]
    [InlineData(16, "", "interval.ms", Set, "1000", ErrorCode.InvalidRequest)]
    [InlineData(32, "g", "consumer.heartbeat.interval.ms", Set, "1", ErrorCode.InvalidConfig)]
    [InlineData(32, "g", "consumer.heartbeat.interval.ms", Set, "6000", ErrorCode.None)]
    [InlineData(32, "g", "share.auto.offset.reset", Set, "by_duration:PT1H", ErrorCode.None)]
    [InlineData(32, "g", "share.auto.offset.reset", Set, "by_duration:P1", ErrorCode.InvalidConfig)]
    [InlineData(32, "g", "no.such", Set, "1", ErrorCode.InvalidConfig)]
    [InlineData(32, "", "consumer.heartbeat.interval.ms", Set, "6000", ErrorCode.InvalidRequest)]
    [InlineData(99, "x", "a", Set, "1", ErrorCode.InvalidRequest)]
    public void Each_fault_has_its_code(int type, string name, string key, int operation, string? value, ErrorCode expected)
    {
        Assert.Equal(expected, Change((sbyte)type, name, (key, operation, value)));
        if (expected != ErrorCode.None) Assert.Empty(state.ValuesOf(new ConfigResource((ConfigResourceType)type, name)));
    }

    [Fact]
    public void One_bad_value_leaves_the_whole_resource_as_it_was()
    {
        Assert.Equal(ErrorCode.InvalidConfig, Change(2, "t", ("segment.bytes", Set, "2000000"), ("retention.ms", Set, "x")));
        Assert.Empty(state.ValuesOf(ConfigStateFake.Topic));
    }

    [Fact]
    public void Values_that_contradict_each_other_are_refused()
    {
        Change(2, "t", ("max.compaction.lag.ms", Set, "5"));
        Assert.Equal(ErrorCode.InvalidConfig, Change(2, "t", ("min.compaction.lag.ms", Set, "6")));
        Assert.Equal(ErrorCode.InvalidRequest, Change(4, "", ("log.cleaner.min.compaction.lag.ms", Set, "6"), ("log.cleaner.max.compaction.lag.ms", Set, "5")));
    }

    [Fact]
    public void A_key_or_a_resource_named_twice_is_refused()
    {
        Assert.Equal(ErrorCode.InvalidRequest, Change(2, "t", ("retention.ms", Set, "1"), ("retention.ms", Set, "2")));
        var request = new IncrementalAlterConfigsRequest { Resources = [Resource(2, "t", ("retention.ms", Set, "1")), Resource(2, "t", ("retention.ms", Set, "1"))] };
        var changes = new List<ConfigChange>();
        Assert.Equal([ErrorCode.InvalidRequest, ErrorCode.InvalidRequest], ConfigChanges.Answer(request, state, changes).Responses.Select(r => r.ErrorCode));
        Assert.Empty(changes);
    }

    [Fact]
    public void Resources_are_judged_one_by_one_and_validation_changes_nothing()
    {
        var request = new IncrementalAlterConfigsRequest { Resources = [Resource(2, "t", ("retention.ms", Set, "1")), Resource(2, "u", ("retention.ms", Set, "1"))] };
        var changes = new List<ConfigChange>();
        Assert.Equal([ErrorCode.None, ErrorCode.UnknownTopicOrPartition], ConfigChanges.Answer(request, state, changes).Responses.Select(r => r.ErrorCode));
        Assert.Equal([new ConfigChange(ConfigStateFake.Topic, "retention.ms", "1")], changes);
        changes.Clear();
        Assert.Equal(ErrorCode.None, ConfigChanges.Answer(request with { ValidateOnly = true }, state, changes).Responses[0].ErrorCode);
        Assert.Empty(changes);
    }

    [Theory]
    [InlineData("retention.ms", "6000", ErrorCode.None)]
    [InlineData("retention.ms", null, ErrorCode.InvalidRequest)]
    [InlineData("retention.ms", "x", ErrorCode.InvalidConfig)]
    [InlineData("no.such", "1", ErrorCode.InvalidConfig)]
    public void The_old_call_replaces_everything(string key, string? value, ErrorCode expected)
    {
        Change(2, "t", ("retention.ms", Set, "5000"), ("segment.bytes", Set, "2000000"));
        var request = new AlterConfigsRequest { Resources = [new() { ResourceType = 2, ResourceName = "t", Configs = [new() { Name = key, Value = value }] }] };
        var changes = new List<ConfigChange>();
        Assert.Equal(expected, ConfigChanges.Answer(request, state, changes).Responses[0].ErrorCode);
        state.Apply(changes);
        Assert.Equal(expected == ErrorCode.None ? [new(key, value!)] : [new("retention.ms", "5000"), new("segment.bytes", "2000000")], state.ValuesOf(ConfigStateFake.Topic));
    }

    [Theory]
    [InlineData("retention.ms", "12345", ErrorCode.None)]
    [InlineData("retention.ms", null, ErrorCode.InvalidConfig)]
    [InlineData("segment.bytes", "0", ErrorCode.InvalidConfig)]
    [InlineData("no.such.config", "1", ErrorCode.InvalidConfig)]
    public void A_new_topic_is_judged_too(string key, string? value, ErrorCode expected)
        => Assert.Equal(expected, ConfigChanges.CheckNewTopic(new Dictionary<string, string?> { [key] = value }, state.Broker).Error);

    private static AlterConfigsResource Resource(sbyte type, string name, params (string Key, int Operation, string? Value)[] operations) => new()
    {
        ResourceType = type,
        ResourceName = name,
        Configs = operations.Select(o => new AlterableConfig { Name = o.Key, ConfigOperation = (sbyte)o.Operation, Value = o.Value }).ToList(),
    };

    private ErrorCode Change(sbyte type, string name, params (string Key, int Operation, string? Value)[] operations)
    {
        var changes = new List<ConfigChange>();
        var response = ConfigChanges.Answer(new IncrementalAlterConfigsRequest { Resources = [Resource(type, name, operations)] }, state, changes);
        state.Apply(changes);
        return response.Responses[0].ErrorCode;
    }
}
