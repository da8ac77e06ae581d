namespace AkkaStream.Actors.Storage;

/// <summary>What a log that nobody appends to holds on to, and when it wants to be looked after.</summary>
public sealed partial class PartitionLog
{
    private long _endAtHousekeeping = -1;

    /// <summary>Nothing was appended between the last two calls of <see cref="Housekeep"/>, nor since.</summary>
    public bool IsSilent { get; private set; }

    /// <summary>When <see cref="LogConfig.FlushMs"/> asks for a flush, milliseconds since 1970; <see cref="long.MaxValue"/> where nothing waits for one.</summary>
    public long FlushDueMs => _config.FlushMs == long.MaxValue || _flushing || _end <= RecoveryPoint ? long.MaxValue : Later(_lastFlushMs, _config.FlushMs);

    /// <summary>
    /// When <see cref="Housekeep"/> has something to do next, milliseconds since 1970; <see cref="long.MaxValue"/> for an idle log without records or of which
    /// nothing ever grows old. Looks at no file. For the owner.
    /// </summary>
    /// <param name="nowMs">Now.</param>
    /// <param name="intervalMs">How far apart two looks are at least at what is due at no certain time.</param>
    public long NextHousekeeping(long nowMs, long intervalMs)
    {
        if (_closed) return long.MaxValue;
        var next = Math.Min(NextLook(nowMs + intervalMs), FlushDueMs);
        return _leftovers is not null && _leftovers.TryPeek(out var oldest) ? Math.Min(next, oldest.DueMs) : next;
    }

    // At what is due at no certain time.
    private long NextLook(long soon)
    {
        if (_unfinished is { Count: > 0 }) return soon;
        // How old the oldest records are is in a file that need not be opened at a start.
        if (_endAtHousekeeping < 0) return _end > _segments[0].BaseOffset ? soon : long.MaxValue;
        if (HoldsMore || LiesBelow(_segments[0], _start)) return soon;
        return Math.Max(soon, Math.Min(RetentionDueMs(), _producers.NextExpiry(_config.ProducerIdExpirationMs)));
    }

    // More than a log that is silent has to hold, or records that are not durable yet: a look will find that nothing came meanwhile.
    private bool HoldsMore => _active.IsAwake || _end > RecoveryPoint;

    // Lets go of what only appends need, and has what came last made durable: a start after a crash need not read the log then.
    private void Rest()
    {
        IsSilent = _end == _endAtHousekeeping && _stagedEnd == _end;
        _endAtHousekeeping = _end;
        if (!IsSilent) return;
        _staged = null;
        _producers.Rest();
        if (_active.IsAwake) Try("indexes cannot be written", _active.Rest);
    }

    private long RetentionDueMs()
    {
        var oldest = _segments[0];
        if (!_config.DeletesByRetention || _config.RetentionMs < 0 || (oldest.Size == 0 && oldest == _active)) return long.MaxValue;
        return Later(oldest.MaxTimestamp >= 0 ? oldest.MaxTimestamp : oldest.OpenedMs, _config.RetentionMs);
    }

    private static long Later(long time, long by) => time > long.MaxValue - by - 1 ? long.MaxValue : time + by + 1;
}
