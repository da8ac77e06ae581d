using System.Collections.Concurrent;
using Akka.Configuration;

namespace Akka.Dispatch;

/// <summary>A thread for each actor that asks: for actors that must wait within a turn.</summary>
internal sealed class PinnedDispatcherConfigurator(Config config, IDispatcherPrerequisites prerequisites) : MessageDispatcherConfigurator(config, prerequisites)
{
    public override MessageDispatcher Dispatcher() => new PinnedDispatcher(this);
}

/// <summary>One actor's own thread; it begins with the first message and ends with the actor.</summary>
internal sealed class PinnedDispatcher(MessageDispatcherConfigurator configurator) : MessageDispatcher(configurator)
{
    private readonly BlockingCollection<IRunnable> _work = [];
    private int _started;

    protected override void ExecuteTask(IRunnable run)
    {
        if (Interlocked.Exchange(ref _started, 1) == 0) Begin();
        if (!_work.IsAddingCompleted) _work.Add(run);
    }

    protected override void Shutdown() => _work.CompleteAdding();

    internal override void Detach() => _work.CompleteAdding();

#pragma warning disable RS0030 // The dispatcher owns its thread.
    private void Begin() => new Thread(Work) { IsBackground = true, Name = Id }.Start();
#pragma warning restore RS0030

    private void Work()
    {
        foreach (var run in _work.GetConsumingEnumerable()) run.Run();
    }
}
