using Akka.Actor;
using Akka.Event;
using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Storage;
using AkkaStream.Actors.Storage.Cleaning;

namespace AkkaStream.Actors.Partitions;

/// <summary>What the cleaner is made of.</summary>
/// <param name="Partitions">The partitions of this broker.</param>
/// <param name="Config">The broker's configuration now.</param>
/// <param name="NewId">Dice: what hashes of keys are keyed with.</param>
/// <param name="Status">Where it shows what it does.</param>
internal sealed record CleanerParts(PartitionRegistry Partitions, Func<BrokerConfig> Config, Func<Guid> NewId, CleanerStatus Status);

/// <summary>
/// Looks for compacted logs that are dirty enough, has the dirtiest cleaned first, and notes how far each is clean. A log that cannot be cleaned is set aside and said once;
/// the others go on.
/// </summary>
internal sealed class CleanerActor : UntypedActor
{
    private readonly CleanerParts parts;
    private readonly CleanerChoice choice = new();
    private readonly CleaningTools tools;
    private readonly Dictionary<string, CleanerCheckpoint> checkpoints = [];
    private readonly Dictionary<PartitionName, PartitionHandle> known = [];
    private readonly Dictionary<IActorRef, PartitionHandle> workers = [];
    private readonly ILoggingAdapter log = Context.GetLogger();
    private readonly ITimeProvider time;
    private ICancelable? timer;
    private Action? stopped;

    /// <summary>A cleaner that looks for work after the first <c>log.cleaner.backoff.ms</c>.</summary>
    public CleanerActor(CleanerParts parts)
    {
        this.parts = parts;
        tools = new CleaningTools(new CleanerThrottle(), () => parts.Config().LogCleanerIoMaxBytesPerSecond);
        time = Context.System.Scheduler;
    }

    private long NowMs => time.Now.ToUnixTimeMilliseconds();

    protected override void PreStart() => LookLater();

    protected override void PostStop() => timer?.Cancel();

    // A cleaning that broke off in an unforeseen way is told of by its end, and its log is set aside.
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case LookForWork: Look(); break;
            // By way of here, so that each step of a cleaning is a turn of its own and other actors come in between.
            case ContinueCleaning: Sender.Tell(message, Self); break;
            case CleaningEnded ended:
                Ended(ended);
                workers.Remove(Sender);
                LookAgain(atOnce: ended.State == CleaningState.Done);
                break;
            case Terminated terminated when workers.Remove(terminated.ActorRef, out var handle):
                Ended(new CleaningEnded(handle, CleaningState.Failed, "the cleaning met an error of its own, which the log tells", false, -1, 0, 0));
                LookAgain(atOnce: false);
                break;
            case Terminated: break;
            case StopCleaning stop:
                stopped = stop.Done;
                foreach (var worker in workers.Keys) worker.Tell(stop, ActorRefs.NoSender);
                Look();
                break;
            default: Unhandled(message); break;
        }
    }

    private static PartitionName NameOf(PartitionHandle handle) => new(handle.Topic, handle.Index);

    private void Look()
    {
        if (stopped is not null)
        {
            if (workers.Count > 0) return;
            timer?.Cancel();
            Context.Stop(Self);
            stopped();
            return;
        }

        var config = parts.Config();
        var candidates = Candidates();
        foreach (var candidate in choice.Begin(candidates, config.LogCleanerThreads)) Begin(candidate, config);
        LookLater();
    }

    // What broke off would break off again, were it begun at once.
    private void LookAgain(bool atOnce)
    {
        if (atOnce || stopped is not null) Look();
        else LookLater();
    }

    private void LookLater()
    {
        parts.Status.Show(choice);
        timer?.Cancel();
        timer = new Cancelable(Context.System.Scheduler);
        var pause = TimeSpan.FromMilliseconds(Math.Clamp(parts.Config().LogCleanerBackoffMs, 1, Limits.CleanerLongestPauseMs));
        Context.System.Scheduler.ScheduleTellOnce(pause, Self, LookForWork.Instance, ActorRefs.NoSender, timer);
    }

    private List<CleanerCandidate> Candidates()
    {
        var candidates = new List<CleanerCandidate>();
        var compacted = new HashSet<PartitionName>();
        foreach (var handle in parts.Partitions.All)
        {
            if (!handle.Config.CleanupPolicy.HasFlag(CleanupPolicy.Compact) || handle.IsRemoved) continue;
            var name = NameOf(handle);
            compacted.Add(name);
            Recognise(name, handle);
            // What lies in a directory that failed comes back with the next start.
            if (!handle.IsOffline && choice.IsFree(name, NowMs)) Consider(name, handle, candidates);
        }

        foreach (var (name, handle) in known)
        {
            if (compacted.Contains(name)) continue;
            known.Remove(name);
            choice.Forget(name);
            Note(handle, name, -1);
        }

        return candidates;
    }

    // A new log under an old name: nothing that is known of the old one holds for it.
    private void Recognise(PartitionName name, PartitionHandle handle)
    {
        if (!known.TryGetValue(name, out var before) || before == handle)
        {
            known[name] = handle;
            return;
        }

        known[name] = handle;
        choice.Forget(name);
        Note(handle, name, -1);
    }

    private void Consider(PartitionName name, PartitionHandle handle, List<CleanerCandidate> candidates)
    {
        var view = handle.Log.View;
        if (view.Segments.Length < 2) return;
        try
        {
            var config = handle.Config.ToLogConfig();
            var range = CleanableRange.Of(view, config, CheckpointOf(handle).Of(name), NowMs);
            if (range.IsDue(config)) candidates.Add(new CleanerCandidate(name, range.DirtyRatio, range.FirstDirty));
        }
        catch (Exception error) when (error.IsDiskError())
        {
            SetAside(name, $"its segments cannot be looked at: {error.Message}", isPassing: true);
        }
    }

    private void Begin(CleanerCandidate candidate, BrokerConfig config)
    {
        var handle = known[candidate.Partition];
        var threads = Math.Max(1, config.LogCleanerThreads);
        var means = new CleaningMeans(config.LogCleanerDedupeBufferSize / threads, config.LogCleanerIoBufferLoadFactor, config.LogCleanerIoBufferSize / threads / 2, parts.NewId());
        var worker = Context.ActorOf(Props.Create(typeof(CleaningActor), handle, candidate.FirstDirty, tools, means));
        workers[worker] = handle;
        Context.Watch(worker);
    }

    private void Ended(CleaningEnded ended)
    {
        var name = NameOf(ended.Partition);
        if (ended.State == CleaningState.Failed && !ended.Partition.IsRemoved && !ended.Partition.IsOffline)
        {
            SetAside(name, ended.Failure ?? "it is not known why", ended.IsPassing);
            return;
        }

        choice.End(name, ended.State == CleaningState.Done);
        if (ended.State != CleaningState.Done) return;
        parts.Status.Done(ended.BytesRead, ended.BytesWritten);
        if (known.GetValueOrDefault(name) == ended.Partition) Note(ended.Partition, name, ended.NextDirty);
        log.Debug("{0}: clean up to offset {1}; {2} bytes were read and {3} written", name, ended.NextDirty, ended.BytesRead, ended.BytesWritten);
    }

    private void SetAside(PartitionName name, string why, bool isPassing)
    {
        var until = isPassing ? NowMs + Limits.CleanerRetryMs : long.MaxValue;
        if (choice.SetAside(name, new SetAsideLog(why, until))) log.Warning("{0}: the log cannot be cleaned and is set aside {1}; the others go on: {2}", name, isPassing ? "for a while" : "until the next start", why);
    }

    private CleanerCheckpoint CheckpointOf(PartitionHandle handle)
    {
        var home = handle.Home;
        if (checkpoints.TryGetValue(home.Path, out var known)) return known;
        return checkpoints[home.Path] = CleanerCheckpoint.Open(home.Disk, home.Path, line => log.Warning("{0}", line));
    }

    private void Note(PartitionHandle handle, PartitionName name, long offset)
    {
        try
        {
            var checkpoint = CheckpointOf(handle);
            if (offset >= 0) checkpoint.Set(name, offset);
            else checkpoint.Remove(name);
        }
        catch (Exception error) when (error.IsDiskError())
        {
            log.Warning("{0}: how far it is clean cannot be written: {1}", name, error.Message);
        }
    }
}
