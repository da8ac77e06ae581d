using Akka.Actor;
using Akka.Event;
using AkkaStream.Actors.Storage;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Partitions.Moving;

/// <summary>Asks to move a partition to a log directory. One that lies there stays, and a move of it to elsewhere ends.</summary>
/// <param name="Handle">The partition.</param>
/// <param name="Target">The directory.</param>
/// <param name="Done">Told when the move has begun, or why it does not.</param>
public sealed record MoveReplica(PartitionHandle Handle, LogDirectory Target, Action<ErrorCode> Done);

/// <summary>Goes on with a move that an earlier run of the broker began.</summary>
/// <param name="Move">The move, with the directory that was left.</param>
public sealed record ResumeMove(ReplicaMove Move);

/// <summary>Asks a partition to end a move, on its own turn. It answers with <see cref="MoveEnded"/>.</summary>
/// <param name="Move">The move.</param>
/// <param name="Host">Who puts the log in its new place.</param>
public sealed record EndMove(ReplicaMove Move, PartitionHost Host);

/// <summary>How the last step went: <see cref="MoveStep.More"/> where so much came meanwhile that it is better copied beside the appends.</summary>
/// <param name="Move">The move.</param>
/// <param name="Result">What came of it.</param>
public sealed record MoveEnded(ReplicaMove Move, MoveStep Result);

/// <summary>
/// Moves partitions between log directories, a piece of each in turn, off the partitions' own turns: what it copies is throttled by
/// <c>replica.alter.log.dirs.io.max.bytes.per.second</c>, and appends go on meanwhile.
/// </summary>
public sealed class MoverActor(PartitionHost host) : UntypedActor
{
    private readonly List<Running> moves = [];
    private int next;
    private bool asleep = true;

    private long NowMs => Context.System.Scheduler.Now.ToUnixTimeMilliseconds();

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case MoveReplica ask: Take(ask); break;
            case ResumeMove resume: Begin(resume.Move); break;
            case MoveEnded ended: Ended(ended); break;
            case Wake: asleep = true; break;
            default: Unhandled(message); return;
        }

        if (asleep) Step();
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        foreach (var running in moves)
        {
            if (!running.IsEnding) running.Move.Suspend();
        }
    }

    private void Take(MoveReplica ask)
    {
        var current = moves.Find(running => running.Move.Handle == ask.Handle && !running.IsCancelled);
        if (current is not null && current.Move.Target != ask.Target) Cancel(current);
        if (current is { IsCancelled: false } || ask.Handle.Home == ask.Target)
        {
            ask.Done(ErrorCode.None);
            return;
        }

        // As Kafka: while a directory is offline nobody knows whether it holds a copy already.
        if (ask.Handle.IsRemoved || host.HasOffline)
        {
            ask.Done(ask.Handle.IsRemoved ? ErrorCode.UnknownTopicOrPartition : ErrorCode.KafkaStorageError);
            return;
        }

        var name = LogDirectory.FutureName(ask.Handle.Name, host.NewId());
        ask.Done(Begin(new ReplicaMove(ask.Handle, ask.Target, name, long.MaxValue)));
    }

    private ErrorCode Begin(ReplicaMove move)
    {
        if (move.Begin(NowMs) == MoveStep.Failed)
        {
            Tell(move);
            move.GiveUp();
            move.Handle.Move = null;
            return ErrorCode.KafkaStorageError;
        }

        move.Handle.Move = move;
        moves.Add(new Running(move));
        return ErrorCode.None;
    }

    // A piece of the next move that has something to copy.
    private void Step()
    {
        for (var i = 0; i < moves.Count; i++)
        {
            var running = moves[(next + i) % moves.Count];
            if (running.IsEnding) continue;
            next = (next + i + 1) % moves.Count;
            asleep = false;
            Step(running);
            var pause = TimeSpan.FromSeconds((double)running.Move.LastBytes / host.MoveBytesPerSecond);
            if (pause < TimeSpan.FromMilliseconds(1)) Self.Tell(Wake.Instance, ActorRefs.NoSender);
            else Context.System.Scheduler.ScheduleTellOnce(pause, Self, Wake.Instance, ActorRefs.NoSender);
            return;
        }
    }

    private void Step(Running running)
    {
        var move = running.Move;
        if (move.Handle.IsRemoved || move.Handle.IsOffline)
        {
            Drop(running);
            return;
        }

        var result = move.Copy(Limits.MovePieceBytes, NowMs);
        if (result == MoveStep.CaughtUp) result = move.Flush();
        if (result == MoveStep.CaughtUp)
        {
            running.IsEnding = true;
            move.Handle.Actor.Tell(new EndMove(move, host), Self);
        }

        // At a stop the log is closed under the copy: that is no failure, and the next start goes on.
        if (result != MoveStep.Failed || host.IsClosing) return;
        Tell(move);
        Drop(running);
    }

    private void Ended(MoveEnded ended)
    {
        var running = moves.Find(r => r.Move == ended.Move);
        if (running is null) return;
        running.IsEnding = false;
        switch (ended.Result)
        {
            case MoveStep.Done:
                Remove(running);
                Context.GetLogger().Info("{0} lies in {1} now", ended.Move.Handle, ended.Move.Target.Path);
                break;
            case MoveStep.Failed:
                if (host.IsClosing) return;
                Tell(ended.Move);
                Drop(running);
                break;
            default:
                if (running.IsCancelled) Drop(running);
                break;
        }
    }

    private void Cancel(Running running)
    {
        running.IsCancelled = true;
        if (!running.IsEnding) Drop(running);
    }

    private void Drop(Running running)
    {
        Remove(running);
        running.Move.GiveUp();
        running.Move.Target.RemoveDoomed();
    }

    private void Remove(Running running)
    {
        moves.Remove(running);
        next = 0;
        if (running.Move.Handle.Move == running.Move) running.Move.Handle.Move = null;
    }

    private static void Tell(ReplicaMove move)
    {
        if (move.Handle.IsRemoved || move.Target.IsOffline) return;
        Context.GetLogger().Error("{0} cannot be moved from {1} to {2}: {3}. It stays where it is; ask again when that is mended.", move.Handle, move.Handle.Home.Path, move.Target.Path, move.Failure!);
    }

    private sealed class Running(ReplicaMove move)
    {
        public ReplicaMove Move => move;

        /// <summary>It is with the partition, for the last step.</summary>
        public bool IsEnding { get; set; }

        /// <summary>Another one was asked for while it was with the partition.</summary>
        public bool IsCancelled { get; set; }
    }

    private sealed record Wake
    {
        public static readonly Wake Instance = new();
    }
}
