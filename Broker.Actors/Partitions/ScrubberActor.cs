using Akka.Actor;
using Akka.Event;

namespace AkkaStream.Actors.Partitions;

/// <summary>
/// Reads all closed segments now and then and compares them with their checksums, so that damage is known before a reader meets it. Off the partitions'
/// turns, in steps, at most <see cref="Limits.ScrubBytesPerSecond"/>, and where the disk is slow at most a fifth of its time.
/// </summary>
public sealed class ScrubberActor : UntypedActor
{
    private const int PausesForWork = 4;
    private readonly PartitionRegistry partitions;
    private readonly TimeSpan interval;
    private ScrubRun? run;

    /// <summary>The scrubber of a broker.</summary>
    /// <param name="partitions">Its partitions.</param>
    /// <param name="interval">From the end of one walk to the begin of the next.</param>
    public ScrubberActor(PartitionRegistry partitions, TimeSpan interval)
    {
        this.partitions = partitions;
        this.interval = interval;
    }

    /// <inheritdoc/>
    protected override void PreStart() => After(interval);

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        if (message is not ScrubDue)
        {
            Unhandled(message);
            return;
        }

        run ??= new ScrubRun([.. partitions.All.Where(handle => !handle.IsRemoved).Select(handle => handle.Log)]);
        var began = Context.System.Scheduler.MonotonicClock;
        if (run.Step(Limits.ScrubStepBytes, out var bytes))
        {
            var worked = Context.System.Scheduler.MonotonicClock - began;
            var fair = TimeSpan.FromSeconds((double)bytes / Limits.ScrubBytesPerSecond);
            After(worked * PausesForWork > fair ? worked * PausesForWork : fair);
            return;
        }

        Context.GetLogger().Info("scrub: {0} MB in the closed segments of {1} partition(s) were read, {2} damaged place(s)", run.Bytes / 1_000_000, run.Logs, run.Damages);
        run = null;
        After(interval);
    }

    private void After(TimeSpan pause) => Context.System.Scheduler.ScheduleTellOnce(pause, Self, ScrubDue.Instance, ActorRefs.NoSender);

    private sealed record ScrubDue
    {
        public static readonly ScrubDue Instance = new();
    }
}
