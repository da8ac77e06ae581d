using Akka.Actor;
using Akka.Event;

namespace Akka.TestKit;

/// <summary>The actor behind a test kit or probe: keeps what it gets for the test to ask for.</summary>
internal sealed class InternalTestActor : ActorBase
{
    private readonly TestQueue _queue;
    private TestActor.Ignore? _ignore;
    private AutoPilot _autoPilot = TestKit.AutoPilot.NoAutoPilot;
    private DelegatingSupervisorStrategy? _strategies;

    public InternalTestActor(TestQueue queue) => _queue = queue;

    protected override SupervisorStrategy SupervisorStrategy() => _strategies ??= new DelegatingSupervisorStrategy();

    protected override bool Receive(object message)
    {
        if (Command(message)) return true;
        var sender = Sender;
        var next = _autoPilot.Run(sender, message);
        if (next is not TestKit.KeepRunning) _autoPilot = next;
        if (_ignore is null || !_ignore(message)) _queue.Add(new RealMessageEnvelope(message, sender));
        return true;
    }

    // What the test did not ask for goes to the dead letters.
    protected override void PostStop()
    {
        foreach (var left in _queue.Drain()) Context.System.DeadLetters.Tell(new DeadLetter(left.Message, left.Sender, Self), left.Sender);
    }

    private bool Command(object message)
    {
        switch (message)
        {
            case TestActor.SetIgnore ignore:
                _ignore = ignore.Ignore;
                return true;
            case TestActor.SetAutoPilot pilot:
                _autoPilot = pilot.AutoPilot;
                return true;
            case TestActor.Watch watch:
                Context.Watch(watch.Actor);
                watch.Done.TrySetResult();
                return true;
            case TestActor.Unwatch unwatch:
                Context.Unwatch(unwatch.Actor);
                unwatch.Done.TrySetResult();
                return true;
            case TestActor.Spawn spawn:
                SpawnChild(spawn);
                return true;
            default:
                return false;
        }
    }

    private void SpawnChild(TestActor.Spawn spawn)
    {
        var child = spawn.Apply(Context);
        if (spawn._supervisorStrategy.HasValue) (_strategies ??= new DelegatingSupervisorStrategy()).Update(child, spawn._supervisorStrategy.Value);
        spawn.Done.TrySetResult(child);
    }
}
