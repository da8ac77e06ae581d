namespace Akka.Dispatch;

/// <summary>Turns on the process's thread pool. Global queue throughout: actors that wake each other must not starve what sockets and timers bring.</summary>
internal sealed class ThreadPoolDispatcher(MessageDispatcherConfigurator configurator) : MessageDispatcher(configurator)
{
    internal override bool IsAlone => ThreadPool.PendingWorkItemCount == 0;

    protected override void ExecuteTask(IRunnable run) => ThreadPool.UnsafeQueueUserWorkItem(run, preferLocal: false);

    internal override void Schedule(Mailbox mailbox) => ThreadPool.UnsafeQueueUserWorkItem(mailbox, preferLocal: false);

    internal override void Reschedule(Mailbox mailbox) => ThreadPool.UnsafeQueueUserWorkItem(mailbox, preferLocal: false);
}
