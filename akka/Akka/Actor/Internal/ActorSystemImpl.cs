using System.Collections.Concurrent;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;
using Akka.Util;

namespace Akka.Actor.Internal;

/// <summary>The actor system.</summary>
internal sealed class ActorSystemImpl : ExtendedActorSystem
{
    private readonly ConcurrentDictionary<Type, Lazy<object>> _extensions = new();
    private readonly Promise<Done> _terminated;
    private readonly Lock _terminationLock = new();
    private readonly Stack<Action> _terminationHooks = new();
    private readonly LocalActorRefProvider _provider;
    private readonly Lazy<Serialization.Serialization> _serialization;
    private bool _hooksRan;
    private int _terminating;

    public ActorSystemImpl(string name, ActorSystemSetup setup)
    {
        if (!IsValidName(name)) throw new ArgumentException($"invalid ActorSystem name [{name}], must contain only word characters (i.e. [a-zA-Z0-9] plus non-leading '-' or '_')", nameof(name));
        Name = name;
        var bootstrap = setup.Get<BootstrapSetup>();
        var config = bootstrap.HasValue && bootstrap.Value.Config.HasValue ? bootstrap.Value.Config.Value : Config.Empty;
        if (bootstrap.HasValue && bootstrap.Value.ConfigFallback.HasValue) config = config.WithFallback(bootstrap.Value.ConfigFallback.Value);
        Settings = new Settings(this, config, setup);
        Later = EngineSetup.Of(this).Later;
        _terminated = new Promise<Done>(Later);
        EventStream = new EventStream(Settings.DebugEventStream);
        EventStream.StartStdoutLogger(Settings);
        Log = new BusLogging(EventStream, $"ActorSystem({name})", typeof(ActorSystem), Settings.LogFormatter);
        Scheduler = MakeScheduler();
        StartTime = Scheduler.MonotonicClock;
        Dice = new SystemDice(EngineSetup.Of(this).Seed ?? (ulong)Scheduler.Now.UtcTicks * 0x9E3779B97F4A7C15);
        Mailboxes = new Mailboxes(this);
        Dispatchers = new Dispatchers(this, new DefaultDispatcherPrerequisites(EventStream, Scheduler, Settings, Mailboxes), Log);
        _provider = MakeProvider(bootstrap);
        _serialization = new Lazy<Serialization.Serialization>(() => new Serialization.Serialization(this));
    }

    public override Settings Settings { get; }

    public override string Name { get; }

    public override Dispatchers Dispatchers { get; }

    public override Mailboxes Mailboxes { get; }

    public override IScheduler Scheduler { get; }

    public override EventStream EventStream { get; }

    public override ILoggingAdapter Log { get; }

    public override IActorRefProvider Provider => _provider;

    public override IActorRef DeadLetters => _provider.DeadLetters;

    public override IActorRef IgnoreRef => _provider.IgnoreRef;

    public override IInternalActorRef Guardian => _provider.Guardian;

    public override IInternalActorRef LookupRoot => _provider.RootGuardian;

    public override IInternalActorRef SystemGuardian => _provider.SystemGuardian;

    public override Serialization.Serialization Serialization => _serialization.Value;

    public override Task WhenTerminated => _terminated.Task;

    /// <summary>Where whoever waits for something of this system goes on; null: on the thread pool.</summary>
    public Action<Action>? Later { get; }

    /// <summary>The system's dice.</summary>
    public SystemDice Dice { get; }

    /// <summary>Whether the guardians are there.</summary>
    public bool IsStarted { get; private set; }

    /// <summary>A new incarnation's number, never 0.</summary>
    public long NextUid() => (long)(Dice.Next() & 0x7FFFFFFF) + 1;

    public void Start()
    {
        _provider.Init();
        EventStream.Bind(this);
        IsStarted = true;

        // Not awaited: an async method's machinery is compiled at the start of the process, and this is called once.
        _provider.TerminationTask.ContinueWith(static (_, self) => ((ActorSystemImpl)self!).EndWithTheTree(), this, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        EventStream.StartLoggers(this);
        if (Settings.LogDeadLetters > 0 || Settings.DebugUnhandledMessage)
        {
            SystemActorOf(Props.CreateBy(new GuardianProducer(() => new DeadLetterListener(this))), "deadLetterListener");
        }

        if (Settings.LogConfigOnStart) Log.Info("{0}", Settings);
        _provider.Started();
    }

    public override IActorRef ActorOf(Props props, string? name = null) => _provider.Guardian.Cell.AttachChild(props, name, false);

    public override IActorRef SystemActorOf(Props props, string? name = null) => _provider.SystemGuardian.Cell.AttachChild(props, name, true);

    public override IActorRef SystemActorOf<TActor>(string? name = null) => SystemActorOf(Props.Create<TActor>([]), name);

    public override ActorSelection ActorSelection(ActorPath actorPath) => ActorRefFactoryShared.ActorSelection(actorPath, this);

    public override ActorSelection ActorSelection(string actorPath) => ActorRefFactoryShared.ActorSelection(actorPath, this, _provider.RootGuardian);

    public override void Stop(IActorRef actor) => ((IInternalActorRef)actor).Stop();

    public override object GetExtension(IExtensionId extensionId)
        => TryGetExtension(extensionId.ExtensionType, out var extension) ? extension : RegisterExtension(extensionId);

    public override T? GetExtension<T>()
        where T : class
        => TryGetExtension<T>(out var extension) ? extension : null;

    public override bool HasExtension(Type type) => _extensions.ContainsKey(type);

    public override bool HasExtension<T>() => HasExtension(typeof(T));

    public override bool TryGetExtension(Type extensionType, out object extension)
    {
        var there = _extensions.TryGetValue(extensionType, out var made);
        extension = there ? made!.Value : null!;
        return there;
    }

    public override bool TryGetExtension<T>(out T extension)
    {
        var there = TryGetExtension(typeof(T), out var made);
        extension = (T)made;
        return there;
    }

    public override object RegisterExtension(IExtensionId extension)
    {
        // Made once even when two ask at the same time.
        var made = _extensions.GetOrAdd(extension.ExtensionType, static (_, of) => new Lazy<object>(() => of.Id.CreateExtension(of.System)), (Id: extension, System: (ExtendedActorSystem)this));
        try
        {
            return made.Value;
        }
        catch
        {
            _extensions.TryRemove(extension.ExtensionType, out _);
            throw;
        }
    }

    public override void RegisterOnTermination(Action code)
    {
        lock (_terminationLock)
        {
            if (_hooksRan) throw new InvalidOperationException("ActorSystem already terminated.");
            _terminationHooks.Push(code);
        }
    }

    public override Task Terminate()
    {
        if (Settings.CoordinatedShutdownRunByActorSystemTerminate) _ = RunShutdown();
        else _ = FinalTerminate();
        return WhenTerminated;
    }

    /// <summary>Stops the tree without more ado.</summary>
    public Task FinalTerminate()
    {
        if (Interlocked.Exchange(ref _terminating, 1) == 0)
        {
            if (!Settings.LogDeadLettersDuringShutdown && Settings.LogDeadLetters > 0) Stop(_provider.SystemGuardian.Cell.SingleChild("deadLetterListener"));
            _provider.Guardian.Stop();
        }

        return WhenTerminated;
    }

    /// <summary>What is at the top of the tree beside the guardians.</summary>
    public IInternalActorRef RootChild(string name)
        => name == _provider.TempContainer.Path.Name ? _provider.TempContainer
            : name == DeadLetters.Path.Name ? (IInternalActorRef)DeadLetters
            : ActorRefs.Nobody;

    public override string ToString() => LookupRoot.Path.Root.Address.ToString();

    private static bool IsValidName(string name)
        => !string.IsNullOrEmpty(name) && char.IsAsciiLetterOrDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private Task RunShutdown() => CoordinatedShutdown.Get(this).Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance);

    private IScheduler MakeScheduler()
    {
        if (EngineSetup.Of(this).Scheduler is { } replaced) return replaced(Settings.Config, Log);
        var name = Settings.SchedulerClass;
        if (name.Split(',')[0].Trim() == "Akka.Actor.HashedWheelTimerScheduler") return new HashedWheelTimerScheduler(Settings.Config, Log);
        return Type.GetType(name) is { } type && typeof(IScheduler).IsAssignableFrom(type)
            ? (IScheduler)Activator.CreateInstance(type, Settings.Config, Log)!
            : throw new ConfigurationException($"akka.scheduler.implementation: there is no scheduler [{name}]");
    }

    private LocalActorRefProvider MakeProvider(Option<BootstrapSetup> bootstrap)
    {
        var name = bootstrap.HasValue && bootstrap.Value.ActorRefProvider.HasValue ? bootstrap.Value.ActorRefProvider.Value.Fqn : Settings.Config.GetString("akka.actor.provider", "local")!;
        name = name switch
        {
            "local" => ProviderSelection.Local.Instance.Fqn,
            "remote" => ProviderSelection.Remote.Instance.Fqn,
            "cluster" => ProviderSelection.Cluster.Instance.Fqn,
            _ => name,
        };
        if (name.Split(',')[0].Trim() == ProviderSelection.Local.Instance.Fqn) return new LocalActorRefProvider(this);
        return Type.GetType(name) is { } type && typeof(LocalActorRefProvider).IsAssignableFrom(type)
            ? (LocalActorRefProvider)Activator.CreateInstance(type, this)!
            : throw new ConfigurationException($"akka.actor.provider: there is no provider [{name}]; is its assembly referenced?");
    }

    private async Task EndWithTheTree()
    {
        try
        {
            RunTerminationHooks();
            await _provider.Shutdown().ConfigureAwait(false);
            Dispatchers.Shutdown();
            (Scheduler as IDisposable)?.Dispose();
            foreach (var extension in _extensions.Values) DisposeOf(extension);
        }
        finally
        {
            // Whatever failed: who waits for the end must see it.
            _terminated.TrySetResult(Done.Instance);
        }
    }

    private void DisposeOf(Lazy<object> extension)
    {
        try
        {
            if (extension.IsValueCreated) (extension.Value as IDisposable)?.Dispose();
        }
        catch (Exception e)
        {
            EventStream.Publish(new Error(e, ToString(), typeof(ActorSystem), "an extension's end failed"));
        }
    }

    private void RunTerminationHooks()
    {
        while (true)
        {
            Action hook;
            lock (_terminationLock)
            {
                if (!_terminationHooks.TryPop(out hook!))
                {
                    _hooksRan = true;
                    return;
                }
            }

            try
            {
                hook();
            }
            catch (Exception e)
            {
                EventStream.Publish(new Error(e, ToString(), typeof(ActorSystem), "a termination callback failed"));
            }
        }
    }
}
