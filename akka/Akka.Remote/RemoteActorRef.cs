using System.Text;
using Akka.Actor;
using Akka.Dispatch.SysMsg;
using Akka.Remote.Wire;

namespace Akka.Remote;

/// <summary>An actor of another system.</summary>
internal sealed class RemoteActorRef : InternalActorRefBase
{
    private readonly RemoteActorRefProvider _provider;
    private byte[]? _wirePath;
    private byte[]? _wholePath;
    private Association? _association;

    public RemoteActorRef(RemoteActorRefProvider provider, ActorPath path)
    {
        _provider = provider;
        Path = path;
    }

    public override ActorPath Path { get; }

    public override IActorRefProvider Provider => _provider;

    public override IInternalActorRef Parent => Path.Depth == 0 ? ActorRefs.Nobody : new RemoteActorRef(_provider, Path.Parent);

    public override bool IsTerminated => false;

    public override bool IsLocal => false;

    /// <summary>The path as a receiver's.</summary>
    public byte[] WirePath => _wirePath ??= Encoding.UTF8.GetBytes(SenderCache.PathText(Path));

    /// <summary>The path with its address.</summary>
    public byte[] WholePath => _wholePath ??= Encoding.UTF8.GetBytes(Path.ToSerializationFormat());

    /// <summary>The peer; null where there are too many.</summary>
    public Association? Association => _association ??= _provider.Remoting.AssociationFor(Path.Address);

    public override IActorRef GetChild(IReadOnlyList<string> name)
    {
        var path = Path;
        foreach (var element in name)
        {
            if (element == "..") path = path.Parent;
            else if (element.Length > 0) path /= element;
        }

        return new RemoteActorRef(_provider, path);
    }

    public override void Start()
    {
    }

    public override void Stop() => SendSystemMessage(new Terminate());

    public override void Resume(Exception? causedByFailure = null)
    {
    }

    public override void Restart(Exception cause)
    {
    }

    public override void Suspend()
    {
    }

    public override void SendSystemMessage(ISystemMessage message)
    {
        switch (message)
        {
            case Watch watch when !watch.Watcher.Equals(_provider.Remoting.Watcher):
                _provider.Remoting.Watcher.Tell(new RemoteWatcher.WatchRemote(this, watch.Watcher), ActorRefs.NoSender);
                break;
            case Unwatch unwatch when !unwatch.Watcher.Equals(_provider.Remoting.Watcher):
                _provider.Remoting.Watcher.Tell(new RemoteWatcher.UnwatchRemote(this, unwatch.Watcher), ActorRefs.NoSender);
                break;
            default:
                _provider.Remoting.SendSystem(this, message);
                break;
        }
    }

    protected override void TellInternal(object message, IActorRef? sender) => _provider.Remoting.Send(message, sender, this);
}
