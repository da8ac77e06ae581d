using Akka.Actor;
using AkkaStream.Actors.Storage;
using AkkaStream.Actors.Storage.Cleaning;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Partitions;

/// <summary>What every cleaning of a broker works with.</summary>
/// <param name="Throttle">The rate that they share.</param>
/// <param name="BytesPerSecond">Their rate now.</param>
internal sealed record CleaningTools(CleanerThrottle Throttle, Func<double> BytesPerSecond);

/// <summary>
/// One cleaning of one log, off its owner's turns: a step of a buffer's length at a time, so that it can be throttled and broken off, and the owner asked for each swap.
/// Tells its parent how it ended, and stops.
/// </summary>
internal sealed class CleaningActor : UntypedActor
{
    private readonly PartitionHandle handle;
    private readonly CleaningTools tools;
    private readonly CleaningMeans means;
    private readonly ITimeProvider time;
    private CleaningPass? pass;
    private CleaningJob? job;
    private bool isPassing;
    private bool isStopping;

    /// <summary>A cleaning that begins at once.</summary>
    public CleaningActor(PartitionHandle handle, long firstDirty, CleaningTools tools, CleaningMeans means)
    {
        this.handle = handle;
        this.tools = tools;
        this.means = means;
        time = Context.System.Scheduler;
        Context.Watch(handle.Actor);
        handle.Actor.Tell(new PrepareCleaning(firstDirty), Self);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case CleaningPrepared { Job: { } prepared }:
                job = prepared;
                pass = new CleaningPass(job, means);
                Self.Tell(ContinueCleaning.Instance, ActorRefs.NoSender);
                break;
            case CleaningPrepared:
                End();
                break;
            case ContinueCleaning when pass is { State: CleaningState.Working }:
                Continue(pass);
                break;
            case GroupSwapped swapped when pass is { State: CleaningState.Swapping }:
                Swapped(pass, swapped.Error);
                break;
            case StopCleaning when pass is { State: CleaningState.Swapping }:
                isStopping = true; // the owner works on the files of the group: its answer comes first
                break;
            case Terminated or StopCleaning:
                pass?.Abort();
                End();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected override void PostStop() => pass?.Dispose();

    private void Continue(CleaningPass working)
    {
        if (handle.IsRemoved)
        {
            working.Abort();
            End();
            return;
        }

        var bytes = working.Step();
        switch (working.State)
        {
            case CleaningState.Working:
                GoOn(bytes);
                break;
            case CleaningState.Swapping:
                handle.Actor.Tell(new SwapGroup(working.Ready!), Self);
                break;
            default:
                End();
                break;
        }
    }

    private void GoOn(long bytes)
    {
        var wait = tools.Throttle.Take(bytes, tools.BytesPerSecond(), time.Now.ToUnixTimeMilliseconds());
        if (wait == TimeSpan.Zero) Context.Parent.Tell(ContinueCleaning.Instance, Self);
        else Context.System.Scheduler.ScheduleTellOnce(wait, Self, ContinueCleaning.Instance, ActorRefs.NoSender);
    }

    private void Swapped(CleaningPass swapping, ErrorCode error)
    {
        if (error == ErrorCode.OffsetOutOfRange || handle.IsRemoved) swapping.Abort();
        else if (error != ErrorCode.None || !TrySync()) Fail(swapping, "the disk refused to put a cleaned segment in its place");
        else swapping.Swapped();
        if (isStopping && swapping.State == CleaningState.Working) swapping.Abort();
        if (swapping.State == CleaningState.Working) Self.Tell(ContinueCleaning.Instance, ActorRefs.NoSender);
        else End();
    }

    private void Fail(CleaningPass failed, string why)
    {
        isPassing = true;
        failed.Fail(why);
    }

    // Before the next group: what it drops may rest on what this one dropped.
    private bool TrySync()
    {
        try
        {
            job!.Disk.SyncDirectory(job.Directory);
            return true;
        }
        catch (Exception error) when (error.IsDiskError())
        {
            return false;
        }
    }

    private void End()
    {
        var state = pass is null || handle.IsRemoved ? CleaningState.Aborted : pass.State;
        Context.Parent.Tell(new CleaningEnded(handle, state, pass?.Failure, isPassing || pass is { IsDiskFailure: true }, pass?.NextDirty ?? -1, pass?.BytesRead ?? 0, pass?.BytesWritten ?? 0), Self);
        Context.Stop(Self);
    }
}
