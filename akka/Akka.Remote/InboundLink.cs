using System.Buffers;
using System.Runtime.Serialization;
using System.Text;
using Akka.Actor;
using Akka.Event;
using Akka.Remote.Transport;
using Akka.Remote.Wire;

namespace Akka.Remote;

/// <summary>
/// A connection that a peer opened. Until it has said who it is nothing of it is looked at but that; then each frame is a message that goes
/// to its actor at once.
/// </summary>
internal sealed class InboundLink(Remoting remoting) : IConnectionHandler
{
    private readonly ReadCache<IInternalActorRef> _receivers = new();
    private readonly ReadCache<IActorRef> _senders = new();
    private readonly ReadCache<string> _manifests = new();
    private volatile IConnection? _connection;
    private volatile bool _superseded;
    private Association? _association;
    private int _uid;

    public void Opened(IConnection connection)
    {
        _connection = connection;
        remoting.After(Limits.HandshakeTime, CheckTime);
    }

    public byte[] Body(ReadOnlySpan<byte> head, int bytes)
        => _association is not null && (FrameKind)head[0] == FrameKind.Message && remoting.Settings.ReusedBodies.Contains(MessageHead.SerializerOf(head))
            ? ArrayPool<byte>.Shared.Rent(bytes)
            : GC.AllocateUninitializedArray<byte>(bytes);

    public void Received(ReadOnlySpan<byte> head, byte[] body)
    {
        if (_superseded) return;
        try
        {
            if (_association is null) Greet(head, body);
            else Take(head, body);
        }
        catch (SerializationException e)
        {
            remoting.Log.Warning("connection from {0} closed, it sent what is not of this protocol: {1}", _association?.Remote.ToString() ?? _connection!.Peer, e.Message);
            _superseded = true;
            _connection!.Close();
        }
    }

    public void Writable()
    {
        // Nothing but the first answer goes this way.
    }

    public void Closed(CloseReason reason, string detail)
    {
        _superseded = true;
        remoting.InboundEnded();
        if (_association is not null) remoting.Log.Debug("connection from {0} ended: {1}", _association.Remote, detail);
        else if (Complaints.IsWorthOne(reason)) Complain(reason, _connection is null ? detail : $"{_connection.Peer}: {detail}");
        else remoting.Log.Debug("a connection ended before its first word: {0} ({1})", reason, detail);
    }

    /// <summary>Another connection has taken its place: what still comes on this one is void.</summary>
    public void Supersede()
    {
        _superseded = true;
        _connection?.Close();
    }

    private void Complain(CloseReason reason, string detail)
    {
        if (!remoting.Complaints.Says(remoting.Scheduler.MonotonicClock, out var keptBack)) return;
        remoting.Log.Warning("a connection ended before its first word: {0} ({1}); {2}{3}", reason, detail, Complaints.Advice(reason), keptBack == 0 ? "" : $" {keptBack} more since the last of these warnings");
    }

    private void CheckTime()
    {
        if (_association is null) _connection?.Close();
    }

    private void Greet(ReadOnlySpan<byte> head, byte[] body)
    {
        if (body.Length > 0) throw new SerializationException("a first word with a body");
        var (lane, from, uid, target) = Handshake.ReadHello(head);
        if (!remoting.IsLocal(target))
        {
            Refuse(RefusalReason.WrongAddress, $"{from} wanted {target}, this is {remoting.LocalAddress}");
            return;
        }

        if (remoting.AssociationFor(from) is not { } association)
        {
            Refuse(RefusalReason.Busy, $"{from} is one peer too many");
            return;
        }

        if (!association.TakeInbound(this, lane, uid))
        {
            Refuse(RefusalReason.Quarantined, $"{from} (uid {uid}) is quarantined");
            return;
        }

        _uid = uid;
        _association = association;
        _connection!.MaximumInboundFrame = remoting.Settings.MaximumFrameBytes;
        _connection.Send(new Frame(Handshake.Welcome(remoting.Uid, remoting.Settings.MaximumFrameBytes), default));
    }

    private void Refuse(RefusalReason reason, string detail)
    {
        remoting.Log.Warning("connection refused: {0}", detail);
        _superseded = true;
        _connection!.Send(new Frame(Handshake.Refusal(reason), default));
        _connection.Close();
    }

    private void Take(ReadOnlySpan<byte> head, byte[] body)
    {
        switch ((FrameKind)head[0])
        {
            case FrameKind.Message:
                TakeMessage(head, body);
                break;
            case FrameKind.System:
                TakeSystem(head);
                break;
            case FrameKind.Acknowledge:
                _association!.Control.Acknowledged(SystemFrame.ReadAcknowledge(head));
                break;
            case FrameKind.Goodbye:
                remoting.Log.Debug("{0} ends", _association!.Remote);
                break;
            default:
                throw new SerializationException($"there are no frames of kind {head[0]}");
        }
    }

    private void TakeMessage(ReadOnlySpan<byte> head, byte[] body)
    {
        var parts = MessageHead.Read(head);
        var receiver = Receiver(parts.Receiver);
        var sender = parts.Sender.IsEmpty ? ActorRefs.NoSender : Sender(parts);
        object message;
        try
        {
            message = remoting.System.Serialization.Deserialize(body, parts.Serializer, Manifest(parts.Manifest));
        }
        catch (Exception e)
        {
            // The connection is sound; this message is one that this node cannot read.
            remoting.Log.Error(e, "a message from {0} for {1} cannot be read (serializer {2}, manifest '{3}', {4} bytes)", _association!.Remote, receiver.Path, parts.Serializer, Manifest(parts.Manifest), body.Length);
            return;
        }

        receiver.Tell(message, sender);
    }

    private void TakeSystem(ReadOnlySpan<byte> head)
    {
        var (number, receiver, message) = SystemFrame.Read(head, remoting.System);
        if (_association!.TakesSystem(_uid, number)) remoting.Deliver(_association, receiver, message);
    }

    private IInternalActorRef Receiver(ReadOnlySpan<byte> path)
    {
        // An actor that ended may have a successor of the same name.
        if (_receivers.Find(path) is { IsTerminated: false } known) return known;
        var text = Text(path);
        if (!ActorPath.TryParse(remoting.System.Provider.RootPath, text, out var parsed)) throw new SerializationException($"'{text}' is no actor's path");
        var found = (IInternalActorRef)remoting.System.Provider.ResolveActorRef(parsed);
        if (found is LocalActorRef) _receivers.Put(path, found);
        return found;
    }

    private IActorRef Sender(in MessageHead.Parts parts)
    {
        if (!parts.SenderIsElsewhere && _senders.Find(parts.Sender) is { } known) return known;
        var text = Text(parts.Sender);
        if (parts.SenderIsElsewhere) return remoting.System.Provider.ResolveActorRef(text);
        if (!ActorPath.TryParse(new RootActorPath(_association!.Remote), text, out var path)) throw new SerializationException($"'{text}' is no actor's path");
        var sender = remoting.System.Provider.ResolveActorRef(path);

        // Who asks does so once.
        if (!parts.Sender.StartsWith("/temp"u8)) _senders.Put(parts.Sender, sender);
        return sender;
    }

    private string Manifest(ReadOnlySpan<byte> manifest)
    {
        if (manifest.IsEmpty) return "";
        if (_manifests.Find(manifest) is { } known) return known;
        var text = Text(manifest);
        _manifests.Put(manifest, text);
        return text;
    }

    private static string Text(ReadOnlySpan<byte> bytes)
        => bytes.Length <= Limits.TextBytes ? Encoding.UTF8.GetString(bytes) : throw new SerializationException($"a text of {bytes.Length} bytes, the limit is {Limits.TextBytes}");
}
