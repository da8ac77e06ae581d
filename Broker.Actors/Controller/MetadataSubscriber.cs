using Akka.Actor;
using Akka.Event;
using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Metadata.Quorum;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Controller;

/// <summary>What a broker's subscription to the controller's decisions needs.</summary>
public sealed record MetadataSubscription
{
    /// <summary>The first image that is to be used, when the cluster's decisions up to now have come.</summary>
    public required MetadataImage Known { get; init; }

    /// <summary>The way to the controller: the singleton's proxy.</summary>
    public required IActorRef Controller { get; init; }

    /// <summary>Takes an image and the one before it, on the subscriber's turn: brings partitions and configuration in line, and publishes it. The first time <see cref="Known"/> is the one before.</summary>
    public required Action<MetadataImage, MetadataImage> Apply { get; init; }
}

/// <summary>Somebody waits until this broker has an event; told to the subscriber.</summary>
/// <param name="Offset">The event's offset.</param>
/// <param name="Timeout">How long it waits.</param>
/// <param name="Done">Hears, on the subscriber's turn, whether the event is there.</param>
public sealed record WaitForMetadata(long Offset, TimeSpan Timeout, Action<bool> Done) : INoSerializationVerificationNeeded;

/// <summary>The controller is known to have an event: where it is not here, it is asked for. Told to the subscriber.</summary>
/// <param name="Offset">The event's offset.</param>
public sealed record MetadataExpected(long Offset) : INoSerializationVerificationNeeded;

/// <summary>This broker has another image: published on the system's event stream.</summary>
/// <param name="Image">The image.</param>
public sealed record MetadataApplied(MetadataImage Image) : INoSerializationVerificationNeeded;

/// <summary>
/// Follows the controller's decisions on one broker, <c>/user/metadata</c>: applies deltas as they come, and asks for what is missing, piece by piece. A broker that has just begun, and one that missed
/// something, sees all of it at once when it has the last piece, and nothing between.
/// </summary>
public sealed partial class MetadataSubscriber : ReceiveActor, IWithTimers
{
    /// <summary>Its name.</summary>
    public const string Name = "metadata";

    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Sweep = TimeSpan.FromMilliseconds(100);

    private readonly MetadataSubscription subscription;
    private readonly ILoggingAdapter log = Context.GetLogger();
    private readonly List<IApiMessage> gathered = [];
    private readonly List<(long Offset, TimeSpan Deadline, Action<bool> Done)> waiters = [];
    private MetadataImage image;
    private MetadataImage gathering;
    private bool isFetching;
    private bool isWhole;
    private Whole? whole;

    /// <summary>A subscriber.</summary>
    public MetadataSubscriber(MetadataSubscription subscription)
    {
        this.subscription = subscription;
        image = gathering = subscription.Known;
        Receive<MetadataDelta>(Take);
        Receive<MetadataWhole>(Take);
        Receive<MetadataHead>(TakenOver);
        Receive<MetadataExpected>(expected => Expect(expected.Offset));
        Receive<WaitForMetadata>(Wait);
        Receive<Again>(_ => Fetch());
        Receive<Swept>(_ => SweepWaiters());
    }

    /// <inheritdoc/>
    ITimerScheduler IWithTimers.Timers { get; set; } = null!;

    private ITimerScheduler Timers => ((IWithTimers)this).Timers;

    private TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    private long At => Math.Max(gathering.Offset, image.Offset);

    /// <inheritdoc/>
    protected override void PreStart() => Fetch();

    /// <inheritdoc/>
    protected override void PostStop()
    {
        foreach (var waiter in waiters) waiter.Done(false);
    }

    // Who waits for an answer of the controller before it hears of it too.
    private void TakenOver(MetadataHead head)
    {
        Context.System.EventStream.Publish(head);
        Expect(head.Head);
    }

    private void Expect(long offset)
    {
        if (offset > At && !isFetching) Fetch();
    }

    private void Fetch()
    {
        isFetching = true;
        subscription.Controller.Tell(whole is { } part ? new MetadataFetch(gathering.Offset, part.To, part.Position) : new MetadataFetch(gathering.Offset), Self);
        Timers.StartSingleTimer(nameof(Again), Again.Instance, Retry);
    }

    private void Take(MetadataDelta delta)
    {
        if (delta.From > gathering.Offset)
        {
            Expect(delta.To);
            return;
        }

        if (delta.To > gathering.Offset && !TryGather(delta)) return;
        GoOn(delta.Head);
    }

    private void GoOn(long head)
    {
        if (head > gathering.Offset)
        {
            // Deltas that were under way while pieces are asked for are in the next pieces.
            Fetch();
            return;
        }

        Timers.Cancel(nameof(Again));
        isFetching = false;
        Use();
    }

    private bool TryGather(MetadataDelta delta)
    {
        try
        {
            var last = Gather(delta.Batches.Span);
            if (last != delta.To) throw new MalformedMessageException($"the last event is {last}, not {delta.To}");
            Advance(last);
            return true;
        }
        catch (Exception error) when (error is MalformedMessageException or CorruptRecordException)
        {
            BeginAnew(error);
            return false;
        }
    }

    private void BeginAnew(Exception error)
    {
        log.Error("what the controller decided behind event {0} cannot be read: {1}. It is asked for again.", image.Offset, error.Message);
        (gathering, isFetching, isWhole, whole) = (image, true, false, null);
        gathered.Clear();
        Timers.StartSingleTimer(nameof(Again), Again.Instance, Retry);
    }

    // Gives the offset of the last event.
    private long Gather(ReadOnlySpan<byte> batches)
    {
        var last = gathering.Offset;
        var walker = new RecordBatchWalker(batches);
        while (walker.MoveNext())
        {
            var header = walker.Header;
            if (header.LastOffset <= last) continue;
            if (header.BaseOffset != last + 1 || !RecordBatchHeader.IsCrcValid(walker.Batch)) throw new MalformedMessageException($"the batch at {header.BaseOffset} does not follow event {last}");
            foreach (var e in QuorumBatches.Decode(header, walker.Records))
            {
                if (e is not (NoOpRecord or VotersRecord)) gathered.Add(e);
            }

            last = header.LastOffset;
        }

        return last;
    }

    // What is gathered lies between two images, the newer of which tells all that it changes. Before the first one there may be very much: what it changes is found by comparing.
    private void Advance(long last)
    {
        if (image.Offset >= 0 || gathered.Count < Limits.ReplayEvents)
        {
            gathering = gathering.With([], last);
            return;
        }

        gathering = gathering.With(gathered, last);
        gathered.Clear();
        isWhole = true;
    }

    private void Use()
    {
        if (gathering.Offset <= image.Offset) return;
        var before = image;
        image = gathering = Merge(before);
        isWhole = false;
        subscription.Apply(before, image);
        Context.System.EventStream.Publish(new MetadataApplied(image));
        Complete();
    }

    private MetadataImage Merge(MetadataImage before)
    {
        var after = gathering.With(gathered, gathering.Offset);
        gathered.Clear();
        // Of one that was put together anew nobody knows what it changes.
        return isWhole ? after.After(before) : after;
    }

    private void Wait(WaitForMetadata wait)
    {
        if (wait.Offset <= image.Offset)
        {
            wait.Done(true);
            return;
        }

        if (waiters.Count >= Limits.MetadataWaiters)
        {
            wait.Done(false);
            return;
        }

        waiters.Add((wait.Offset, Now + wait.Timeout, wait.Done));
        Expect(wait.Offset);
        if (waiters.Count == 1) Timers.StartSingleTimer(nameof(Swept), Swept.Instance, Sweep);
    }

    private void Complete() => End(w => w.Offset <= image.Offset, true);

    private void SweepWaiters()
    {
        var now = Now;
        End(w => w.Deadline <= now, false);
        if (waiters.Count > 0) Timers.StartSingleTimer(nameof(Swept), Swept.Instance, Sweep);
    }

    private void End(Predicate<(long Offset, TimeSpan Deadline, Action<bool> Done)> which, bool isThere)
    {
        if (waiters.Count == 0) return;
        var ended = waiters.FindAll(which);
        waiters.RemoveAll(which);
        foreach (var waiter in ended) waiter.Done(isThere);
    }

    private sealed class Again
    {
        public static readonly Again Instance = new();
    }

    private sealed class Swept
    {
        public static readonly Swept Instance = new();
    }
}
