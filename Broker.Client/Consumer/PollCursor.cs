using AkkaStream.Client.Cluster;

namespace AkkaStream.Client.Consumer;

/// <summary>
/// Where an application is in what a poll brought. A record that it has been given counts as handled when it asks for the next one; a partition may be dropped on
/// the way, because the application went on elsewhere in it or paused it. Plain: it has neither clock nor socket.
/// </summary>
internal sealed class PollCursor : IDisposable
{
    private Polled? polled;
    private Dictionary<TopicPartition, bool>? dropped;
    private int next;
    private int handled;

    /// <summary>What was polled; to be looked at between <see cref="Put"/> and <see cref="Dispose"/>.</summary>
    public Polled Polled => polled ?? throw new InvalidOperationException("nothing was polled");

    /// <summary>What is handed out from now on. The one before is over.</summary>
    public void Put(Polled brought)
    {
        Dispose();
        polled = brought;
    }

    /// <summary>The application asks for more: what it was given is handled.</summary>
    public void Handle() => handled = next;

    /// <summary>What was given last counts as not given.</summary>
    public void PutBack() => next = handled;

    /// <summary>Gives the next records of one partition; false where there are none.</summary>
    /// <param name="most">How many at most.</param>
    /// <param name="start">The first one's place in <see cref="Polled"/>.</param>
    /// <param name="count">How many.</param>
    public bool TryTake(int most, out int start, out int count)
    {
        (start, count) = (0, 0);
        if (polled is null) return false;
        var records = polled.Records;
        while (next < records.Length && IsDropped(records[next].Partition)) next++;
        handled = start = next;
        if (next == records.Length) return false;
        count = 1;
        var partition = records[start].Partition;
        while (count < most && start + count < records.Length && records[start + count].Partition == partition) count++;
        next = start + count;
        return true;
    }

    /// <summary>Of what was taken last, only so many records are given; the others are taken again.</summary>
    public void Keep(int count) => next = handled + count;

    /// <summary>The rest of a partition's records is not handed out.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="isElsewhere">The application goes on at another offset: nothing of this counts any more.</param>
    public void Drop(TopicPartition partition, bool isElsewhere)
    {
        if (polled is null) return;
        dropped ??= [];
        dropped[partition] = isElsewhere || dropped.GetValueOrDefault(partition);
    }

    /// <summary>The first offset of a partition that was not given yet; <paramref name="read"/>, up to where it was read, where all was.</summary>
    public long Given(TopicPartition partition, long read) => IsDropped(partition) ? read : First(partition, next, polled?.Count ?? 0) ?? read;

    /// <summary>The first offset of a partition that is not handled yet; <paramref name="read"/> where all is.</summary>
    public long Handled(TopicPartition partition, long read)
    {
        if (dropped is null || !dropped.TryGetValue(partition, out var isElsewhere)) return First(partition, handled, polled?.Count ?? 0) ?? read;
        return isElsewhere ? read : First(partition, handled, next) ?? read;
    }

    /// <summary>Forgets what was polled, and gives its memory back.</summary>
    public void Dispose()
    {
        polled?.Dispose();
        polled = null;
        dropped = null;
        next = handled = 0;
    }

    private bool IsDropped(TopicPartition partition) => dropped is not null && dropped.ContainsKey(partition);

    private long? First(TopicPartition partition, int from, int to)
    {
        if (polled is null) return null;
        var records = polled.Records[from..to];
        foreach (ref readonly var record in records)
        {
            if (record.Partition == partition) return record.Offset;
        }

        return null;
    }
}
