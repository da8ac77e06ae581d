using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Dispatch.SysMsg;
using Akka.Event;
using Akka.Remote.Transport;
using Akka.Remote.Wire;
using Akka.Serialization;

namespace Akka.Remote;

/// <summary>A message that travels on the control lane: small, and not to wait behind others.</summary>
internal interface IControlMessage;

/// <summary>A system's remoting: its place in the network, its peers, and the way of messages between them.</summary>
internal sealed class Remoting
{
    private const string Scheme = "akka.tcp";

    private readonly ConcurrentDictionary<Address, Association> _associations = new();
    private readonly SenderCache _senders = new();
    private readonly INetworkTransport _transport;
    private int _inbound;
    private volatile bool _shutDown;

    public Remoting(ActorSystemImpl system, RemotingSettings settings)
    {
        System = system;
        Settings = settings;
        Dice = system.Dice;
        Log = Logging.GetLogger(system, "remoting");
        Uid = AddressUidExtension.Uid(system);
        var given = system.Settings.Setup.Get<NetworkSetup>();
        _transport = given.HasValue ? given.Value.Create(system) : new TcpTransport(settings.Transport);
        LocalAddress = new Address(Scheme, system.Name, settings.PublicHost, settings.PublicPort > 0 ? settings.PublicPort : settings.Port);
    }

    public ExtendedActorSystem System { get; }

    public RemotingSettings Settings { get; }

    public SystemDice Dice { get; }

    public ILoggingAdapter Log { get; }

    /// <summary>How often strangers are told of.</summary>
    public Complaints Complaints { get; } = new();

    public IScheduler Scheduler => System.Scheduler;

    /// <summary>Under which address others reach this system; its port is right from <see cref="Start"/> on.</summary>
    public Address LocalAddress { get; private set; }

    /// <summary>This incarnation.</summary>
    public int Uid { get; }

    /// <summary>Gets the watches of local actors and the end of remote ones; set before <see cref="Start"/>.</summary>
    public IInternalActorRef Watcher { get; set; } = ActorRefs.Nobody;

    /// <summary>Listens. Throws where the address is not to be had.</summary>
    public void Start()
    {
        int port;
        try
        {
            port = _transport.Listen(Settings.BindHost, Settings.Port, Accept).GetAwaiter().GetResult();
        }
        catch (Exception e)
        {
            throw new RemoteTransportException($"remoting cannot listen on {Settings.BindHost}:{Settings.Port} (akka.remote.dot-netty.tcp.hostname and .port): {e.Message}", e);
        }

        if (Settings.PublicPort == 0) LocalAddress = LocalAddress.WithPort(port);
        Log.Info("Remoting started; listening on address {0}", LocalAddress);
        Publish(new RemotingListenEvent([LocalAddress]));
    }

    /// <summary>Writes what waits, says goodbye, and ends.</summary>
    public async Task Shutdown()
    {
        _shutDown = true;
        foreach (var association in _associations.Values)
        {
            association.Bulk.Shutdown();
            association.Control.Shutdown();
        }

        await _transport.Shutdown(Settings.FlushWait).ConfigureAwait(false);
        Publish(new RemotingShutdownEvent());
    }

    /// <summary>Whether an address is this system's.</summary>
    public bool IsLocal(Address address) => address == LocalAddress;

    /// <summary>The peer at an address; null where there are too many.</summary>
    public Association? AssociationFor(Address address)
    {
        if (_associations.TryGetValue(address, out var known)) return known;
        if (_associations.Count >= Limits.Associations) return null;
        return _associations.GetOrAdd(address, static (at, remoting) => new Association(remoting, at), this);
    }

    /// <summary>Sends a message. What cannot be sent is a dead letter, and where that is the sender's fault an error in the log.</summary>
    public void Send(object message, IActorRef? sender, RemoteActorRef receiver)
    {
        if (receiver.Association is not { } association || _shutDown)
        {
            DeadLetter(new Outgoing(default, message, sender, receiver), "there is no way to it");
            return;
        }

        Serializer serializer;
        byte[] body;
        string manifest;
        try
        {
            serializer = System.Serialization.FindSerializerFor(message);
            body = Akka.Serialization.Serialization.WithTransport(System, (serializer, message), static s => s.serializer.ToBinary(s.message));
            manifest = Akka.Serialization.Serialization.ManifestFor(serializer, message);
        }
        catch (Exception e)
        {
            Log.Error(e, "a message of type {0} for {1} cannot be written", message.GetType(), receiver.Path);
            DeadLetter(new Outgoing(default, message, sender, receiver), e.Message);
            return;
        }

        var elsewhere = sender is RemoteActorRef;
        var from = sender is null or Nobody ? default : elsewhere ? ((RemoteActorRef)sender).WholePath : _senders.PathOf(sender);
        var head = MessageHead.Write(receiver.WirePath, from, elsewhere, serializer.Identifier, manifest);
        var outgoing = new Outgoing(new Frame(head, body), message, sender, receiver);
        if (head is null) Dropped(outgoing, $"its paths and manifest take more than {Limits.HeadBytes} bytes");
        else if (outgoing.Frame.Size > Settings.MaximumFrameBytes) Dropped(outgoing, $"it takes {outgoing.Frame.Size} bytes, akka.remote.dot-netty.tcp.maximum-frame-size is {Settings.MaximumFrameBytes}");
        else (IsControl(message) || Settings.ControlSerializers.Contains(serializer.Identifier) ? association.Control : association.Bulk).Send(outgoing);
    }

    /// <summary>Sends a system message, until the peer has it or is gone.</summary>
    public void SendSystem(RemoteActorRef receiver, ISystemMessage message)
    {
        if (!_shutDown) receiver.Association?.SendSystem(receiver, message);
    }

    /// <summary>A system message as a frame.</summary>
    public byte[]? WriteSystem(long number, IActorRef receiver, ISystemMessage message)
        => Akka.Serialization.Serialization.WithTransport(System, (number, receiver, message), static s => SystemFrame.Write(s.number, s.receiver, s.message));

    /// <summary>A system message came.</summary>
    public void Deliver(Association from, IInternalActorRef receiver, SystemMessage message)
    {
        if (message is DeathWatchNotification died && receiver.Equals(Watcher)) Watcher.Tell(new RemoteWatcher.Died(died.Actor, died.ExistenceConfirmed));
        else receiver.SendSystemMessage(message);
        if (message is Watch or Unwatch) Watcher.Tell(new RemoteWatcher.WatchedBy(from.Remote, message));
    }

    public void Quarantine(Address address, int? uid)
    {
        if (!IsLocal(address) && AssociationFor(address) is { } association) association.Quarantine(uid ?? association.Uid);
    }

    public void Connect(Address address, Lane lane, IConnectionHandler handler) => _transport.Connect(address.Host!, address.Port ?? 0, lane, handler);

    public void Publish(object @event) => System.EventStream.Publish(@event);

    /// <summary>A message is not sent, and somebody has to know.</summary>
    public void Dropped(in Outgoing outgoing, string why)
    {
        Log.Error("a message of type {0} from {1} to {2} is not sent: {3}", outgoing.Message.GetType(), outgoing.Sender?.Path.ToString() ?? "nobody", outgoing.Receiver.Path, why);
        Publish(new Dropped(outgoing.Message, why, outgoing.Sender ?? System.DeadLetters, outgoing.Receiver));
    }

    /// <summary>A message did not get there.</summary>
    public void DeadLetter(in Outgoing outgoing, string why)
    {
        Log.Debug("a message to {0} is a dead letter: {1}", outgoing.Receiver.Path, why);
        AllDeadLetters dead = outgoing.Message is IDeadLetterSuppression suppressed
            ? new SuppressedDeadLetter(suppressed, outgoing.Sender ?? System.DeadLetters, outgoing.Receiver)
            : new DeadLetter(outgoing.Message, outgoing.Sender ?? System.DeadLetters, outgoing.Receiver);
        System.DeadLetters.Tell(dead, ActorRefs.NoSender);
    }

    /// <summary>Calls later, unless the system has ended by then or has already: connections still come and go while it does.</summary>
    public void After(TimeSpan delay, Action action)
    {
        if (_shutDown) return;
        try
        {
            Scheduler.Advanced.ScheduleOnce(delay, action);
        }
        catch (SchedulerException e)
        {
            Log.Debug("nothing is due any more: {0}", e.Message);
        }
    }

    public void InboundEnded() => Interlocked.Decrement(ref _inbound);

    private static bool IsControl(object message) => message is IControlMessage or ActorSelectionMessage { Message: IControlMessage };

    private InboundLink? Accept()
    {
        if (_shutDown) return null;
        if (Interlocked.Increment(ref _inbound) <= Limits.InboundConnections) return new InboundLink(this);
        Interlocked.Decrement(ref _inbound);
        return null;
    }
}
