using AkkaStream.Actors.Storage;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Partitions.Moving;

/// <summary>How a step of a move ended.</summary>
public enum MoveStep
{
    /// <summary>There is more to copy.</summary>
    More,

    /// <summary>The copy has everything that the log had when it was looked at.</summary>
    CaughtUp,

    /// <summary>The move is over, and the partition lies in its new directory.</summary>
    Done,

    /// <summary>The move cannot go on; <see cref="ReplicaMove.Failure"/> says why.</summary>
    Failed,
}

/// <summary>
/// The move of one partition to another log directory: a copy beside the log (<c>topic-partition.id-future</c>, as Kafka names it) takes in batch after batch while
/// appends go on, and takes the log's place in one step once it has everything. Up to that step the log is untouched; a crash at any point leaves the log, the
/// copy, or both, and both only where both have everything.
/// </summary>
/// <remarks>One owner at a time: the mover's turn while it copies, the partition's turn for the last step.</remarks>
public sealed class ReplicaMove
{
    private readonly string name;
    private readonly long trustedEnd;
    private PartitionLog? copy;
    private bool wasCut;

    /// <summary>A move that has not begun.</summary>
    /// <param name="handle">The partition.</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="name">The name of the copy's directory in there; it may be there already, from a move that was cut short.</param>
    /// <param name="trustedEnd">Up to which offset a copy that is there already can be true: where the log ended when the broker started.</param>
    public ReplicaMove(PartitionHandle handle, LogDirectory target, string name, long trustedEnd)
    {
        Handle = handle;
        Target = target;
        this.name = name;
        this.trustedEnd = trustedEnd;
    }

    /// <summary>The partition.</summary>
    public PartitionHandle Handle { get; }

    /// <summary>Where it goes.</summary>
    public LogDirectory Target { get; }

    /// <summary>Bytes of the copy. From any thread.</summary>
    public long SizeInBytes => Volatile.Read(ref copy)?.SizeInBytes ?? 0;

    /// <summary>Records that the copy lacks. From any thread.</summary>
    public long OffsetLag => Volatile.Read(ref copy) is { } log ? Math.Max(0, Handle.Log.View.EndOffset - log.View.EndOffset) : Handle.Log.View.EndOffset;

    /// <summary>Why the move cannot go on.</summary>
    public string? Failure { get; private set; }

    /// <summary>The copy has the partition's name, so that the partition lies in the target from now on.</summary>
    public bool IsPromoted { get; private set; }

    /// <summary>Bytes that the last step copied.</summary>
    public int LastBytes { get; private set; }

    /// <summary>Opens the copy: what an earlier run left of it, or an empty one.</summary>
    public MoveStep Begin(long nowMs) => Try(() =>
    {
        var log = Open(nowMs);
        var source = Handle.Log.View;
        // A copy that knows more than the log did at the start has records that a power loss took from the log; one that begins later, or ends before the log begins, lacks some.
        if (log.View.EndOffset > trustedEnd || log.View.EndOffset < source.StartOffset || log.View.StartOffset > source.StartOffset)
        {
            log.Abandon();
            Target.RemoveFuture(name);
            log = Open(nowMs);
        }

        Volatile.Write(ref copy, log);
        return MoveStep.More;
    });

    /// <summary>Copies a piece of at most <paramref name="maxBytes"/>, or one batch where that is larger.</summary>
    public MoveStep Copy(int maxBytes, long nowMs) => Try(() =>
    {
        LastBytes = 0;
        var to = copy!;
        var from = to.View.EndOffset;
        var source = Handle.Log;
        var start = source.View.StartOffset;
        // An empty copy begins with the batch that holds the log's start, which may lie inside of it.
        var isBehind = from < start && (to.View.StartOffset < from || start >= source.View.EndOffset);
        if (isBehind || Volatile.Read(ref wasCut)) return Restart(nowMs);
        using var read = source.Read(Math.Max(from, start), maxBytes, ReadLimit.End, minOneBatch: true);
        if (read.Error != ErrorCode.None) return Fail($"offset {from} cannot be read ({read.Error.Name()})");
        if (read.Length == 0) return from >= source.View.EndOffset ? MoveStep.CaughtUp : Fail($"nothing can be read at offset {from}");
        var bytes = read.ReadBytes();
        if (!Take(to, bytes, from, nowMs)) return MoveStep.Failed;
        LastBytes = bytes.Length;
        return to.View.EndOffset >= source.View.EndOffset ? MoveStep.CaughtUp : MoveStep.More;
    });

    /// <summary>Makes what was copied durable, so that the last step need not wait long.</summary>
    public MoveStep Flush() => Try(() =>
    {
        var flush = copy!.BeginFlush();
        flush.Run();
        return copy.EndFlush(flush) == ErrorCode.None ? MoveStep.CaughtUp : Fail(flush.Error?.Message ?? "the copy cannot be made durable");
    });

    /// <summary>
    /// The last step, on the partition's turn: the copy takes the rest, is closed and made durable, gets the partition's name, and only then the old directory
    /// loses it. Gives the opened log in its new place.
    /// </summary>
    public MoveStep Finish(Guid unique, long nowMs, bool isReplica, out PartitionLog? moved)
    {
        PartitionLog? opened = null;
        var result = Try(() =>
        {
            if (wasCut) return MoveStep.More;
            while (copy!.View.EndOffset < Handle.Log.View.EndOffset)
            {
                if (Copy(Limits.MovePieceBytes, nowMs) is MoveStep.Failed) return MoveStep.Failed;
            }

            return Replace(unique, nowMs, isReplica, out opened);
        });
        moved = opened;
        return result;
    }

    /// <summary>The log is cut: what was copied of it may be another one's by now, and the copy begins anew. On the partition's turn, before it is cut.</summary>
    public void SourceIsCut() => Volatile.Write(ref wasCut, true);

    /// <summary>Ends the move and removes the copy.</summary>
    public void GiveUp()
    {
        copy?.Abandon();
        if (!Target.IsOffline) Target.RemoveFuture(name);
    }

    /// <summary>The broker stops: the copy stays, and the next start goes on with it.</summary>
    public void Suspend() => copy?.Close();

    private MoveStep Replace(Guid unique, long nowMs, bool isReplica, out PartitionLog? moved)
    {
        moved = null;
        var source = Handle.Log;
        var to = copy!;
        to.Inherit(source);
        if (source.View.StartOffset > to.View.StartOffset) to.DeleteRecords(source.View.StartOffset, nowMs);
        var (has, should) = (to.View, source.View);
        if (has.EndOffset != should.EndOffset || has.StartOffset != should.StartOffset) return Fail($"the copy has offsets {has.StartOffset} to {has.EndOffset}, the log {should.StartOffset} to {should.EndOffset}");
        if (to.Close() != ErrorCode.None || Target.Promote(name, Handle.Name, to) != ErrorCode.None) return Fail(Target.Failure ?? "the copy cannot take the log's place");
        IsPromoted = true;
        // From here on the partition lies in the new directory, whatever becomes of the old one.
        Handle.Home.Remove(Handle.Name, unique);
        moved = Target.OpenMoved(Handle.Name, Handle.Config.ToLogConfig(), nowMs, isReplica ? source.View.HighWatermark : -1);
        return MoveStep.Done;
    }

    private bool Take(PartitionLog to, byte[] bytes, long from, long nowMs)
    {
        var walker = new RecordBatchWalker(bytes, takesOldFormats: true);
        while (walker.MoveNext())
        {
            var header = walker.Header;
            if (header.LastOffset < from) continue;
            if (!header.HasCrcOf(walker.Batch))
            {
                Fail($"the batch at offset {header.BaseOffset} is damaged");
                return false;
            }

            if (to.StageReplica(bytes.AsMemory(walker.Position, walker.Batch.Length), header, nowMs).Error is var error and not ErrorCode.None)
            {
                Fail($"the copy refuses offset {header.BaseOffset} ({error.Name()})");
                return false;
            }
        }

        var committed = to.Commit();
        if (committed.Error == ErrorCode.None && committed.EndOffset > from) return true;
        Fail(committed.Cause ?? $"no batch can be read at offset {from}");
        return false;
    }

    private MoveStep Restart(long nowMs)
    {
        Volatile.Write(ref wasCut, false);
        copy!.Abandon();
        Target.RemoveFuture(name);
        Volatile.Write(ref copy, Open(nowMs));
        return MoveStep.More;
    }

    // The copy begins where the log's first batch does, which may be before the first record that can be read.
    private PartitionLog Open(long nowMs)
    {
        var start = Handle.Log.View.StartOffset;
        using var first = Handle.Log.Read(start, RecordBatchHeader.Size, ReadLimit.End, minOneBatch: true);
        if (first.Error == ErrorCode.None && first.Length > 0 && RecordBatchHeader.TryParseStored(first.ReadBytes(), out var header)) start = Math.Min(start, header.BaseOffset);
        return Target.OpenFuture(name, Handle.Config.ToLogConfig(), Handle.TopicId, start, nowMs);
    }

    private MoveStep Fail(string why)
    {
        Failure = why;
        return MoveStep.Failed;
    }

    private MoveStep Try(Func<MoveStep> work)
    {
        try
        {
            return work();
        }
        catch (Exception error) when (error.IsDiskError() || error is InvalidDataException)
        {
            return Fail(error.Message);
        }
    }
}
