using System.Text.Json;
using AkkaStream.Client.Cluster;

namespace AkkaStream.Host.Verbs;

/// <summary>Where partitions shall be, in the JSON of Kafka's reassignment tool: <c>{"version":1,"partitions":[{"topic":"t","partition":0,"replicas":[1,2]}]}</c>.</summary>
internal static class ReassignmentFile
{
    /// <summary>Reads it; what stands beside in <c>log_dirs</c> is passed over.</summary>
    /// <exception cref="FormatException">It is none; the message says where.</exception>
    internal static Dictionary<TopicPartition, IReadOnlyList<int>> Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var found = new Dictionary<TopicPartition, IReadOnlyList<int>>();
            foreach (var entry in document.RootElement.GetProperty("partitions").EnumerateArray())
            {
                var partition = new TopicPartition(entry.GetProperty("topic").GetString() ?? "", entry.GetProperty("partition").GetInt32());
                var replicas = entry.GetProperty("replicas").EnumerateArray().Select(r => r.GetInt32()).ToList();
                if (replicas.Count == 0) throw new FormatException($"{partition}: a partition needs at least one replica");
                if (replicas.Distinct().Count() != replicas.Count) throw new FormatException($"{partition}: a broker stands twice among its replicas");
                if (!found.TryAdd(partition, replicas)) throw new FormatException($"{partition} stands twice in the file");
            }

            return found.Count > 0 ? found : throw new FormatException("the file names no partition");
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new FormatException($"expected {{\"version\":1,\"partitions\":[{{\"topic\":\"t\",\"partition\":0,\"replicas\":[1,2]}}]}}, as `reassign generate` writes it: {fault.Message}", fault);
        }
    }

    /// <summary>The topics of a file as Kafka's tool takes them for a proposal: <c>{"version":1,"topics":[{"topic":"t"}]}</c>.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    internal static List<string> ParseTopics(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.GetProperty("topics").EnumerateArray().Select(t => t.GetProperty("topic").GetString() ?? "").ToList();
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new FormatException($"expected {{\"version\":1,\"topics\":[{{\"topic\":\"t\"}}]}}: {fault.Message}", fault);
        }
    }

    /// <summary>Writes it on one line.</summary>
    internal static void Write(Utf8JsonWriter json, IEnumerable<KeyValuePair<TopicPartition, IReadOnlyList<int>>> targets)
    {
        json.WriteStartObject();
        json.WriteNumber("version", 1);
        json.WriteStartArray("partitions");
        foreach (var (partition, replicas) in targets.OrderBy(t => t.Key.Topic, StringComparer.Ordinal).ThenBy(t => t.Key.Partition))
        {
            json.WriteStartObject();
            json.WriteString("topic", partition.Topic);
            json.WriteNumber("partition", partition.Partition);
            json.WriteStartArray("replicas");
            foreach (var replica in replicas) json.WriteNumberValue(replica);
            json.WriteEndArray();
            json.WriteStartArray("log_dirs");
            foreach (var _ in replicas) json.WriteStringValue("any");
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
