using System.Text;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Storage;

/// <summary>The file <c>partition.metadata</c>: the id of the topic to which a directory belongs.</summary>
internal static class PartitionMetadataFile
{
    public static byte[] Encode(Guid topicId) => Encoding.ASCII.GetBytes($"version: 0\ntopic_id: {KafkaUuid.ToText(topicId)}");

    /// <summary>False where the bytes are no such file.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, out Guid topicId)
    {
        topicId = Guid.Empty;
        var lines = Encoding.ASCII.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return lines.Length == 2 && lines[0] == "version: 0" && lines[1].StartsWith("topic_id: ", StringComparison.Ordinal)
            && KafkaUuid.TryParse(lines[1].AsSpan("topic_id: ".Length), out topicId);
    }
}
