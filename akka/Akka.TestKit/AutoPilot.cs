using Akka.Actor;

namespace Akka.TestKit;

/// <summary>What a test actor does at once with each message, before the test sees it.</summary>
public abstract class AutoPilot
{
    /// <summary>Goes on with the same one.</summary>
    public static KeepRunning KeepRunning => KeepRunning.Instance;

    /// <summary>Stops.</summary>
    public static NoAutoPilot NoAutoPilot => NoAutoPilot.Instance;

    /// <summary>Handles a message; gives the one for the next message.</summary>
    public abstract AutoPilot Run(IActorRef sender, object message);
}

/// <summary>Does nothing.</summary>
public sealed class NoAutoPilot : AutoPilot
{
    /// <summary>The only value.</summary>
    public static readonly NoAutoPilot Instance = new();

    private NoAutoPilot()
    {
    }

    /// <summary>Does nothing.</summary>
    public override AutoPilot Run(IActorRef sender, object message) => this;
}

/// <summary>The answer of a pilot that handles the next message too.</summary>
public sealed class KeepRunning : AutoPilot
{
    /// <summary>The only value.</summary>
    public static readonly KeepRunning Instance = new();

    private KeepRunning()
    {
    }

    /// <summary>Throws <see cref="InvalidOperationException"/>: it is an answer, no pilot.</summary>
    public override AutoPilot Run(IActorRef sender, object message) => throw new InvalidOperationException("KeepRunning is what a pilot answers, no pilot");
}

/// <summary>Handles a message; gives the pilot for the next one.</summary>
public delegate AutoPilot AutoPilotDelegate(IActorRef sender, object message);

/// <summary>A pilot that is a delegate.</summary>
public sealed class DelegateAutoPilot(AutoPilotDelegate autoPilotDelegate) : AutoPilot
{
    /// <inheritdoc/>
    public override AutoPilot Run(IActorRef sender, object message) => autoPilotDelegate(sender, message);
}
