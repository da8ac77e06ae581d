using System.Globalization;
using Akka.Actor.Internal;
using Akka.Configuration;
using Akka.Dispatch.SysMsg;
using Akka.Event;
using Akka.Routing;

namespace Akka.Actor;

/// <summary>Actors of this process.</summary>
internal class LocalActorRefProvider : IActorRefProvider
{
    private readonly ActorSystemImpl _system;
    private readonly VirtualPathContainer _temp;
    private readonly Promise<Done> _terminated;
    private long _nextTemp;
    private Config? _withoutDeployments;

    public LocalActorRefProvider(ActorSystemImpl system)
    {
        _system = system;
        _terminated = new Promise<Done>(system.Later);
        RootPath = new RootActorPath(new Address("akka", system.Name));
        DeadLetters = new DeadLetterActorRef(this, RootPath / "deadLetters", system.EventStream);
        IgnoreRef = new IgnoreActorRef(this);
        _temp = new VirtualPathContainer(this, RootPath / "temp", ActorRefs.Nobody);
    }

    public LocalActorRef RootGuardian { get; private set; } = null!;

    public LocalActorRef Guardian { get; private set; } = null!;

    public LocalActorRef SystemGuardian { get; private set; } = null!;

    public IActorRef DeadLetters { get; }

    public IActorRef IgnoreRef { get; }

    public ActorPath RootPath { get; }

    public Settings Settings => _system.Settings;

    public IInternalActorRef TempContainer => _temp;

    public Task TerminationTask => _terminated.Task;

    /// <summary>Under which address the system is known: its own in this process, or that of its remoting.</summary>
    public virtual Address DefaultAddress => RootPath.Address;

    IInternalActorRef IActorRefProvider.RootGuardian => RootGuardian;

    /// <summary>Makes the three guardians. The root is the others' supervisor, and the end of it the end of the system.</summary>
    public virtual void Init()
    {
        var above = new AboveRoot(this);
        var dispatcher = _system.Dispatchers.DefaultGlobalDispatcher;
        RootGuardian = new LocalActorRef(_system, Props.CreateBy(new GuardianProducer(() => new RootGuardianActor())), dispatcher, null, above, RootPath);
        RootGuardian.Start();
        SystemGuardian = (LocalActorRef)RootGuardian.Cell.AttachChild(Props.CreateBy(new GuardianProducer(() => new SystemGuardianActor(this))), "system", true);
        var strategy = SupervisorStrategyConfigurator.CreateConfigurator(Settings.SupervisorStrategyClass).Create();
        Guardian = (LocalActorRef)RootGuardian.Cell.AttachChild(Props.CreateBy(new GuardianProducer(() => new UserGuardianActor(strategy))), "user", true);

        // The system's services outlive the user's actors.
        SystemGuardian.Tell(SystemGuardianActor.WatchUser.Instance, ActorRefs.NoSender);
    }

    /// <summary>The system and its loggers are there: what begins by itself begins now.</summary>
    public virtual void Started()
    {
    }

    /// <summary>All actors have ended.</summary>
    public virtual Task Shutdown() => Task.CompletedTask;

    public ActorPath TempPath() => _temp.Path / ("$" + Interlocked.Increment(ref _nextTemp).ToString("x", CultureInfo.InvariantCulture));

    public void RegisterTempActor(IInternalActorRef actorRef, ActorPath path) => _temp.Add(path.Name, actorRef);

    public void UnregisterTempActor(ActorPath path) => _temp.Remove(path.Name);

    public virtual IActorRef RootGuardianAt(Address address) => address == RootPath.Address ? RootGuardian : DeadLetters;

    public virtual Address? GetExternalAddressFor(Address address) => address == RootPath.Address ? RootPath.Address : null;

    public IActorRef ResolveActorRef(string path) => ActorPath.TryParse(path, out var parsed) ? ResolveActorRef(parsed) : DeadLetters;

    public virtual IActorRef ResolveActorRef(ActorPath actorPath) => actorPath.Address == RootPath.Address ? ResolveLocal(actorPath) : DeadLetters;

    /// <summary>The actor of this process at a path, whatever its address.</summary>
    protected IActorRef ResolveLocal(ActorPath actorPath)
    {
        if (actorPath.Depth == 0) return RootGuardian;
        var names = actorPath.Elements;
        var found = names[0] == _temp.Path.Name ? _temp.GetChild([.. names.Skip(1)])
            : names[0] == DeadLetters.Path.Name ? DeadLetters
            : RootGuardian.GetChild(names);
        if (found is Nobody || (actorPath.Uid != 0 && actorPath.Uid != found.Path.Uid)) return new EmptyLocalActorRef(this, actorPath, _system.EventStream);
        return found;
    }

    IInternalActorRef IActorRefProvider.ActorOf(ActorSystemImpl system, Props props, IInternalActorRef supervisor, ActorPath path, bool systemService)
    {
        var deployed = systemService || !HasDeployments(Settings.Config) ? props : Deployments.Apply(props, path, Settings.Config);
        if (deployed.RouterConfig is not NoRouter) return RoutedActors.Make(system, deployed, supervisor, path);
        return MakeLocal(system, deployed, supervisor, path);
    }

    public static LocalActorRef MakeLocal(ActorSystemImpl system, Props props, IInternalActorRef supervisor, ActorPath path)
    {
        var dispatcher = props.Dispatcher is { } id ? system.Dispatchers.Lookup(id) : system.Dispatchers.DefaultGlobalDispatcher;
        var mailbox = system.Mailboxes.GetMailboxType(props, dispatcher.Configurator.Config);
        return new LocalActorRef(system, props, dispatcher, mailbox, supervisor, path);
    }

    // Looked up once for each configuration: defaults may come under it later, and every new actor asks.
    private bool HasDeployments(Config config)
    {
        if (ReferenceEquals(config, _withoutDeployments)) return false;
        if (!config.GetConfig("akka.actor.deployment").IsEmpty) return true;
        _withoutDeployments = config;
        return false;
    }

    private sealed class AboveRoot(LocalActorRefProvider provider) : MinimalActorRef
    {
        public override ActorPath Path { get; } = provider.RootPath / "bubble-walker";

        public override IActorRefProvider Provider => provider;

        public override void SendSystemMessage(ISystemMessage message)
        {
            switch (message)
            {
                case Failed failed:
                    provider._system.EventStream.Publish(new Error(failed.Cause, Path.ToString(), GetType(), $"guardian {failed.Child} failed, shutting down!"));
                    ((IInternalActorRef)failed.Child).Stop();
                    break;
                case DeathWatchNotification:
                    provider._terminated.TrySetResult(Done.Instance);
                    break;
            }
        }
    }
}

/// <summary>What the configuration's <c>akka.actor.deployment</c> says about a path.</summary>
internal static class Deployments
{
    public static Props Apply(Props props, ActorPath path, Config config)
    {
        if (path.Depth < 2 || path.Elements[0] != "user") return props;
        var key = string.Concat(path.Elements.Skip(1).Select(element => "/" + element));
        var section = config.GetConfig($"akka.actor.deployment.\"{key}\"");
        if (section.IsEmpty) return props;
        var deploy = new Deploy(
            key,
            section,
            NoRouter.Instance,
            Deploy.NoScopeGiven,
            section.GetString("dispatcher", "")!,
            section.GetString("mailbox", "")!,
            section.GetInt("stash-capacity", Deploy.NoStashSize));
        return props.WithDeploy(deploy);
    }
}
