using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;

namespace Akka.Simulation.Internal;

/// <summary>Has every dispatcher of a system be one of the simulation's.</summary>
internal sealed class SimulatedDispatcherConfigurator(SimulationLoop loop, Life life, Config config, IDispatcherPrerequisites prerequisites) : MessageDispatcherConfigurator(config, prerequisites)
{
    private SimulatedDispatcher? _dispatcher;

    public override MessageDispatcher Dispatcher() => _dispatcher ??= new SimulatedDispatcher(loop, life, this);
}

/// <summary>Turns on the simulation's thread. How many messages one handles is thrown: others come in between at any point sooner or later.</summary>
internal sealed class SimulatedDispatcher(SimulationLoop loop, Life life, MessageDispatcherConfigurator configurator) : MessageDispatcher(configurator)
{
    private const int MostPerTurn = 8;

    protected override void ExecuteTask(IRunnable run)
        => loop.Add(run is Mailbox mailbox ? new Step(life, new Turn(this, mailbox), LabelOf(mailbox.Cell.Self.Path)) : new Step(life, run, 4));

    private static ulong LabelOf(ActorPath path)
    {
        var hash = StableHash.Start;
        for (var at = path; at.Depth > 0; at = at.Parent) hash = StableHash.Mix(hash, at.Name);
        return hash;
    }

    private sealed class Turn(SimulatedDispatcher owner, Mailbox mailbox) : IRunnable
    {
        public void Run()
        {
            owner.Throughput = 1 + owner.Loop.Dice.Below(MostPerTurn);
            mailbox.Run();
        }

        public void Execute() => Run();
    }

    private SimulationLoop Loop => loop;
}
