using AkkaStream.Client.Protocol;

namespace AkkaStream.Client.Records;

/// <summary>What a topic's rules ask of each record, and what was found.</summary>
internal struct RecordCheck
{
    private readonly bool _needsKeys;
    private readonly bool _checksTimes;
    private readonly long _nowMs;
    private readonly RecordRules _rules;
    private bool _timeRefused;

    public RecordCheck(RecordRules rules, long nowMs)
    {
        this = default;
        _rules = rules;
        _nowMs = nowMs;
        _needsKeys = rules.Compacted;
        _checksTimes = rules.TimestampType == TimestampType.CreateTime;
        MaxTimestamp = RecordBatchHeader.NoTimestamp;
    }

    /// <summary>The largest timestamp seen, -1 for none.</summary>
    public long MaxTimestamp { get; private set; }

    /// <summary>The refused records, null for none.</summary>
    public List<RecordError>? Errors { get; private set; }

    /// <summary>Looks at one record.</summary>
    public void Record(int index, bool hasKey, long timestamp)
    {
        if (timestamp > MaxTimestamp) MaxTimestamp = timestamp;
        if (_needsKeys && !hasKey) Refuse(index, "a compacted topic needs a key in every record", time: false);
        else if (_checksTimes && timestamp != RecordBatchHeader.NoTimestamp && IsOut(timestamp)) RefuseTime(index, timestamp);
    }

    /// <summary>
    /// Whether all records of a batch will do by what is known of them together; then nothing remains to be asked of each.
    /// </summary>
    public bool TakesAll(in RecordScan scan)
    {
        if (_needsKeys && scan.LacksKeys) return false;
        if (_checksTimes && (IsOut(scan.MinTimestamp) || IsOut(scan.MaxTimestamp))) return false;
        MaxTimestamp = Math.Max(MaxTimestamp, scan.MaxTimestamp);
        return true;
    }

    /// <summary>The verdict on the batch of the refused records.</summary>
    public readonly RecordsVerdict Refusal() => new()
    {
        Error = _timeRefused ? ErrorCode.InvalidTimestamp : ErrorCode.InvalidRecord,
        Message = _timeRefused ? "timestamps of the batch are out of the topic's range" : $"{Errors!.Count} record(s) of the batch are refused: {Errors[0].Message}",
        RecordErrors = Errors,
        ReportsLogStart = true,
    };

    // The differences may overflow, as they do in Kafka: a time so far off is then told from the sign.
    private readonly bool IsOut(long timestamp)
        => unchecked(_nowMs - timestamp) > _rules.TimestampBeforeMaxMs || unchecked(timestamp - _nowMs) > _rules.TimestampAfterMaxMs;

    private void RefuseTime(int index, long timestamp)
        => Refuse(
            index,
            $"timestamp {timestamp} is not within {_rules.TimestampBeforeMaxMs} ms before and {_rules.TimestampAfterMaxMs} ms after the broker's {_nowMs}",
            time: true);

    private void Refuse(int index, string message, bool time)
    {
        Errors ??= [];
        _timeRefused |= time;
        if (Errors.Count < Limits.RecordErrors) Errors.Add(new RecordError(index, message));
    }
}
