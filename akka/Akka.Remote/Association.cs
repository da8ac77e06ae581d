using Akka.Actor;
using Akka.Dispatch.SysMsg;
using Akka.Event;
using Akka.Remote.Transport;
using Akka.Remote.Wire;

namespace Akka.Remote;

/// <summary>An incarnation of a peer is gone for good: its process ended, was restarted, or is quarantined. Published on the event stream.</summary>
internal sealed record PeerGone(Address Address, int Uid);

/// <summary>An address's machine said that nobody listens there. Published on the event stream.</summary>
internal sealed record NobodyListens(Address Address);

/// <summary>What this system knows of a peer: which incarnation it is, whether that is quarantined, and the two lanes to it.</summary>
internal sealed class Association
{
    private readonly Lock _lock = new();
    private readonly SystemInbox _systemInbox = new();
    private readonly InboundLink?[] _inbound = new InboundLink?[2];
    private int _uid;
    private int _quarantined;

    // The reason that was warned of last; 0 (closed by this side, which is no such reason) where it has been connected since.
    private int _complaint;

    public Association(Remoting remoting, Address remote)
    {
        Remoting = remoting;
        Remote = remote;
        Control = new OutboundLane(this, Lane.Control, remoting.Settings.ControlQueueBytes, new SystemOutbox(remoting.Settings.SystemMessages));
        Bulk = new OutboundLane(this, Lane.Bulk, remoting.Settings.BulkQueueBytes, null);
    }

    public Remoting Remoting { get; }

    public Address Remote { get; }

    public OutboundLane Control { get; }

    public OutboundLane Bulk { get; }

    /// <summary>The peer's incarnation; 0 before it has said so.</summary>
    public int Uid => Volatile.Read(ref _uid);

    /// <summary>Whether the incarnation that is known is quarantined.</summary>
    public bool IsQuarantined
    {
        get
        {
            lock (_lock) return _quarantined != 0 && _quarantined == _uid;
        }
    }

    /// <summary>Sends a system message; a peer that misses too many is quarantined.</summary>
    public void SendSystem(IActorRef receiver, ISystemMessage message)
    {
        if (Control.SendSystem(receiver, message)) return;
        Remoting.Log.Error("{0} has not acknowledged {1} system messages; it is quarantined", Remote, Remoting.Settings.SystemMessages);
        Control.ClearSystem();
        Quarantine(Uid);
    }

    /// <summary>The peer said who it is on a connection that this side opened; false where it is not to be talked to.</summary>
    public bool Welcomed(Lane lane, int uid)
    {
        if (!Learn(uid)) return false;
        Volatile.Write(ref _complaint, 0);
        if (lane == Lane.Control) Remoting.Publish(new AssociatedEvent(Remoting.LocalAddress, Remote, false));
        return true;
    }

    /// <summary>
    /// The peer said who it is; false where that incarnation is quarantined. Another incarnation than the one before is the end of that one.
    /// </summary>
    public bool Learn(int uid)
    {
        int gone;
        lock (_lock)
        {
            if (_quarantined == uid) return false;
            if (_uid == uid) return true;
            gone = _uid;
            Volatile.Write(ref _uid, uid);
            _quarantined = 0;
            _systemInbox.Clear();
            if (gone != 0) Control.ClearSystem();
        }

        if (gone != 0) Remoting.Publish(new PeerGone(Remote, gone));
        return true;
    }

    /// <summary>A connection from the peer begins; the one before it on that lane is void.</summary>
    public bool TakeInbound(InboundLink link, Lane lane, int uid)
    {
        if (!Learn(uid)) return false;
        InboundLink? before;
        lock (_lock) (before, _inbound[(int)lane]) = (_inbound[(int)lane], link);
        before?.Supersede();
        if (lane == Lane.Control) Remoting.Publish(new AssociatedEvent(Remoting.LocalAddress, Remote, true));
        return true;
    }

    /// <summary>Whether a system message is the next one of that incarnation.</summary>
    public bool TakesSystem(int uid, long number)
    {
        bool takes;
        long last;
        lock (_lock)
        {
            if (_uid != uid) return false;
            takes = _systemInbox.Takes(number);
            last = _systemInbox.Last;
        }

        Control.Send(new Outgoing(new Frame(SystemFrame.Acknowledge(last), default), Acknowledgement.Instance, null, ActorRefs.Nobody));
        return takes;
    }

    public void Quarantine(int uid)
    {
        lock (_lock)
        {
            if (uid == 0 || uid != _uid || _quarantined == uid) return;
            _quarantined = uid;
        }

        Control.ClearSystem();
        Control.Close();
        Bulk.Close();
        InboundLink?[] inbound;
        lock (_lock) inbound = [_inbound[0], _inbound[1]];
        foreach (var link in inbound) link?.Supersede();
        Remoting.Log.Warning("{0} (uid {1}) is quarantined: nothing is sent to it or taken from it until it is restarted", Remote, uid);
        Remoting.Publish(new QuarantinedEvent(Remote, uid));
        Remoting.Publish(new PeerGone(Remote, uid));
    }

    /// <summary>Nothing will ever come from there: what waits for it is void.</summary>
    public void GiveUp()
    {
        if (Uid != 0) Quarantine(Uid);
        else Control.ClearSystem();
    }

    /// <summary>A connection broke that had been in use.</summary>
    public void Disconnected(Lane lane, string detail)
    {
        if (lane != Lane.Control) return;
        Remoting.Log.Debug("connection to {0} lost: {1}", Remote, detail);
        Remoting.Publish(new DisassociatedEvent(Remoting.LocalAddress, Remote, false));
    }

    /// <summary>A connection could not be made.</summary>
    public void NotConnected(Lane lane, CloseReason reason, string detail)
    {
        if (Complaints.IsWorthOne(reason) && Interlocked.Exchange(ref _complaint, (int)reason) != (int)reason)
        {
            Remoting.Log.Warning("no connection to {0}: {1} ({2}); {3}", Remote, reason, detail, Complaints.Advice(reason));
        }
        else Remoting.Log.Debug("no connection to {0}: {1} ({2})", Remote, reason, detail);

        // Its machine says that nobody listens there: the incarnation that did is gone.
        if (reason != CloseReason.Refused || lane != Lane.Control) return;
        Remoting.Publish(new NobodyListens(Remote));
        if (Uid is var uid and not 0) Remoting.Publish(new PeerGone(Remote, uid));
    }

    /// <summary>The peer does not want to talk to this system.</summary>
    public void Refused(RefusalReason reason)
    {
        Remoting.Log.Warning("{0} refused the connection: {1}", Remote, reason);
        if (reason == RefusalReason.Quarantined) Remoting.Publish(new ThisActorSystemQuarantinedEvent(Remoting.LocalAddress, Remote));
    }
}

/// <summary>Stands for an acknowledgement on its way out: unlike a system message it is not sent again by itself.</summary>
internal sealed class Acknowledgement : ISystemMessage
{
    public static readonly Acknowledgement Instance = new();
}
