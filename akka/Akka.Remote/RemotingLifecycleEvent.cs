using Akka.Actor;
using Akka.Event;

namespace Akka.Remote;

/// <summary>What happened to remoting, published on the event stream.</summary>
public abstract class RemotingLifecycleEvent
{
    /// <summary>How important it is.</summary>
    public abstract LogLevel LogLevel();
}

/// <summary>What happened between two systems.</summary>
public abstract class AssociationEvent : RemotingLifecycleEvent
{
    /// <summary>What it is called in the text.</summary>
    protected string EventName = "";

    /// <summary>This system.</summary>
    public abstract Address LocalAddress { get; protected set; }

    /// <summary>The other one.</summary>
    public abstract Address RemoteAddress { get; protected set; }

    /// <summary>Whether the other one began.</summary>
    public abstract bool IsInbound { get; protected set; }

    /// <inheritdoc/>
    public override string ToString() => $"{EventName} [{LocalAddress}]{(IsInbound ? " <- " : " -> ")}{RemoteAddress}";
}

/// <summary>A connection to a system is there, and it said who it is.</summary>
public sealed class AssociatedEvent : AssociationEvent
{
    /// <summary>With its addresses.</summary>
    public AssociatedEvent(Address localAddress, Address remoteAddress, bool inbound)
    {
        LocalAddress = localAddress;
        RemoteAddress = remoteAddress;
        IsInbound = inbound;
        EventName = "Associated";
    }

    /// <inheritdoc/>
    public override Address LocalAddress { get; protected set; }

    /// <inheritdoc/>
    public override Address RemoteAddress { get; protected set; }

    /// <inheritdoc/>
    public override bool IsInbound { get; protected set; }

    /// <inheritdoc/>
    public override LogLevel LogLevel() => Event.LogLevel.DebugLevel;
}

/// <summary>The connection to a system ended.</summary>
public sealed class DisassociatedEvent : AssociationEvent
{
    /// <summary>With its addresses.</summary>
    public DisassociatedEvent(Address localAddress, Address remoteAddress, bool inbound)
    {
        LocalAddress = localAddress;
        RemoteAddress = remoteAddress;
        IsInbound = inbound;
        EventName = "Disassociated";
    }

    /// <inheritdoc/>
    public override Address LocalAddress { get; protected set; }

    /// <inheritdoc/>
    public override Address RemoteAddress { get; protected set; }

    /// <inheritdoc/>
    public override bool IsInbound { get; protected set; }

    /// <inheritdoc/>
    public override LogLevel LogLevel() => Event.LogLevel.DebugLevel;
}

/// <summary>Remoting listens.</summary>
public sealed class RemotingListenEvent(IList<Address> listenAddresses) : RemotingLifecycleEvent
{
    /// <summary>Where.</summary>
    public IList<Address> ListenAddresses { get; } = listenAddresses;

    /// <inheritdoc/>
    public override LogLevel LogLevel() => Event.LogLevel.InfoLevel;

    /// <inheritdoc/>
    public override string ToString() => $"Remoting now listens on addresses: {string.Join(", ", ListenAddresses)}";
}

/// <summary>Remoting has ended.</summary>
public sealed class RemotingShutdownEvent : RemotingLifecycleEvent
{
    /// <inheritdoc/>
    public override LogLevel LogLevel() => Event.LogLevel.InfoLevel;

    /// <inheritdoc/>
    public override string ToString() => "Remoting shut down";
}

/// <summary>An incarnation of a system is quarantined: nothing is sent to it nor taken from it any more. A restart of it is a new incarnation.</summary>
public sealed class QuarantinedEvent(Address address, int uid) : RemotingLifecycleEvent
{
    /// <summary>The system.</summary>
    public Address Address { get; } = address;

    /// <summary>Its incarnation.</summary>
    public int Uid { get; } = uid;

    /// <inheritdoc/>
    public override LogLevel LogLevel() => Event.LogLevel.WarningLevel;

    /// <inheritdoc/>
    public override string ToString() => $"Association to [{Address}] having UID [{Uid}] is irrecoverably failed. The UID is now quarantined, and nothing is sent to it or taken from it until it is restarted.";
}

/// <summary>A peer has quarantined this system: it has to be restarted to talk to it again.</summary>
public sealed class ThisActorSystemQuarantinedEvent(Address localAddress, Address remoteAddress) : RemotingLifecycleEvent
{
    /// <summary>This system.</summary>
    public Address LocalAddress { get; } = localAddress;

    /// <summary>The peer.</summary>
    public Address RemoteAddress { get; } = remoteAddress;

    /// <inheritdoc/>
    public override LogLevel LogLevel() => Event.LogLevel.WarningLevel;

    /// <inheritdoc/>
    public override string ToString() => $"The remote system [{RemoteAddress}] has quarantined this system [{LocalAddress}].";
}
