using Akka.Actor;
using AkkaStream.Actors.Storage;

namespace AkkaStream.Actors.Partitions;

/// <summary>A flush that ran; <see cref="LogFlush.Error"/> says how it went.</summary>
internal sealed record FlushRan(LogFlush Flush);

/// <summary>
/// Runs flushes off their owners' turns: while the disk works for one, appends gather, and the next flush serves all of them.
/// </summary>
public sealed class FlusherActor : UntypedActor
{
    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        if (message is not LogFlush flush)
        {
            Unhandled(message);
            return;
        }

        flush.Run();
        Sender.Tell(new FlushRan(flush), Self);
    }
}
