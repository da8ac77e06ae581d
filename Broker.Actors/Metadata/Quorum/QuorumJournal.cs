using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using Akka.Persistence;
using Akka.Persistence.Journal;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Metadata.Quorum;

/// <summary>Another controller has a higher epoch, or the quorum's disk here failed: whether the last write counts, only the next recovery tells.</summary>
public sealed class QuorumLostException : Exception
{
    /// <summary>With what happened.</summary>
    public QuorumLostException(string message)
        : base(message)
    {
    }
}

/// <summary>
/// The journal <c>akka.persistence.journal.quorum</c>: the controller's events on a majority of the voters. A recovery claims an epoch and knows all that was ever acknowledged; a write is done
/// when a majority has it on disk. It keeps one persistent actor's events: an event's number is its offset in the log and one. See <see cref="QuorumExtension"/>.
/// </summary>
public sealed class QuorumJournal : AsyncWriteJournal
{
    /// <summary>The plug-in's id.</summary>
    public const string PluginId = "akka.persistence.journal.quorum";

    private const int TickMs = 100;

    private const int BeatMs = 1000;

    // A refusal is asked about again every few ticks: about ten seconds.
    private const int OwnRefusals = 30;

    private readonly QuorumExtension quorum = QuorumExtension.Of(Context.System);
    private readonly QuorumParts parts;
    private readonly ILoggingAdapter log = Context.GetLogger();
    private readonly Dictionary<int, (QuorumMember Member, ActorSelection To)> voters = [];
    private readonly string scheme;
    private QuorumProposer? proposer;
    private TaskCompletionSource<long>? claim;
    private (TaskCompletionSource<IImmutableList<Exception?>?> Done, long End)? write;
    private bool ticks;
    private bool beats;
    private bool gaveUp;

    /// <summary>By the system's <see cref="QuorumExtension"/>.</summary>
    public QuorumJournal()
    {
        parts = quorum.Parts;
        scheme = ((ExtendedActorSystem)Context.System).Provider.DefaultAddress.Protocol;
    }

    /// <inheritdoc/>
    public override Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr)
    {
        Fail("another recovery began");
        claim = new TaskCompletionSource<long>();
        var system = Context.System;
        proposer = new QuorumProposer(new QuorumProposerParts
        {
            Id = parts.Id,
            Claim = parts.NewId(),
            Configured = parts.Configured,
            Log = parts.Log,
            LocalPromise = () => parts.Promises.Promise.Epoch,
            NowMs = () => system.Scheduler.Now.ToUnixTimeMilliseconds(),
        });
        proposer.Start();
        var elected = claim.Task;
        Act();
        return elected;
    }

    /// <inheritdoc/>
    public override Task ReplayMessagesAsync(IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max, Action<IPersistentRepresentation> recoveryCallback)
    {
        // As many as a limit asks for lie within so many numbers: none is left out.
        if (max < toSequenceNr - fromSequenceNr) toSequenceNr = fromSequenceNr + max - 1;
        var offset = ReplaySnapshot(fromSequenceNr, toSequenceNr, persistenceId, recoveryCallback);
        while (offset < toSequenceNr)
        {
            var from = offset;
            var walker = new RecordBatchWalker(parts.Log.Read(offset, Limits.JournalReadBytes));
            while (offset < toSequenceNr && walker.MoveNext())
            {
                Replay(walker.Header, walker.Records, persistenceId, fromSequenceNr, toSequenceNr, recoveryCallback);
                offset = walker.Header.NextOffset;
            }

            if (offset == from) throw new InvalidDataException($"the controller's log is damaged at offset {offset}");
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override Task<IImmutableList<Exception?>?> WriteMessagesAsync(IEnumerable<AtomicWrite> messages)
    {
        var events = new List<IApiMessage>();
        var first = 0L;
        foreach (var atomic in messages)
        {
            foreach (var representation in (IEnumerable<IPersistentRepresentation>)atomic.Payload)
            {
                if (first == 0) first = representation.SequenceNr;
                events.Add((IApiMessage)representation.Payload);
            }
        }

        if (proposer is not { IsElected: true, Phase: QuorumPhase.Leading } || write is not null) throw new QuorumLostException("the journal is not this controller's any more");
        if (first != parts.Log.EndOffset + 1) throw new QuorumLostException($"event {first} does not continue a log that ends at {parts.Log.EndOffset}");
        var done = new TaskCompletionSource<IImmutableList<Exception?>?>();
        write = (done, parts.Log.EndOffset + events.Count);
        if (events is not [VotersRecord voters]) proposer.Propose(events);
        else if (proposer.TryChange(QuorumBatches.ToVoters(voters)) is { } why) Fail($"the voters cannot be changed: {why}");
        Act();
        return done.Task;
    }

    /// <inheritdoc/>
    protected override Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr) => throw new NotSupportedException("the controller's events are not deleted one by one");

    /// <inheritdoc/>
    protected override bool ReceivePluginInternal(object message)
    {
        switch (message)
        {
            case QuorumAnswer answer:
                proposer?.Handle(answer);
                break;
            case Tick:
                ticks = false;
                proposer?.Tick();
                break;
            case Beat:
                beats = false;
                if (write is null) proposer?.Beat();
                break;
            case QuorumLearner learner:
                proposer?.Teach(learner.Member);
                break;
            case QuorumProbe:
                proposer?.Probe();
                break;
            case QuorumQuery query:
                if (proposer is { IsElected: true } now) Sender.Tell(new QuorumStatus(query.About, now.Epoch, now.Committed, now.Voters, [.. now.Standings]), Self);
                break;
            default:
                return false;
        }

        Act();
        return true;
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        Fail("the system stops");
        base.PostStop();
    }

    // Gives where the events go on.
    private long ReplaySnapshot(long from, long to, string id, Action<IPersistentRepresentation> callback)
    {
        for (var i = parts.Log.Snapshots.Count - 1; i >= 0; i--)
        {
            var snapshot = parts.Log.Snapshots[i];
            if (snapshot.End.Offset < from || snapshot.End.Offset > to) continue;
            try
            {
                var image = SnapshotBatches.ToImage(SnapshotBatches.Pieces(parts.Log, snapshot), snapshot.End);
                callback(new Persistent(new QuorumImage(image), snapshot.End.Offset, id, null!, false, ActorRefs.NoSender, ""));
                return snapshot.End.Offset;
            }
            catch (Exception error) when (error is IOException or MalformedMessageException or CorruptRecordException)
            {
                log.Error("the snapshot of the controller's log at offset {0} cannot be read: {1}. The one before it is taken, or the log itself.", snapshot.End.Offset, error.Message);
            }
        }

        return from > parts.Log.Start.Offset ? from - 1 : throw new InvalidDataException($"the events before offset {parts.Log.Start.Offset} are only in snapshots, and none of them can be read");
    }

    private static void Replay(in RecordBatchHeader header, ReadOnlySpan<byte> records, string id, long from, long to, Action<IPersistentRepresentation> callback)
    {
        var events = QuorumBatches.Decode(header, records);
        if (events.Count != header.LastOffsetDelta + 1) throw new InvalidDataException($"the controller's log is damaged at offset {header.BaseOffset}");
        for (var i = 0; i < events.Count; i++)
        {
            var number = header.BaseOffset + i + 1;
            if (number >= from && number <= to) callback(new Persistent(events[i], number, id, null!, false, ActorRefs.NoSender, ""));
        }
    }

    // What the proposer wants sent, and what it came to.
    private void Act()
    {
        if (proposer is not { } now) return;
        foreach (var (to, message) in now.TakeOutbox()) Send(to, message);
        if (now.Phase == QuorumPhase.Deposed)
        {
            Fail($"another controller has an epoch above {now.Epoch}, or the own log cannot be read");
            return;
        }

        if (now.IsElected && claim is { } waiting)
        {
            claim = null;
            quorum.Elected(now.Epoch);
            log.Info("the controller's quorum is this broker's in epoch {0}: {1} events are committed", now.Epoch, now.Committed);
            waiting.TrySetResult(now.Committed);
        }

        if (write is { } writing && now.Committed >= writing.End)
        {
            write = null;
            writing.Done.TrySetResult(null);
        }

        if (now.OwnRefusals >= OwnRefusals) GiveUp();
        if (!beats && now.IsElected)
        {
            beats = true;
            Context.System.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(BeatMs), Self, Beat.Instance, Self);
        }

        if (ticks || !now.IsWaiting) return;
        ticks = true;
        Context.System.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(TickMs - (TickMs / 4) + parts.Dice(TickMs / 2)), Self, Tick.Instance, Self);
    }

    private void GiveUp()
    {
        if (gaveUp) return;
        gaveUp = true;
        log.Error("the disk with the controller's log takes nothing for ten seconds, and this broker is the controller: it leaves, so that another one can be. Make room or mend the disk, then start it again.");
        if (parts.OwnDiskFails is { } told) told();
        else Cluster.Get(Context.System).Leave(Cluster.Get(Context.System).SelfAddress);
    }

    private void Fail(string why)
    {
        proposer = null;
        var error = new QuorumLostException(why);
        var (claiming, writing) = (claim, write);
        (claim, write) = (null, null);
        claiming?.TrySetException(error);
        writing?.Done.TrySetException(error);
    }

    private void Send(QuorumMember to, QuorumMessage message)
    {
        if (to.Id == parts.Id)
        {
            quorum.Voter.Tell(message, Self);
            return;
        }

        if (!voters.TryGetValue(to.Id, out var known) || known.Member != to)
        {
            var address = new Address(scheme, Context.System.Name, to.Host, to.Port);
            known = (to, Context.ActorSelection(new RootActorPath(address) / "user" / VoterActor.Name));
            voters[to.Id] = known;
        }

        known.To.Tell(message, Self);
    }

    private sealed class Tick
    {
        public static readonly Tick Instance = new();
    }

    private sealed class Beat
    {
        public static readonly Beat Instance = new();
    }
}
