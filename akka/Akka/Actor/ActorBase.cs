using Akka.Actor.Internal;
using Akka.Event;

namespace Akka.Actor;

/// <summary>An actor: state that only its messages touch, one after the other.</summary>
public abstract class ActorBase : IInternalActor
{
    private readonly ActorCell _cell;
    private bool _cleared;

    /// <summary>Only <see cref="IActorRefFactory.ActorOf"/> makes actors; throws <see cref="ActorInitializationException"/> elsewhere.</summary>
    protected ActorBase()
    {
        var cell = InternalCurrentActorCellKeeper.Current;
        if (cell is null || !cell.TakesNewActor)
        {
            throw new ActorInitializationException(
                $"An instance of [{GetType()}] cannot be made with 'new': use ActorOf of a system or context, and a new instance for each actor");
        }

        _cell = cell;
        cell.Adopt(this, OwnReceive);
    }

    /// <summary>Handles nothing.</summary>
    protected static Receive EmptyReceive { get; } = _ => false;

    /// <summary>What the actor has around it.</summary>
    protected static IActorContext Context
        => InternalCurrentActorCellKeeper.Current
           ?? throw new NotSupportedException("There is no active ActorContext, this is most likely due to use of async operations from within this actor.");

    /// <summary>Who sent the message at hand; the dead letters where nobody is named.</summary>
    protected IActorRef Sender => _cell.Sender;

    /// <summary>The actor itself.</summary>
    protected IActorRef Self => _cell.Self;

    /// <inheritdoc/>
    IActorContext IInternalActor.ActorContext => _cell;

    internal ActorCell Cell => _cell;

    /// <summary>
    /// The behaviour of whoever has not changed it: <see cref="Receive"/> of the actor whose turn it is. One for all actors: a delegate of its own would be a tenth of what an idle actor takes.
    /// </summary>
    private static readonly Receive OwnReceive = static message => InternalCurrentActorCellKeeper.Current!.Instance!.Receive(message);

    /// <summary>Handles a message; false for one it does not know.</summary>
    protected abstract bool Receive(object message);

    /// <summary>Handles a message by the behaviour in force.</summary>
    protected virtual bool AroundReceive(Receive receive, object message)
    {
        var handled = ReferenceEquals(receive, OwnReceive) ? Receive(message) : receive(message);
        if (!handled) Unhandled(message);
        return handled;
    }

    /// <summary>Calls <see cref="PreStart"/>.</summary>
    public virtual void AroundPreStart() => PreStart();

    /// <summary>Calls <see cref="PreRestart"/>.</summary>
    public virtual void AroundPreRestart(Exception cause, object? message) => PreRestart(cause, message);

    /// <summary>Calls <see cref="PostRestart"/>.</summary>
    public virtual void AroundPostRestart(Exception cause, object? message) => PostRestart(cause);

    /// <summary>Calls <see cref="PostStop"/>.</summary>
    public virtual void AroundPostStop() => PostStop();

    /// <summary>Before the first message.</summary>
    protected virtual void PreStart()
    {
    }

    /// <summary>After the last message, and by default before a restart.</summary>
    protected virtual void PostStop()
    {
    }

    /// <summary>On the failed instance, with the message it failed on: by default stops the children and calls <see cref="PostStop"/>.</summary>
    protected virtual void PreRestart(Exception reason, object? message)
    {
        _cell.UnwatchAndStopChildren();
        PostStop();
    }

    /// <summary>On the new instance; by default calls <see cref="PreStart"/>.</summary>
    protected virtual void PostRestart(Exception reason) => PreStart();

    /// <summary>How failures of children are handled; asked for once.</summary>
    protected virtual SupervisorStrategy SupervisorStrategy() => Actor.SupervisorStrategy.DefaultStrategy;

    /// <summary>A message that no behaviour handled: published as <see cref="UnhandledMessage"/>. <see cref="Terminated"/> throws <see cref="DeathPactException"/>.</summary>
    protected virtual void Unhandled(object message)
    {
        if (message is Terminated terminated) throw new DeathPactException(terminated.ActorRef);
        _cell.System.EventStream.Publish(new UnhandledMessage(message, Sender, Self));
    }

    /// <summary>Handles messages in another way from the next one on.</summary>
    protected void Become(Receive receive) => _cell.Become(receive);

    /// <summary>Handles messages in another way until <see cref="UnbecomeStacked"/>.</summary>
    protected void BecomeStacked(Receive receive) => _cell.BecomeStacked(receive);

    /// <summary>Back to the behaviour before the last become.</summary>
    protected void UnbecomeStacked() => _cell.UnbecomeStacked();

    /// <summary>Sends <see cref="ReceiveTimeout"/> whenever nothing came for so long; null ends that.</summary>
    protected void SetReceiveTimeout(TimeSpan? timeout) => _cell.SetReceiveTimeout(timeout);

    internal bool Handle(Receive receive, object message) => AroundReceive(receive, message);

    internal SupervisorStrategy Strategy() => SupervisorStrategy();

    internal void MarkCleared() => _cleared = true;

    internal bool IsCleared => _cleared;
}

/// <summary>An actor with one method for all messages.</summary>
public abstract class UntypedActor : ActorBase
{
    /// <summary>What the actor has around it.</summary>
    protected static new IUntypedActorContext Context => (IUntypedActorContext)ActorBase.Context;

    /// <inheritdoc/>
    protected sealed override bool Receive(object message)
    {
        OnReceive(message);
        return true;
    }

    /// <summary>Handles a message; calls <see cref="ActorBase.Unhandled"/> for one it does not know.</summary>
    protected abstract void OnReceive(object message);

    /// <summary>Handles messages in another way from the next one on.</summary>
    protected void Become(UntypedReceive receive) => Context.Become(receive);

    /// <summary>Handles messages in another way until unbecome.</summary>
    protected void BecomeStacked(UntypedReceive receive) => Context.BecomeStacked(receive);

    /// <summary>Runs an asynchronous piece of work; no further message is handled until it is done.</summary>
    protected void RunTask(Func<Task> action) => Dispatch.ActorTaskScheduler.RunTask(action);

    /// <summary>Runs work within the actor; no further message is handled until it is done.</summary>
    protected void RunTask(Action action) => Dispatch.ActorTaskScheduler.RunTask(action);
}

/// <summary>An <see cref="UntypedActor"/> with a stash.</summary>
public abstract class UntypedActorWithStash : UntypedActor, IWithStash
{
    /// <inheritdoc/>
    public IStash Stash { get; set; } = null!;
}

/// <summary>An <see cref="UntypedActor"/> with a stash without a limit.</summary>
public abstract class UntypedActorWithUnboundedStash : UntypedActor, IWithUnboundedStash
{
    /// <inheritdoc/>
    public IStash Stash { get; set; } = null!;
}
