using Akka.Actor;
using Akka.Event;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Peers;

/// <summary>
/// Asks other brokers for this one: <see cref="CallPeer"/> goes out as a <see cref="PeerCall"/> and is answered once, by the other broker or, with null, when its time
/// is over. One timer, and only while something waits.
/// </summary>
public sealed class PeerCallsActor : UntypedActor, IWithTimers
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);
    private readonly int brokerId;
    private readonly Func<int, ICanTell?> doorOf;
    private readonly Dictionary<long, (CallPeer Call, long Deadline)> open = [];
    private readonly List<long> late = [];
    private long last;

    /// <summary>The way out of a broker.</summary>
    /// <param name="brokerId">Its id.</param>
    /// <param name="doorOf">Another broker's <c>/user/broker</c>; null where the broker is not known.</param>
    public PeerCallsActor(int brokerId, Func<int, ICanTell?> doorOf)
    {
        this.brokerId = brokerId;
        this.doorOf = doorOf;
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    private long NowMs => Context.System.Scheduler.MonotonicClock.Ticks / TimeSpan.TicksPerMillisecond;

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case CallPeer call: Send(call); break;
            case PeerAnswer answer: Take(answer); break;
            case LookAtTimes: GiveUp(); break;
            default: Unhandled(message); break;
        }
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        foreach (var (call, _) in open.Values) call.Done(null);
        open.Clear();
    }

    private void Send(CallPeer call)
    {
        if (open.Count >= Limits.PeerCallsOpen || doorOf(call.Broker) is not { } door)
        {
            call.Done(null);
            return;
        }

        using var writer = new MessageWriter();
        call.Request.Write(writer, call.Version);
        if (open.Count == 0) Timers.StartPeriodicTimer(LookAtTimes.Instance, LookAtTimes.Instance, Tick);
        open.Add(++last, (call, NowMs + (long)call.Timeout.TotalMilliseconds));
        door.Tell(new PeerCall(last, call.Request.ApiKey, call.Version, brokerId, writer.ToArray()), Self);
    }

    private void Take(PeerAnswer answer)
    {
        // One that was given up, or was answered twice.
        if (!open.Remove(answer.Id, out var asked)) return;
        Rest();
        if (answer.Refusal is not null)
        {
            Context.GetLogger().Debug("broker {0} refused {1}: {2}", asked.Call.Broker, asked.Call.Request.ApiKey, answer.Refusal);
            asked.Call.Done(null);
            return;
        }

        var response = ApiMessages.CreateResponse(asked.Call.Request.ApiKey)!;
        try
        {
            var reader = new MessageReader(answer.Body);
            response.Read(ref reader, asked.Call.Version);
        }
        catch (MalformedMessageException error)
        {
            Context.GetLogger().Warning("broker {0} answered {1} with what cannot be read: {2}", asked.Call.Broker, asked.Call.Request.ApiKey, error.Message);
            asked.Call.Done(null);
            return;
        }

        asked.Call.Done(response);
    }

    private void GiveUp()
    {
        var now = NowMs;
        foreach (var (id, asked) in open)
        {
            if (asked.Deadline <= now) late.Add(id);
        }

        foreach (var id in late)
        {
            open.Remove(id, out var asked);
            asked.Call.Done(null);
        }

        late.Clear();
        Rest();
    }

    private void Rest()
    {
        if (open.Count == 0) Timers.Cancel(LookAtTimes.Instance);
    }

    private sealed record LookAtTimes : INotInfluenceReceiveTimeout
    {
        public static readonly LookAtTimes Instance = new();
    }
}
