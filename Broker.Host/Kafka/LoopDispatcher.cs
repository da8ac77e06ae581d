using Akka.Configuration;
using Akka.Dispatch;

namespace AkkaStream.Host.Kafka;

/// <summary>The dispatcher of the partitions' actors: turns that a connection asks for are taken by its loop's thread, all others by the thread pool.</summary>
internal sealed class LoopDispatcherConfigurator : MessageDispatcherConfigurator
{
    /// <summary>Its name in the system.</summary>
    public const string Id = "akkastream.partition-dispatcher";

    private readonly LoopDispatcher dispatcher;

    /// <summary>One dispatcher for all who ask.</summary>
    public LoopDispatcherConfigurator(Config config, IDispatcherPrerequisites prerequisites)
        : base(config, prerequisites)
        => dispatcher = new LoopDispatcher(this);

    /// <summary>Makes it known to a system.</summary>
    public static void Register(Dispatchers dispatchers)
        => dispatchers.RegisterConfigurator(Id, new LoopDispatcherConfigurator(dispatchers.DefaultDispatcherConfig, dispatchers.Prerequisites));

    /// <inheritdoc/>
    public override MessageDispatcher Dispatcher() => dispatcher;
}

/// <summary>See <see cref="LoopDispatcherConfigurator"/>.</summary>
internal sealed class LoopDispatcher(MessageDispatcherConfigurator configurator) : MessageDispatcher(configurator)
{
    protected override void ExecuteTask(IRunnable run)
    {
        if (LoopTurns.Current is { } turns && turns.TryTake(run)) return;
        ThreadPool.UnsafeQueueUserWorkItem(run, preferLocal: false);
    }

    protected override void Shutdown()
    {
    }
}
