using AkkaStream.Client.Compression;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Client.Records;

/// <summary>What a topic asks of the records that clients send it: its configuration, as far as it is about records.</summary>
public sealed record RecordRules
{
    /// <summary>max.message.bytes: the largest batch, header included.</summary>
    public int MaxMessageBytes { get; init; } = 1048588;

    /// <summary>compression.type: the codec in which batches are kept, or null for the producer's.</summary>
    public CompressionType? Compression { get; init; }

    /// <summary>The level of <see cref="Compression"/>, or null for the codec's default.</summary>
    public int? CompressionLevel { get; init; }

    /// <summary>message.timestamp.type.</summary>
    public TimestampType TimestampType { get; init; }

    /// <summary>message.timestamp.before.max.ms: how far behind the broker's clock a record may be.</summary>
    public long TimestampBeforeMaxMs { get; init; } = long.MaxValue;

    /// <summary>message.timestamp.after.max.ms: how far ahead of the broker's clock a record may be.</summary>
    public long TimestampAfterMaxMs { get; init; } = 3600000;

    /// <summary>cleanup.policy has compact: every record needs a key.</summary>
    public bool Compacted { get; init; }
}

/// <summary>Why one record of a batch is refused.</summary>
/// <param name="Index">Its place in the batch, from 0.</param>
/// <param name="Message">The reason, for people.</param>
public readonly record struct RecordError(int Index, string Message);

/// <summary>What became of a check.</summary>
public readonly record struct RecordsVerdict
{
    /// <summary><see cref="ErrorCode.None"/> when the batch may be appended.</summary>
    public ErrorCode Error { get; init; }

    /// <summary>What the answer says beside the code, or null where Kafka says nothing.</summary>
    public string? Message { get; init; }

    /// <summary>The answer names the log's start offset: the error was found in the records, not in their envelope.</summary>
    public bool ReportsLogStart { get; init; }

    /// <summary>The refused records, or null.</summary>
    public IReadOnlyList<RecordError>? RecordErrors { get; init; }

    /// <summary>The batch to append: the one that came, or its converted form.</summary>
    public ReadOnlyMemory<byte> Batch { get; init; }

    /// <summary>The header of <see cref="Batch"/>.</summary>
    public RecordBatchHeader Header { get; init; }

    /// <summary>The memory of a converted batch, to be disposed after the append; null where the batch is the one that came.</summary>
    public IDisposable? Lease { get; init; }

    /// <summary>The batch may be appended.</summary>
    public bool IsAccepted => Error == ErrorCode.None;

    internal static RecordsVerdict Refused(ErrorCode error, string? message = null) => new() { Error = error, Message = message };

    internal static RecordsVerdict RefusedInLog(ErrorCode error, string? message = null) => new() { Error = error, Message = message, ReportsLogStart = true };
}
