using Akka.Actor;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Controller;

/// <summary>What a broker asks of the controller; told to <see cref="ControllerLink"/>.</summary>
/// <param name="Request">A request of an API that the controller serves.</param>
/// <param name="Version">The version that it is written in, and its answer.</param>
/// <param name="Timeout">How long an answer is waited for.</param>
/// <param name="Done">Hears what came of it, once, on the link's turn.</param>
public sealed record ControllerRequest(IApiMessage Request, short Version, TimeSpan Timeout, Action<ControllerReply> Done) : INoSerializationVerificationNeeded
{
    /// <summary>How the request is meant; as its API by default.</summary>
    public ControllerCallKind Kind { get; init; }

    /// <summary>On whose behalf; empty for the broker's own.</summary>
    public string Principal { get; init; } = "";

    /// <summary>Whether twice is as good as once: it is sent again where no answer comes. Otherwise a lost one is heard of when its time is over.</summary>
    public bool IsRepeatable { get; init; }

    /// <summary>Whether the answer is held back until this broker has the decision itself, at most for the rest of the time; so by default.</summary>
    public bool AwaitsMetadata { get; init; } = true;
}

/// <summary>What came of a request.</summary>
/// <param name="Error">
/// <see cref="ErrorCode.None"/>; <see cref="ErrorCode.RequestTimedOut"/>: no answer came, and nobody knows whether it was done; or what the controller said of the whole request.
/// </param>
/// <param name="Response">The answer; null with an error.</param>
/// <param name="Offset">Offset of the event by which it is in force, or -1.</param>
public sealed record ControllerReply(ErrorCode Error, IApiMessage? Response, long Offset);

/// <summary>A broker's way to the controller, wherever that is: numbers the calls, sends those again that may be, and gives answers to who waits. One on each broker.</summary>
public sealed class ControllerLink : ReceiveActor, IWithTimers
{
    /// <summary>Its name.</summary>
    public const string Name = "controller-link";

    private static readonly TimeSpan Sweep = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Resend = TimeSpan.FromMilliseconds(400);

    // A new controller answers what had waited for it well within this; what was sent to the one before it is lost.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);

    private readonly int brokerId;
    private readonly IActorRef controller;
    private readonly IActorRef metadata;
    private readonly Dictionary<long, Pending> pending = [];
    private long lastId;
    private int epoch = -1;

    /// <summary>A link.</summary>
    /// <param name="brokerId">This broker's id.</param>
    /// <param name="controller">The way to the controller: the singleton's proxy.</param>
    /// <param name="metadata">This broker's <see cref="MetadataSubscriber"/>.</param>
    public ControllerLink(int brokerId, IActorRef controller, IActorRef metadata)
    {
        this.brokerId = brokerId;
        this.controller = controller;
        this.metadata = metadata;
        Receive<ControllerRequest>(Ask);
        Receive<ControllerAnswer>(Answered);
        Receive<MetadataHead>(TakenOver);
        Receive<Swept>(_ => SweepAll());
    }

    /// <inheritdoc/>
    ITimerScheduler IWithTimers.Timers { get; set; } = null!;

    private TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    /// <inheritdoc/>
    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(MetadataHead));

    /// <inheritdoc/>
    protected override void PostStop()
    {
        Context.System.EventStream.Unsubscribe(Self);
        foreach (var one in pending.Values) one.Request.Done(new ControllerReply(ErrorCode.RequestTimedOut, null, -1));
    }

    private void Ask(ControllerRequest request)
    {
        if (pending.Count >= Limits.ControllerCalls)
        {
            request.Done(new ControllerReply(ErrorCode.RequestTimedOut, null, -1));
            return;
        }

        using var writer = new MessageWriter();
        request.Request.Write(writer, request.Version);
        var call = new ControllerCall(++lastId, request.Kind, request.Request.ApiKey, request.Version, writer.ToArray(), brokerId, request.Principal);
        pending.Add(lastId, new Pending(request, call, Now + request.Timeout) { SentAt = Now });
        controller.Tell(call, Self);
        if (pending.Count == 1) StartSweep();
    }

    private void Answered(ControllerAnswer answer)
    {
        if (!pending.TryGetValue(answer.Id, out var one)) return;
        if (answer.Error == ErrorCode.NotController)
        {
            // Nothing was done: with the next sweep it is asked again, whatever it is.
            one.MayAgain = true;
            return;
        }

        pending.Remove(answer.Id);
        var reply = Decode(one.Call, answer);
        if (answer.Offset >= 0) metadata.Tell(new MetadataExpected(answer.Offset), Self);
        if (reply.Error != ErrorCode.None || !one.Request.AwaitsMetadata || answer.Offset < 0)
        {
            one.Request.Done(reply);
            return;
        }

        // It is done all the same where this broker does not hear of it in time.
        var left = one.Deadline - Now;
        metadata.Tell(new WaitForMetadata(answer.Offset, left > TimeSpan.Zero ? left : TimeSpan.Zero, _ => one.Request.Done(reply)), Self);
    }

    // What may be asked twice is, at once. Of the rest nobody knows what became of it: who asked hears that soon, and not when its time is over.
    private void TakenOver(MetadataHead head)
    {
        if (head.Epoch <= epoch) return;
        epoch = head.Epoch;
        var now = Now;
        foreach (var one in pending.Values)
        {
            if (one.Request.IsRepeatable) Again(one, now);
            else if (now + Grace < one.Deadline) one.Deadline = now + Grace;
        }
    }

    private void Again(Pending one, TimeSpan now)
    {
        (one.MayAgain, one.SentAt) = (false, now);
        controller.Tell(one.Call, Self);
    }

    private static ControllerReply Decode(ControllerCall call, ControllerAnswer answer)
    {
        if (answer.Error != ErrorCode.None) return new ControllerReply(answer.Error, null, -1);
        try
        {
            var response = ApiMessages.CreateResponse(call.Key)!;
            if (answer.Response.Length == 0) return new ControllerReply(ErrorCode.None, response, answer.Offset);
            var reader = new MessageReader(answer.Response);
            response.Read(ref reader, call.Version);
            return new ControllerReply(ErrorCode.None, response, answer.Offset);
        }
        catch (MalformedMessageException)
        {
            return new ControllerReply(ErrorCode.UnknownServerError, null, -1); // told to whoever asked
        }
    }

    private void SweepAll()
    {
        var now = Now;
        foreach (var (id, one) in pending.ToArray())
        {
            if (now >= one.Deadline)
            {
                pending.Remove(id);
                one.Request.Done(new ControllerReply(ErrorCode.RequestTimedOut, null, -1));
            }
            else if (one.MayAgain || (one.Request.IsRepeatable && now - one.SentAt >= Resend))
            {
                Again(one, now);
            }
        }

        if (pending.Count > 0) StartSweep();
    }

    private void StartSweep() => ((IWithTimers)this).Timers.StartSingleTimer(nameof(Swept), Swept.Instance, Sweep);

    private sealed class Pending(ControllerRequest request, ControllerCall call, TimeSpan deadline)
    {
        public ControllerRequest Request => request;

        public ControllerCall Call => call;

        public TimeSpan Deadline { get; set; } = deadline;

        public TimeSpan SentAt { get; set; }

        public bool MayAgain { get; set; }
    }

    private sealed class Swept
    {
        public static readonly Swept Instance = new();
    }
}
