using Akka.Actor.Internal;
using Akka.Dispatch.SysMsg;

namespace Akka.Dispatch;

/// <summary>
/// Runs the steps of an asynchronous handler within its actor's turns: what follows an <c>await</c> sees the actor as if the handler had never left.
/// </summary>
public class ActorTaskScheduler : TaskScheduler
{
    private readonly ActorCell _cell;

    internal ActorTaskScheduler(ActorCell cell) => _cell = cell;

    /// <summary>The message that the handler handles.</summary>
    public object? CurrentMessage { get; private set; }

    /// <inheritdoc/>
    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Runs work within the running actor; no further message is handled until it is done.</summary>
    public static void RunTask(Action action)
        => RunTask(() =>
        {
            action();
            return Task.CompletedTask;
        });

    /// <summary>Runs asynchronous work within the running actor; no further message is handled until it is done, and its failure is the actor's.</summary>
    public static void RunTask(Func<Task> asyncAction)
    {
        var cell = InternalCurrentActorCellKeeper.Current ?? throw new InvalidOperationException("RunTask must be call from an actor context.");
        cell.TaskScheduler.Begin(asyncAction);
    }

    /// <inheritdoc/>
    protected override void QueueTask(Task task) => _cell.Mailbox.EnqueueSystem(new ActorTask(this, task));

    /// <inheritdoc/>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued)
        => !taskWasPreviouslyQueued && ReferenceEquals(InternalCurrentActorCellKeeper.Current, _cell) && TryExecuteTask(task);

    /// <inheritdoc/>
    protected override IEnumerable<Task>? GetScheduledTasks() => null;

    /// <summary>One step, within the actor's turn.</summary>
    internal void Execute(Task task) => TryExecuteTask(task);

    private void Begin(Func<Task> asyncAction)
    {
        CurrentMessage = _cell.CurrentMessage;
        var start = new Task<Task>(asyncAction);
        start.RunSynchronously(this);
        if (start.Exception is { } failure) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure.InnerException!);
        var running = start.Result;
        if (running.IsCompletedSuccessfully) return;
        _cell.BeginAwait();
        running.ContinueWith(
            static (done, state) =>
            {
                var self = (ActorTaskScheduler)state!;
                self._cell.Mailbox.EnqueueSystem(new ActorTaskDone(self, Reason(done)));
            },
            this,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            Default);
    }

    private static Exception? Reason(Task done)
        => done.IsCanceled ? new TaskCanceledException(done) : done.Exception is { } all ? all.InnerExceptions.Count == 1 ? all.InnerExceptions[0] : all : null;
}
