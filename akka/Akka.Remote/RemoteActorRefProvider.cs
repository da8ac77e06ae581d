using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Remote.Serialization;
using Akka.Remote.Transport.DotNetty;

namespace Akka.Remote;

/// <summary>Actors of this process and of others.</summary>
internal class RemoteActorRefProvider : LocalActorRefProvider
{
    private readonly ActorSystemImpl _system;

    public RemoteActorRefProvider(ActorSystemImpl system)
        : base(system)
    {
        _system = system;
        system.Settings.InjectTopLevelFallback(RemoteReference.Default);
        var ssl = system.Settings.Setup.Get<DotNettySslSetup>();
        Remoting = new Remoting(system, new RemotingSettings(system.Settings.Config, ssl.HasValue ? ssl.Value : null));
    }

    public Remoting Remoting { get; }

    public override Address DefaultAddress => Remoting.LocalAddress;

    public override void Init()
    {
        base.Init();
        var serializer = new RemoteMessageSerializer(_system);
        _system.Serialization.AddSerializer("akka-remote", serializer);
        foreach (var type in RemoteMessageSerializer.Types) _system.Serialization.AddSerializationMap(type, serializer);
        Remoting.Watcher = (IInternalActorRef)_system.SystemActorOf(Props.CreateBy(new GuardianProducer(MakeWatcher)).WithDeploy(Deploy.Local), "remote-watcher");
        Remoting.Start();
    }

    public override Task Shutdown() => Remoting.Shutdown();

    public override IActorRef RootGuardianAt(Address address)
        => IsHere(address) ? RootGuardian : address.HasGlobalScope ? new RemoteActorRef(this, new RootActorPath(address)) : DeadLetters;

    public override Address? GetExternalAddressFor(Address address) => IsHere(address) || address.HasGlobalScope ? DefaultAddress : null;

    public override IActorRef ResolveActorRef(ActorPath actorPath)
    {
        if (IsHere(actorPath.Address)) return ResolveLocal(actorPath);
        return actorPath.Address.HasGlobalScope ? new RemoteActorRef(this, actorPath) : DeadLetters;
    }

    /// <summary>Makes the actor that watches others' actors.</summary>
    protected virtual ActorBase MakeWatcher() => new RemoteWatcher(Remoting);

    private bool IsHere(Address address) => address == RootPath.Address || Remoting.IsLocal(address);
}
