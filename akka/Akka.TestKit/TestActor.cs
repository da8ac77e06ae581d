using Akka.Actor;
using Akka.Event;
using Akka.Util;

namespace Akka.TestKit;

/// <summary>The actor behind a test kit or probe: keeps what it gets for the test to ask for.</summary>
public class TestActor : ActorBase
{
    private readonly TestQueue _queue;
    private Ignore? _ignore;
    private AutoPilot _autoPilot = TestKit.AutoPilot.NoAutoPilot;
    private DelegatingSupervisorStrategy? _strategies;

    internal TestActor(TestQueue queue) => _queue = queue;

    /// <summary>Whether a message is passed over.</summary>
    public delegate bool Ignore(object message);

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => _strategies ??= new DelegatingSupervisorStrategy();

    /// <inheritdoc/>
    protected override bool Receive(object message)
    {
        if (Command(message)) return true;
        var sender = Sender;
        var next = _autoPilot.Run(sender, message);
        if (next is not TestKit.KeepRunning) _autoPilot = next;
        if (_ignore is null || !_ignore(message)) _queue.Add(new RealMessageEnvelope(message, sender));
        return true;
    }

    /// <summary>What the test did not ask for goes to the dead letters.</summary>
    protected override void PostStop()
    {
        foreach (var left in _queue.Drain()) Context.System.DeadLetters.Tell(new DeadLetter(left.Message, left.Sender, Self), left.Sender);
    }

    private bool Command(object message)
    {
        switch (message)
        {
            case SetIgnore ignore:
                _ignore = ignore.Ignore;
                return true;
            case SetAutoPilot pilot:
                _autoPilot = pilot.AutoPilot;
                return true;
            case Watch watch:
                Context.Watch(watch.Actor);
                watch.Done.TrySetResult();
                return true;
            case Unwatch unwatch:
                Context.Unwatch(unwatch.Actor);
                unwatch.Done.TrySetResult();
                return true;
            case Spawn spawn:
                SpawnChild(spawn);
                return true;
            default:
                return false;
        }
    }

    private void SpawnChild(Spawn spawn)
    {
        var child = spawn.Apply(Context);
        if (spawn._supervisorStrategy.HasValue) (_strategies ??= new DelegatingSupervisorStrategy()).Update(child, spawn._supervisorStrategy.Value);
        spawn.Done.TrySetResult(child);
    }

    /// <summary>Has messages passed over.</summary>
    public class SetIgnore(Ignore? ignore) : INoSerializationVerificationNeeded
    {
        /// <summary>Which ones; null for none.</summary>
        public Ignore Ignore { get; } = ignore!;
    }

    /// <summary>Has messages handled at once.</summary>
    public class SetAutoPilot(AutoPilot autoPilot) : INoSerializationVerificationNeeded
    {
        /// <summary>By whom.</summary>
        public AutoPilot AutoPilot { get; } = autoPilot;
    }

    /// <summary>Has an actor watched.</summary>
    public class Watch(IActorRef actorRef) : INoSerializationVerificationNeeded
    {
        /// <summary>Which one.</summary>
        public IActorRef Actor { get; } = actorRef;

        internal TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Ends a watch.</summary>
    public class Unwatch(IActorRef actorRef) : INoSerializationVerificationNeeded
    {
        /// <summary>Whose.</summary>
        public IActorRef Actor { get; } = actorRef;

        internal TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Has a child created.</summary>
    public class Spawn(Props props, Option<string> name, Option<SupervisorStrategy> supervisorStrategy) : INoSerializationVerificationNeeded
    {
        /// <summary>What it is.</summary>
        public readonly Props _props = props;

        /// <summary>Its name, if it has one.</summary>
        public readonly Option<string> _name = name;

        /// <summary>How its failures are handled; stopped where nothing is said.</summary>
        public readonly Option<SupervisorStrategy> _supervisorStrategy = supervisorStrategy;

        internal TaskCompletionSource<IActorRef> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Creates the child.</summary>
        public IActorRef Apply(IActorRefFactory context) => _name.HasValue ? context.ActorOf(_props, _name.Value) : context.ActorOf(_props);
    }
}
