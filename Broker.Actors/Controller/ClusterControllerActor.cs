using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Metadata.Commands;
using AkkaStream.Actors.Metadata.Quorum;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Controller;

/// <summary>What the cluster's controller needs beside its journal.</summary>
/// <param name="BrokerId">The broker on which it runs.</param>
/// <param name="Config">The configuration for an image.</param>
/// <param name="NewId">Fresh random ids.</param>
public sealed record ClusterControllerSetup(int BrokerId, Func<MetadataImage, BrokerConfig> Config, Func<Guid> NewId)
{
    /// <summary>The cluster's id, which brokers name when they register; null where it is not checked.</summary>
    public string? ClusterId { get; init; }
}

/// <summary>The controller is ready: its parent hands over what waits.</summary>
internal sealed record ControllerReady;

/// <summary>
/// The cluster's controller: takes commands in their order, decides on its own image, has the quorum make the events durable, publishes them to every broker, and answers. What waits
/// while a write is under way goes together into the next one. Where a write fails it ends, and its parent begins another one, which finds out what is committed.
/// </summary>
public sealed partial class ClusterControllerActor : ReceivePersistentActor
{
    /// <summary>Its id in the journal.</summary>
    public const string Id = "controller";

    private readonly ClusterControllerSetup setup;
    private readonly ILoggingAdapter log = Context.GetLogger();
    private readonly QuorumExtension quorum = QuorumExtension.Of(Context.System);
    private readonly Queue<Asked> waiting = new();
    private readonly BrokerProgress progress = new();
    private readonly List<IApiMessage> replayed = [];
    private List<(Asked Asked, MetadataImage Image)> group = [];
    private MetadataImage image = MetadataImage.Empty;
    private MetadataImage next = MetadataImage.Empty;
    private int unwritten;
    private bool isWriting;
    private long answerOffset;

    /// <summary>A controller; made by <see cref="ControllerSupervisor"/>.</summary>
    public ClusterControllerActor(ClusterControllerSetup setup)
    {
        this.setup = setup;
        JournalPluginId = QuorumJournal.PluginId;
        SnapshotPluginId = "akka.persistence.no-snapshot-store";
        RecoverAny(Replayed);
        Command<ControllerCommand>(command => Take(new Asked(command, null, null)));
        Command<ControllerCall>(Take);
        Command<MetadataFetch>(Fetched);
        Command<QuorumStatus>(Heard);
        Command<LookAtChange>(LookAgainAt);
        Command<Balance>(_ => BalanceLeaders());
        Command<ElectOffline>(_ => Take(new Asked(new ElectOfflineLeadersCommand(), null, null)));
        Command<global::Akka.Cluster.ClusterEvent.CurrentClusterState>(Joined);
        Command<global::Akka.Cluster.ClusterEvent.IClusterDomainEvent>(Changed);
    }

    /// <inheritdoc/>
    public override string PersistenceId => Id;

    /// <inheritdoc/>
    protected override void PostStop()
    {
        Leave();
        // What was being written may count or not; what waits was not even looked at.
        foreach (var (asked, _) in group) asked.Refuse(ErrorCode.RequestTimedOut, Self);
        foreach (var asked in waiting) asked.Refuse(ErrorCode.NotController, Self);
        base.PostStop();
    }

    /// <inheritdoc/>
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
        => log.Warning("the controller cannot write ({0}): it begins anew and finds out what is committed", cause.Message);

    /// <inheritdoc/>
    protected override void OnRecoveryFailure(Exception reason, object? message = null)
        => log.Warning("the controller cannot take over: {0}", reason.Message);

    private void Replayed(object message)
    {
        switch (message)
        {
            case RecoveryCompleted:
                Gather();
                image = image.With([], LastSequenceNr - 1);
                Begin();
                Context.Parent.Tell(new ControllerReady(), Self);
                break;
            case QuorumImage snapshot:
                image = snapshot.Image;
                replayed.Clear();
                break;
            case NoOpRecord or VotersRecord:
                break;
            case IApiMessage e:
                // One image for many events: a hundred thousand partitions of one topic are not copied a hundred thousand times.
                replayed.Add(e);
                if (replayed.Count >= Limits.ReplayEvents) Gather();
                break;
        }
    }

    private void Gather()
    {
        image = image.With(replayed, LastSequenceNr - 1);
        replayed.Clear();
    }

    private void Take(Asked asked)
    {
        if (waiting.Count >= Limits.ControllerWaiting)
        {
            asked.Refuse(ErrorCode.NotController, Self);
            return;
        }

        waiting.Enqueue(asked);
        WriteNext();
    }

    private void Take(ControllerCall call)
    {
        if (TryTakeVoters(call)) return;
        var from = Sender;
        var (command, error) = ControllerApis.CommandOf(call, response => Answer(call, response, from));
        if (command is null) from.Tell(new ControllerAnswer(call.Id, error, default, -1), Self);
        else Take(new Asked(command, call, from));
    }

    private void Answer(ControllerCall call, IApiMessage? response, IActorRef to)
    {
        using var writer = new MessageWriter();
        try
        {
            response?.Write(writer, call.Version);
        }
        catch (UnsupportedVersionException mistake)
        {
            // An answer that cannot be written in the asker's version is no reason to take the controller away from all others.
            log.Error(mistake, "the answer to {0} cannot be written in version {1}", call.Key, call.Version);
            to.Tell(new ControllerAnswer(call.Id, ErrorCode.UnknownServerError, default, -1), Self);
            return;
        }

        to.Tell(new ControllerAnswer(call.Id, ErrorCode.None, writer.ToArray(), answerOffset), Self);
    }

    private void WriteNext()
    {
        while (!isWriting && waiting.Count > 0)
        {
            var events = Decide();
            if (events.Count == 0)
            {
                Finish();
                continue;
            }

            isWriting = true;
            unwritten = events.Count;
            PersistAllAsync(events, _ => Written(events));
        }
    }

    // Each command of a group sees what those before it decided.
    private List<IApiMessage> Decide()
    {
        var events = new List<IApiMessage>();
        next = image;
        while (events.Count < Limits.ControllerGroupEvents && waiting.TryPeek(out var asked))
        {
            // A set of voters stands alone in its batch.
            if (asked.Command is ChangeVotersCommand && group.Count > 0) return events;
            waiting.Dequeue();
            try
            {
                var decided = asked.Command.Decide(new ControllerContext(next, setup.Config(next), setup.BrokerId, setup.NewId) { IsCluster = true, ClusterId = setup.ClusterId, Progress = progress });
                if (IsTooLarge(decided))
                {
                    asked.Refuse(ErrorCode.PolicyViolation, Self);
                    continue;
                }

                if (decided.Count > 0) next = next.With(decided is [VotersRecord] ? [] : decided, LastSequenceNr - 1 + events.Count + decided.Count);
                events.AddRange(decided);
                group.Add((asked, next));
                if (decided is [VotersRecord]) return events;
            }
            catch (Exception mistake) when (mistake is not OutOfMemoryException)
            {
                // One request that brings out a mistake of ours must not take the cluster's controller away from all others.
                log.Error(mistake, "the controller could not decide on {0}", asked.Command.GetType().Name);
                asked.Refuse(ErrorCode.UnknownServerError, Self);
            }
        }

        return events;
    }

    // What no frame between brokers can hold would never be committed, and nothing behind it either.
    private static bool IsTooLarge(IReadOnlyList<IApiMessage> events)
    {
        if (events.Count < Limits.ControllerGroupEvents) return false;
        var bytes = 0L;
        foreach (var e in events) bytes += MetadataRecords.Encode(e).Length + 16;
        return bytes > Limits.QuorumBatchBytes / 2;
    }

    private void Written(List<IApiMessage> events)
    {
        if (--unwritten > 0) return;
        isWriting = false;
        Publish(events);
        Finish();
        WriteNext();
    }

    private void Finish()
    {
        var before = image;
        image = next;
        var finished = group;
        group = [];
        foreach (var (asked, at) in finished)
        {
            answerOffset = at.Offset;
            asked.Command.Done(at);
        }

        if (!ReferenceEquals(before, image)) Moved(before);
    }

    /// <summary>A command, and who is to hear what became of it: nobody but itself where it was told here.</summary>
    private sealed record Asked(ControllerCommand Command, ControllerCall? Call, IActorRef? From)
    {
        public void Refuse(ErrorCode error, IActorRef self) => From?.Tell(new ControllerAnswer(Call!.Id, error, default, -1), self);
    }
}
