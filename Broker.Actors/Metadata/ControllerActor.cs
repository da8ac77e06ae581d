using Akka.Actor;
using Akka.Event;
using AkkaStream.Actors.Configuration;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Metadata;

/// <summary>What the controller needs beside its journal.</summary>
/// <param name="Cache">Where images are published.</param>
/// <param name="Config">The broker's configuration for an image.</param>
/// <param name="NewId">Fresh random ids.</param>
/// <param name="Apply">Brings partitions and configuration in line with a new image, before anyone is answered.</param>
/// <param name="CanMake">Whether so many partitions can be made now, or why not; null where that is always so.</param>
public sealed record ControllerSetup(MetadataCache Cache, Func<MetadataImage, BrokerConfig> Config, Func<Guid> NewId, Action<MetadataImage, MetadataImage> Apply, Func<int, ErrorCode>? CanMake = null);

/// <summary>
/// Takes commands one after the other: decides, makes the events durable, applies and publishes them, answers. The decisions are the commands'
/// own; this actor only keeps the order.
/// </summary>
public sealed class ControllerActor : UntypedActor
{
    private readonly IMetadataJournal journal;
    private readonly ControllerSetup setup;
    private readonly Queue<ControllerCommand> waiting = new();
    private bool writing;
    private bool failing;

    /// <summary>A controller over a journal that was replayed into the cache already.</summary>
    public ControllerActor(IMetadataJournal journal, ControllerSetup setup)
    {
        this.journal = journal;
        this.setup = setup;
    }

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ControllerCommand command:
                waiting.Enqueue(command);
                break;
            case Written written:
                writing = false;
                Finish(written);
                break;
            default:
                Unhandled(message);
                return;
        }

        while (!writing && waiting.TryDequeue(out var next)) Run(next);
    }

    private void Run(ControllerCommand command)
    {
        var image = setup.Cache.Image;
        var events = command.Decide(new ControllerContext(image, setup.Config(image), setup.Cache.BrokerId, setup.NewId));
        if (events.Count == 0)
        {
            command.Done(image);
            return;
        }

        // Before anything is written down: a partition that nobody can make must not be promised.
        var made = events.Count(e => e is PartitionRecord);
        if (made > 0 && setup.CanMake is { } canMake && canMake(made) is var refusal and not ErrorCode.None)
        {
            command.Failed(refusal);
            return;
        }

        writing = true;
        var self = Self;
        journal.Append(events, (offset, error) => self.Tell(new Written(command, events, offset, error), ActorRefs.NoSender));
    }

    private void Finish(Written written)
    {
        if (written.Error is { } error)
        {
            if (!failing) Context.GetLogger().Error("the controller's journal cannot be written: {0}. What is asked is refused until it can; nothing changed.", error.Message);
            failing = true;
            written.Command.Failed(ErrorCode.KafkaStorageError);
            return;
        }

        failing = false;
        var before = setup.Cache.Image;
        var after = before.With(written.Events, written.Offset);
        setup.Apply(before, after);
        setup.Cache.Publish(after);
        written.Command.Done(after);
        journal.Offer(after);
    }

    private sealed record Written(ControllerCommand Command, IReadOnlyList<IApiMessage> Events, long Offset, Exception? Error);
}
