using System.Text.Json;
using AkkaStream.Client.Admin;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Host.Verbs;

/// <summary>One topic as <c>topics describe</c> shows it.</summary>
internal sealed class TopicDescription
{
    private readonly TopicMetadata topic;
    private readonly List<ConfigEntry> configs;
    private readonly IReadOnlyDictionary<TopicPartition, OffsetResult> first;
    private readonly IReadOnlyDictionary<TopicPartition, OffsetResult> last;

    private TopicDescription(TopicMetadata topic, List<ConfigEntry> configs, IReadOnlyDictionary<TopicPartition, OffsetResult> first, IReadOnlyDictionary<TopicPartition, OffsetResult> last)
    {
        this.topic = topic;
        this.configs = configs;
        this.first = first;
        this.last = last;
    }

    /// <summary>Asks the brokers for what the metadata does not say.</summary>
    internal static async Task<TopicDescription> Read(AdminClient admin, TopicMetadata topic, CancellationToken cancellation)
    {
        var configs = await admin.DescribeConfigsAsync(new ConfigResource(ConfigResourceType.Topic, topic.Name), cancellation);
        var partitions = topic.Partitions.Where(p => p.Leader >= 0).Select(p => new TopicPartition(topic.Name, p.Index)).ToList();
        var first = await admin.ListOffsetsAsync(partitions.ToDictionary(p => p, _ => OffsetSpec.Earliest), cancellation);
        var last = await admin.ListOffsetsAsync(partitions.ToDictionary(p => p, _ => OffsetSpec.Latest), cancellation);
        return new TopicDescription(topic, configs.Where(entry => entry.Source is not (ConfigSource.Default or ConfigSource.StaticBroker)).ToList(), first, last);
    }

    internal void WriteText(TextWriter output)
    {
        var replicas = topic.Partitions.Count > 0 ? topic.Partitions[0].Replicas.Count : 0;
        output.WriteLine($"Topic: {topic.Name}\tTopicId: {KafkaUuid.ToText(topic.Id)}\tPartitionCount: {topic.Partitions.Count}\tReplicationFactor: {replicas}\tConfigs: {string.Join(',', configs.Select(c => $"{c.Name}={c.Value}"))}");
        foreach (var partition in topic.Partitions.OrderBy(p => p.Index))
        {
            output.WriteLine($"\tPartition: {partition.Index}\tLeader: {(partition.Leader < 0 ? "none" : partition.Leader)}\tReplicas: {string.Join(',', partition.Replicas)}\tIsr: {string.Join(',', partition.InSync)}\tOffsets: {Shown(first, partition)} to {Shown(last, partition)}");
        }
    }

    internal void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("name", topic.Name);
        json.WriteString("id", KafkaUuid.ToText(topic.Id));
        json.WriteBoolean("internal", topic.IsInternal);
        json.WriteStartObject("configs");
        foreach (var config in configs) json.WriteString(config.Name, config.Value);
        json.WriteEndObject();
        json.WriteStartArray("partitions");
        foreach (var partition in topic.Partitions.OrderBy(p => p.Index)) WriteJson(json, partition);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteJson(Utf8JsonWriter json, PartitionMetadata partition)
    {
        json.WriteStartObject();
        json.WriteNumber("partition", partition.Index);
        json.WriteNumber("leader", partition.Leader);
        WriteNumbers(json, "replicas", partition.Replicas);
        WriteNumbers(json, "isr", partition.InSync);
        var key = new TopicPartition(topic.Name, partition.Index);
        if (first.TryGetValue(key, out var begin)) json.WriteNumber("firstOffset", begin.Offset);
        if (last.TryGetValue(key, out var end)) json.WriteNumber("endOffset", end.Offset);
        json.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, IReadOnlyList<int> numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers) json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    private string Shown(IReadOnlyDictionary<TopicPartition, OffsetResult> offsets, PartitionMetadata partition)
        => offsets.TryGetValue(new TopicPartition(topic.Name, partition.Index), out var found) ? found.Offset.ToString(System.Globalization.CultureInfo.InvariantCulture) : "?";
}
