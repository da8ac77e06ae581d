using Akka.Actor.Internal;

namespace Akka.Actor;

/// <summary>An exception as an answer, in the form that <c>PipeTo</c> had before <see cref="Status.Failure"/>.</summary>
public class Failure
{
    /// <summary>The exception.</summary>
    public Exception Exception { get; set; } = null!;

    /// <summary>When it was.</summary>
    public DateTime Timestamp { get; set; }
}

/// <summary>
/// Asking: a message whose answer is a task. The task fails with <see cref="AskTimeoutException"/> when none comes in time (<c>akka.actor.ask-timeout</c> where
/// no time is given), with the cause of a <see cref="Status.Failure"/>, and with <see cref="ArgumentException"/> for an answer of another type.
/// Late answers are dead letters.
/// </summary>
public static class Futures
{
    /// <summary>Asks.</summary>
    public static Task<object> Ask(this ICanTell self, object message, TimeSpan? timeout = null) => self.Ask<object>(message, timeout, CancellationToken.None);

    /// <summary>Asks; the task is cancelled with the token.</summary>
    public static Task<object> Ask(this ICanTell self, object message, CancellationToken cancellationToken) => self.Ask<object>(message, null, cancellationToken);

    /// <summary>Asks; the task is cancelled with the token.</summary>
    public static Task<object> Ask(this ICanTell self, object message, TimeSpan? timeout, CancellationToken cancellationToken) => self.Ask<object>(message, timeout, cancellationToken);

    /// <summary>Asks for an answer of a type.</summary>
    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout = null) => self.Ask<T>(message, timeout, CancellationToken.None);

    /// <summary>Asks for an answer of a type; the task is cancelled with the token.</summary>
    public static Task<T> Ask<T>(this ICanTell self, object message, CancellationToken cancellationToken) => self.Ask<T>(message, null, cancellationToken);

    /// <summary>Asks for an answer of a type; the task is cancelled with the token.</summary>
    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout, CancellationToken cancellationToken)
        => self.Ask<T>(_ => message, timeout, cancellationToken);

    /// <summary>Asks with a message that holds the reference to which the answer goes.</summary>
    public static Task<T> Ask<T>(this ICanTell self, Func<IActorRef, object> messageFactory, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<T>(cancellationToken);
        var provider = ProviderOf(self) ?? throw new ArgumentException("Unable to resolve the target Provider, since it is neither an actor nor a selection", nameof(self));
        var future = new FutureActorRef<T>(provider);
        var time = timeout ?? provider.Settings.AskTimeout;
        ICancelable? deadline = null;
        if (time > TimeSpan.Zero && time != Timeout.InfiniteTimeSpan)
        {
            var scheduler = provider.Settings.System.Scheduler.Advanced;
            deadline = new Cancelable(scheduler);
            scheduler.ScheduleOnce(time, new AskDeadline<T>(future, time), deadline);
        }

        var given = cancellationToken.CanBeCanceled ? cancellationToken.UnsafeRegister(static (state, token) => ((FutureActorRef<T>)state!).Cancel(token), future) : default;
        if (deadline is not null || cancellationToken.CanBeCanceled) future.ReleaseAtEnd(deadline, given);
        var answer = future.Result;
        self.Tell(messageFactory(future), future);
        return answer;
    }

    private static IActorRefProvider? ProviderOf(ICanTell self)
        => self switch
        {
            // The asked one's own system: what runs on this thread at the moment may belong to another one, even to one that has ended.
            IInternalActorRef actor => actor.Provider,
            ActorSelection selection => ProviderOf(selection.Anchor),
            _ => InternalCurrentActorCellKeeper.Current?.SystemImpl.Provider,
        };
}

/// <summary>Sending a task's result to an actor: its value, or its failure as <see cref="Status.Failure"/>.</summary>
public static class PipeToSupport
{
    /// <summary>Sends the value; both can be made into another message. The task returned ends when that is sent.</summary>
    public static Task PipeTo<T>(this Task<T> taskToPipe, ICanTell recipient, IActorRef? sender = null, Func<T, object>? success = null, Func<Exception, object>? failure = null)
        => Pipe(taskToPipe, recipient, false, sender ?? InternalCurrentActorCellKeeper.Current?.Self, success, failure);

    /// <summary>As the other one, and with <paramref name="useConfigureAwait"/> on the caller's context.</summary>
    public static Task PipeTo<T>(this Task<T> taskToPipe, ICanTell recipient, bool useConfigureAwait, IActorRef? sender = null, Func<T, object>? success = null, Func<Exception, object>? failure = null)
        => Pipe(taskToPipe, recipient, useConfigureAwait, sender ?? InternalCurrentActorCellKeeper.Current?.Self, success, failure);

    /// <summary>Sends that it is done: nothing where no message is made of that.</summary>
    public static Task PipeTo(this Task taskToPipe, ICanTell recipient, IActorRef? sender = null, Func<object>? success = null, Func<Exception, object>? failure = null)
        => Pipe(taskToPipe, recipient, false, sender ?? InternalCurrentActorCellKeeper.Current?.Self, success, failure);

    private static async Task Pipe<T>(Task<T> task, ICanTell recipient, bool onContext, IActorRef? sender, Func<T, object>? success, Func<Exception, object>? failure)
    {
        try
        {
            var result = await task.ConfigureAwait(onContext);
            recipient.Tell(success is null ? result! : success(result), sender);
        }
        catch (Exception e)
        {
            recipient.Tell(failure is null ? new Status.Failure(e) : failure(e), sender);
        }
    }

    private static async Task Pipe(Task task, ICanTell recipient, bool onContext, IActorRef? sender, Func<object>? success, Func<Exception, object>? failure)
    {
        try
        {
            await task.ConfigureAwait(onContext);
            if (success is not null) recipient.Tell(success(), sender);
        }
        catch (Exception e)
        {
            recipient.Tell(failure is null ? new Status.Failure(e) : failure(e), sender);
        }
    }
}

/// <summary>Stopping with an answer.</summary>
public static class GracefulStopSupport
{
    /// <summary>Sends <see cref="PoisonPill"/>: true when the actor ended; the task fails with <see cref="TaskCanceledException"/> where that takes too long.</summary>
    public static Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout) => target.GracefulStop(timeout, PoisonPill.Instance);

    /// <summary>Sends <paramref name="stopMessage"/>: true when the actor ended; the task fails with <see cref="TaskCanceledException"/> where that takes too long.</summary>
    public static async Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout, object stopMessage)
    {
        var actor = (IInternalActorRef)target;
        var death = new DeathRef(actor.Provider);
        actor.SendSystemMessage(new Dispatch.SysMsg.Watch(actor, death));
        target.Tell(stopMessage, ActorRefs.NoSender);
        var deadline = actor.Provider.Settings.System.Scheduler.Advanced.ScheduleOnceCancelable(timeout, () => death.Cancel(new CancellationToken(true)));
        try
        {
            return await death.Result.ConfigureAwait(false);
        }
        finally
        {
            deadline.Cancel();
            actor.SendSystemMessage(new Dispatch.SysMsg.Unwatch(actor, death));
        }
    }
}

/// <summary>Waiting for an actor's end.</summary>
public static class WatchAsyncSupport
{
    /// <summary>True when the actor ended; the task is cancelled with the token.</summary>
    public static async Task<bool> WatchAsync(this IActorRef target, CancellationToken token = default)
    {
        var actor = (IInternalActorRef)target;
        var death = new DeathRef(actor.Provider);
        actor.SendSystemMessage(new Dispatch.SysMsg.Watch(actor, death));
        await using var registration = token.UnsafeRegister(static (state, cancelled) => ((DeathRef)state!).Cancel(cancelled), death);
        return await death.Result.ConfigureAwait(false);
    }
}

/// <summary>The end of an asker's patience.</summary>
internal sealed class AskDeadline<T>(FutureActorRef<T> future, TimeSpan time) : IEndsWithTheSystem
{
    public void Run() => future.Fail(new AskTimeoutException($"Timeout after {time.TotalSeconds} seconds, or the system ended before"));

    public void Execute() => Run();
}

/// <summary>Watches an actor from outside: true when it ended.</summary>
internal sealed class DeathRef(IActorRefProvider provider) : FutureActorRef<bool>(provider)
{
    public override void SendSystemMessage(Dispatch.SysMsg.ISystemMessage message)
    {
        if (message is Dispatch.SysMsg.DeathWatchNotification) Tell(true, ActorRefs.NoSender);
        else base.SendSystemMessage(message);
    }
}
