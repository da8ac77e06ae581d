using Akka.Actor;

namespace Akka.Event;

/// <summary>A message of no interest as a dead letter: published as <see cref="SuppressedDeadLetter"/>.</summary>
public interface IDeadLetterSuppression;

/// <summary>A message that its receiver did not get.</summary>
public abstract class AllDeadLetters(object message, IActorRef sender, IActorRef recipient)
{
    /// <summary>The message.</summary>
    public object Message { get; } = message;

    /// <summary>Who was to get it.</summary>
    public IActorRef Recipient { get; } = recipient;

    /// <summary>Who sent it.</summary>
    public IActorRef Sender { get; } = sender;

    /// <inheritdoc/>
    public override string ToString() => $"DeadLetter from {Sender} to {Recipient}: <{Message}>";
}

/// <summary>A message for nobody: its receiver ended or never was.</summary>
public sealed class DeadLetter(object message, IActorRef sender, IActorRef recipient) : AllDeadLetters(message, sender, recipient);

/// <summary>A message for nobody that is of no interest as such.</summary>
public sealed class SuppressedDeadLetter(IDeadLetterSuppression message, IActorRef sender, IActorRef recipient) : AllDeadLetters(message, sender, recipient);

/// <summary>A message that was given up on the way, such as by a full queue.</summary>
public sealed class Dropped : AllDeadLetters
{
    /// <summary>With its sender.</summary>
    public Dropped(object message, string reason, IActorRef sender, IActorRef recipient)
        : base(message, sender, recipient)
        => Reason = reason;

    /// <summary>Without one.</summary>
    public Dropped(object message, string reason, IActorRef recipient)
        : this(message, reason, ActorRefs.NoSender, recipient)
    {
    }

    /// <summary>Why.</summary>
    public string Reason { get; }
}

/// <summary>A message that its receiver did not know what to do with.</summary>
public sealed class UnhandledMessage(object message, IActorRef sender, IActorRef recipient) : AllDeadLetters(message, sender, recipient);

/// <summary>Logs dead letters, as many as <c>akka.log-dead-letters</c> says.</summary>
internal sealed class DeadLetterListener(ActorSystem system) : ActorBase
{
    private long _count;
    private bool _paused;
    private TimeSpan _pausedUntil;

    protected override void PreStart()
    {
        system.EventStream.Subscribe(Self, typeof(DeadLetter));
        system.EventStream.Subscribe(Self, typeof(Dropped));
        system.EventStream.Subscribe(Self, typeof(UnhandledMessage));
    }

    // Subscribed once for all instances.
    protected override void PostRestart(Exception reason)
    {
    }

    protected override void PostStop() => system.EventStream.Unsubscribe(Self);

    protected override bool Receive(object message)
    {
        if (message is not AllDeadLetters dead) return false;
        if (dead is UnhandledMessage) return LogUnhandled(dead);
        if (_paused && system.Scheduler.MonotonicClock < _pausedUntil) return true;
        if (_paused)
        {
            _paused = false;
            _count = 0;
        }

        var most = system.Settings.LogDeadLetters;
        if (most == 0) return true;
        _count++;
        Log(dead, most);
        return true;
    }

    private void Log(AllDeadLetters dead, int most)
    {
        var what = dead is Dropped dropped ? $"was dropped: {dropped.Reason}" : "was not delivered";
        var text = $"Message [{dead.Message.GetType().Name}] from {dead.Sender} to {dead.Recipient} {what}. [{_count}] dead letters encountered";
        if (_count >= most)
        {
            _paused = true;
            var pause = system.Settings.LogDeadLettersSuspendDuration;
            _pausedUntil = pause == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : system.Scheduler.MonotonicClock + pause;
            text += ", no more dead letters will be logged for a while";
        }

        system.EventStream.Publish(new Info(dead.Recipient.Path.ToString(), dead.Recipient.GetType(), text + ". See akka.log-dead-letters and akka.log-dead-letters-during-shutdown."));
    }

    private bool LogUnhandled(AllDeadLetters unhandled)
    {
        if (!system.Settings.DebugUnhandledMessage) return true;
        system.EventStream.Publish(new Debug(unhandled.Recipient.Path.ToString(), unhandled.Recipient.GetType(), $"Unhandled message from {unhandled.Sender}: {unhandled.Message}"));
        return true;
    }
}
