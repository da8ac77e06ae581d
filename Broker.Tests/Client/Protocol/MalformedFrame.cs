using System.Buffers.Binary;
using System.Text.Json;

namespace AkkaStream.Tests.Client.Protocol;

/// <summary>What was sent to a Kafka broker on a fresh connection, mostly bad, and what it did.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Group">What is wrong with it.</param>
/// <param name="Bytes">Everything that was sent, the length included.</param>
/// <param name="OneByteAWrite">Whether each byte went alone.</param>
/// <param name="Outcome">What the broker did.</param>
/// <param name="Answer">The whole first frame of its answer, or null.</param>
/// <param name="After">What a good request on the same connection met, or null where it was closed.</param>
internal sealed record MalformedFrame(string Id, string Group, byte[] Bytes, bool OneByteAWrite, MalformedOutcome Outcome, byte[]? Answer, string? After)
{
    public const int LengthBytes = 4;

    public static IReadOnlyList<MalformedFrame> All { get; } = MessageVector.Lines("malformed.jsonl").Select(Of).ToList();

    /// <summary>The first frame behind its length; empty where the bytes hold none.</summary>
    public ReadOnlyMemory<byte> First
    {
        get
        {
            if (Bytes.Length < LengthBytes) return default;
            var length = BinaryPrimitives.ReadInt32BigEndian(Bytes);
            return length > 0 && length <= Bytes.Length - LengthBytes ? Bytes.AsMemory(LengthBytes, length) : default;
        }
    }

    private static MalformedFrame Of(JsonElement line) => new(
        line.GetProperty("id").GetString()!,
        line.GetProperty("group").GetString()!,
        Sent(line),
        line.TryGetProperty("oneByteAWrite", out var alone) && alone.GetBoolean(),
        OutcomeOf(line.GetProperty("outcome").GetString()!),
        line.TryGetProperty("answer", out var answer) ? Convert.FromHexString(answer.GetString()!) : null,
        line.TryGetProperty("after", out var after) ? after.GetString() : null);

    private static MalformedOutcome OutcomeOf(string text) => text switch
    {
        "close" => MalformedOutcome.Close,
        "answer" => MalformedOutcome.Answer,
        _ => MalformedOutcome.Silence,
    };

    private static byte[] Sent(JsonElement line)
    {
        if (!line.TryGetProperty("build", out var build)) return Convert.FromHexString(line.GetProperty("hex").GetString()!);
        var middle = new byte[build.GetProperty("times").GetInt32()];
        middle.AsSpan().Fill(Convert.FromHexString(build.GetProperty("byte").GetString()!)[0]);
        return [.. Part(build, "prefix"), .. middle, .. Part(build, "suffix")];
    }

    private static byte[] Part(JsonElement build, string name) => build.TryGetProperty(name, out var hex) ? Convert.FromHexString(hex.GetString()!) : [];
}

/// <summary>What a broker does with a frame.</summary>
internal enum MalformedOutcome
{
    /// <summary>It closes the connection without a word.</summary>
    Close,

    /// <summary>It answers.</summary>
    Answer,

    /// <summary>It waits for more, or has nothing to say; the connection stays.</summary>
    Silence,
}
