using Akka.Actor;

namespace AkkaStream.Actors.Partitions;

/// <summary>Asks for the checkpoint files of what changed.</summary>
internal sealed record CheckpointTick
{
    public static readonly CheckpointTick Instance = new();
}

/// <summary>Writes checkpoint files, off the scheduler's thread and off the partitions' turns: it waits for the disk.</summary>
public sealed class CheckpointActor(PartitionHost host) : UntypedActor
{
    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        if (message is CheckpointTick) host.WriteCheckpoints();
        else Unhandled(message);
    }
}
