using Akka.Actor;
using Akka.Event;
using Akka.Remote.Transport;
using Akka.Remote.Wire;

namespace Akka.Remote;

/// <summary>A message on its way out, with what is needed to tell that it did not get there.</summary>
internal readonly record struct Outgoing(Frame Frame, object Message, IActorRef? Sender, IActorRef Receiver);

/// <summary>
/// One lane to a peer: its connection, what waits for it, and when it is tried again. A connection that cannot be made costs what waits for it (as
/// messages to nobody); one that breaks costs what was on it. System messages alone survive both.
/// </summary>
internal sealed class OutboundLane(Association association, Lane lane, long queueLimit, SystemOutbox? system)
{
    private readonly Lock _lock = new();
    private readonly Queue<Outgoing> _queue = new();
    private readonly Backoff _backoff = new(association.Remoting.Settings.BackoffMin, association.Remoting.Settings.BackoffMax);
    private long _queuedBytes;
    private Link? _link;
    private bool _ready;
    private bool _waiting;
    private bool _shutDown;
    private int _maximumFrame;

    /// <summary>Whether the peer has said who it is on this lane's connection.</summary>
    public bool IsReady
    {
        get
        {
            lock (_lock) return _ready;
        }
    }

    public void Send(in Outgoing outgoing)
    {
        string? dropped = null;
        lock (_lock)
        {
            if (_shutDown) dropped = "remoting has ended";
            else if (_ready && outgoing.Frame.Size > _maximumFrame) dropped = $"it takes {outgoing.Frame.Size} bytes, and the peer takes {_maximumFrame}";
            else if (_ready && _queue.Count == 0 && _link!.Connection!.Send(outgoing.Frame)) return;
            else if (_queuedBytes + outgoing.Frame.Size > queueLimit) dropped = $"{_queuedBytes} bytes wait for {association.Remote} already (akka.remote.outbound-{(lane == Lane.Bulk ? "bulk" : "control")}-queue-size)";
            else Enqueue(outgoing);
        }

        if (dropped is not null) association.Remoting.Dropped(outgoing, dropped);
    }

    /// <summary>Sends a system message, now or with the next connection; false where too many wait.</summary>
    public bool SendSystem(IActorRef receiver, Dispatch.SysMsg.ISystemMessage message)
    {
        lock (_lock)
        {
            if (_shutDown) return true;
            var frame = association.Remoting.WriteSystem(system!.NextNumber, receiver, message);
            if (frame is null) return true;
            if (!system.TryAdd(frame)) return false;
            if (_ready) Enqueue(new Outgoing(new Frame(frame, default), message, null, receiver));
            else Connect();
            if (_ready) Drain();
            return true;
        }
    }

    public void Acknowledged(long number)
    {
        lock (_lock) system!.Acknowledged(number);
    }

    /// <summary>The peer is another incarnation, or quarantined.</summary>
    public void ClearSystem()
    {
        lock (_lock) system!.Clear();
    }

    /// <summary>Ends the connection and forgets what waits; with the next message it begins anew.</summary>
    public void Close()
    {
        List<Outgoing> lost;
        Link? link;
        lock (_lock)
        {
            (link, _link, _ready) = (_link, null, false);
            lost = TakeQueue();
        }

        link?.Connection?.Close();
        Lost(lost, "the association was closed");
    }

    /// <summary>No more: says goodbye where somebody listens.</summary>
    public void Shutdown()
    {
        lock (_lock)
        {
            _shutDown = true;
            if (!_ready) return;
            Drain();
            if (lane == Lane.Control) _link!.Connection!.Send(new Frame(new byte[] { (byte)FrameKind.Goodbye }, default));
        }
    }

    private void Enqueue(in Outgoing outgoing)
    {
        _queue.Enqueue(outgoing);
        _queuedBytes += outgoing.Frame.Size;
        if (!_ready) Connect();
    }

    private void Connect()
    {
        if (_link is not null || _waiting || _shutDown) return;
        var link = new Link(this);
        _link = link;
        association.Remoting.Connect(association.Remote, lane, link);
        association.Remoting.After(association.Remoting.Settings.ConnectTimeout, link.CheckTime);
    }

    private void Drain()
    {
        while (_ready && _queue.TryPeek(out var next))
        {
            if (!_link!.Connection!.Send(next.Frame)) return;
            _queue.Dequeue();
            _queuedBytes -= next.Frame.Size;
        }
    }

    private List<Outgoing> TakeQueue()
    {
        var all = new List<Outgoing>(_queue);
        _queue.Clear();
        _queuedBytes = 0;
        return all;
    }

    private void Lost(List<Outgoing> lost, string why)
    {
        foreach (var outgoing in lost)
        {
            // A system message is still in the outbox.
            if (outgoing.Message is not Dispatch.SysMsg.ISystemMessage) association.Remoting.DeadLetter(outgoing, why);
        }
    }

    private void Ready(Link link, int maximumFrame)
    {
        List<Outgoing>? tooBig = null;
        lock (_lock)
        {
            if (!ReferenceEquals(_link, link)) return;
            _backoff.Reset();
            _maximumFrame = maximumFrame;
            var waited = TakeQueue();
            foreach (var frame in system?.Open() ?? []) Enqueue(new Outgoing(new Frame(frame, default), WhatWaited.Instance, null, ActorRefs.Nobody));
            foreach (var outgoing in waited)
            {
                if (outgoing.Message is Dispatch.SysMsg.ISystemMessage and not Acknowledgement) continue;
                if (outgoing.Frame.Size > maximumFrame) (tooBig ??= []).Add(outgoing);
                else Enqueue(outgoing);
            }

            _ready = true;
            Drain();
        }

        if (tooBig is null) return;
        foreach (var outgoing in tooBig) association.Remoting.Dropped(outgoing, $"it takes {outgoing.Frame.Size} bytes, and the peer takes {maximumFrame}");
    }

    private void Ended(Link link, CloseReason reason, string detail)
    {
        List<Outgoing>? lost = null;
        bool wasReady;
        lock (_lock)
        {
            if (!ReferenceEquals(_link, link)) return;
            wasReady = _ready;
            _link = null;
            _ready = false;
            if (_shutDown) return;

            // What was on the connection is gone. What waited goes with the next one, which also tells whether the peer's process is still there.
            if (wasReady && (_queue.Count > 0 || lane == Lane.Control)) Connect();
            else if (!wasReady) lost = Failed();
        }

        if (lost is not null) Lost(lost, detail);
        if (wasReady) association.Disconnected(lane, detail);
        else association.NotConnected(lane, reason, detail);
    }

    private List<Outgoing> Failed()
    {
        _waiting = true;
        association.Remoting.After(_backoff.Next(association.Remoting.Dice.Fraction()), TryAgain);
        return TakeQueue();
    }

    private void TryAgain()
    {
        lock (_lock)
        {
            _waiting = false;
            if (_queue.Count > 0 || system is { Count: > 0 }) Connect();
        }
    }

    private void Writable()
    {
        lock (_lock) Drain();
    }

    /// <summary>In a message's place where a system message goes out once more.</summary>
    private sealed class WhatWaited : Dispatch.SysMsg.ISystemMessage
    {
        public static readonly WhatWaited Instance = new();
    }

    /// <summary>One connection of the lane, or the attempt at one.</summary>
    private sealed class Link(OutboundLane owner) : IConnectionHandler
    {
        private readonly Association _association = owner.Association;
        private volatile bool _welcome;

        public volatile IConnection? Connection;

        public void Opened(IConnection connection)
        {
            Connection = connection;
            connection.Send(new Frame(Handshake.Hello(owner.Lane, _association.Remoting.LocalAddress, _association.Remoting.Uid, _association.Remote), default));
        }

        public void Received(ReadOnlySpan<byte> head, byte[] body)
        {
            try
            {
                Take((FrameKind)head[0], head);
            }
            catch (System.Runtime.Serialization.SerializationException e)
            {
                _association.Remoting.Log.Warning("{0} answered what is not of this protocol: {1}", _association.Remote, e.Message);
                Connection!.Close();
            }
        }

        public void Writable() => owner.Writable();

        public void Closed(CloseReason reason, string detail) => owner.Ended(this, reason, detail);

        /// <summary>The time for an answer is over.</summary>
        public void CheckTime()
        {
            if (_welcome) return;
            if (Connection is { } connection) connection.Close();
            owner.Ended(this, CloseReason.Unreachable, "no answer in time");
        }

        private void Take(FrameKind kind, ReadOnlySpan<byte> head)
        {
            if (kind == FrameKind.Welcome && !_welcome)
            {
                var (uid, maximum) = Handshake.ReadWelcome(head);
                _welcome = true;
                if (_association.Welcomed(owner.Lane, uid)) owner.Ready(this, maximum);
                else Connection!.Close();
            }
            else if (kind == FrameKind.Refusal && head.Length == 2)
            {
                _association.Refused((RefusalReason)head[1]);
                Connection!.Close();
            }
            else
            {
                throw new System.Runtime.Serialization.SerializationException($"a frame of kind {kind} in an answer");
            }
        }
    }

    private Association Association => association;

    private Lane Lane => lane;
}
