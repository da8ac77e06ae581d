using System.Text;
using System.Text.Json;

namespace AkkaStream.Tests.Client.Protocol;

/// <summary>Bytes that Kafka wrote are read to what Kafka read, and what is read is written to the same bytes.</summary>
public sealed class MessageVectorTests
{
    private const int Shown = 20;

    [Fact]
    public void Every_vector_is_there()
    {
        // 18 of them are headers: the whole frames prove those.
        Assert.Equal(3342, MessageVector.Lines("messages.jsonl").Count);
        Assert.Equal(276, MessageVector.Old.Count);
    }

    [Fact]
    public void Bytes_become_the_message_that_Kafka_reads() => Each(MessageVector.Current, Decodes);

    [Fact]
    public void A_message_becomes_the_bytes_that_Kafka_writes() => Each(MessageVector.Current, Encodes);

    [Fact]
    public void A_message_that_was_read_is_written_again_byte_for_byte() => Each(MessageVector.Current, Repeats);

    [Fact]
    public void The_same_holds_for_the_versions_that_Kafka_4_dropped()
    {
        Each(MessageVector.Old, Decodes);
        Each(MessageVector.Old, Encodes);
        Each(MessageVector.Old, Repeats);
    }

    private static string? Decodes(MessageVector vector)
    {
        var json = MessageVector.ToJson(vector.Decoded(), vector.Version);
        return JsonElement.DeepEquals(vector.Json, json) ? null : $"expected {vector.Json}\n     found {json}";
    }

    private static string? Encodes(MessageVector vector) => Same(vector.Bytes, MessageVector.Encoded(vector.FromJson(), vector.Version));

    private static string? Repeats(MessageVector vector) => Same(vector.Bytes, MessageVector.Encoded(vector.Decoded(), vector.Version));

    private static string? Same(byte[] expected, byte[] found)
        => expected.AsSpan().SequenceEqual(found) ? null : $"expected {Convert.ToHexStringLower(expected)}\n     found {Convert.ToHexStringLower(found)}";

    private static void Each(IReadOnlyList<MessageVector> vectors, Func<MessageVector, string?> check)
    {
        var failures = new List<string>();
        foreach (var vector in vectors)
        {
            if (Problem(vector, check) is { } problem) failures.Add($"{vector}: {problem}");
        }

        var text = new StringBuilder($"{failures.Count} of {vectors.Count} vectors:\n");
        foreach (var failure in failures.Take(Shown)) text.AppendLine(failure.Length > 1500 ? failure[..1500] : failure);
        Assert.True(failures.Count == 0, text.ToString());
    }

    private static string? Problem(MessageVector vector, Func<MessageVector, string?> check)
    {
        try
        {
            return check(vector);
        }
        catch (Exception e)
        {
            return e.ToString();
        }
    }
}
