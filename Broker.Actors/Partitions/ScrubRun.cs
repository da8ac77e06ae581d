using AkkaStream.Actors.Storage;

namespace AkkaStream.Actors.Partitions;

/// <summary>One walk over the closed segments of many logs, step by step. Plain: the caller decides when a step is due.</summary>
internal sealed class ScrubRun(IReadOnlyList<PartitionLog> logs)
{
    private int _at;
    private ScrubPlace? _place;

    /// <summary>Bytes that were read so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>Damaged places that were met so far.</summary>
    public int Damages { get; private set; }

    /// <summary>Logs of the walk.</summary>
    public int Logs => logs.Count;

    /// <summary>Reads on; false at the end. Gives the bytes that it read.</summary>
    public bool Step(int bytes, out long read)
    {
        read = 0;
        while (_at < logs.Count)
        {
            var step = logs[_at].Scrub(_place, bytes);
            read = step.Bytes;
            Bytes += step.Bytes;
            Damages += step.Damages;
            _place = step.Next;
            if (step.Next is not null) return true;
            _at++;
        }

        return false;
    }
}
