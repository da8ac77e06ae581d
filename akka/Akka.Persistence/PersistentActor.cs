using Akka.Actor;

namespace Akka.Persistence;

/// <summary>A persistent actor with one method for events and one for commands.</summary>
public abstract class PersistentActor : Eventsourced
{
    /// <inheritdoc/>
    protected sealed override bool Receive(object message) => ReceiveCommand(message);
}

/// <summary>A persistent actor whose methods for events and commands give nothing back.</summary>
public abstract class UntypedPersistentActor : Eventsourced
{
    /// <summary>What the actor has around it.</summary>
    protected static new IUntypedActorContext Context => (IUntypedActorContext)ActorBase.Context;

    /// <inheritdoc/>
    protected sealed override bool Receive(object message) => ReceiveCommand(message);

    /// <inheritdoc/>
    protected sealed override bool ReceiveCommand(object message)
    {
        OnCommand(message);
        return true;
    }

    /// <inheritdoc/>
    protected sealed override bool ReceiveRecover(object message)
    {
        OnRecover(message);
        return true;
    }

    /// <summary>Handles a command; calls <see cref="ActorBase.Unhandled"/> for one it does not know.</summary>
    protected abstract void OnCommand(object message);

    /// <summary>Handles a replayed event, a <see cref="SnapshotOffer"/>, or <see cref="RecoveryCompleted"/>.</summary>
    protected abstract void OnRecover(object persistentEvent);

    /// <summary>Handles commands in another way from the next one on.</summary>
    protected void Become(UntypedReceive receive) => Context.Become(receive);

    /// <summary>Handles commands in another way until unbecome.</summary>
    protected void BecomeStacked(UntypedReceive receive) => Context.BecomeStacked(receive);
}

/// <summary>
/// A persistent actor that names in its constructor (and in <see cref="Become(Action)"/>) what it handles, by type: commands with <c>Command</c>, events with
/// <c>Recover</c>; the first that fits counts.
/// </summary>
public abstract class ReceivePersistentActor : UntypedPersistentActor
{
    private readonly List<Func<object, bool>> _recover = [];
    private readonly List<Func<object, bool>> _commands = [];
    private List<Func<object, bool>> _open;

    /// <summary>The handlers are given in the constructor of the derived class.</summary>
    protected ReceivePersistentActor() => _open = _commands;

    /// <inheritdoc/>
    protected sealed override void OnCommand(object message) => Handle(_commands, message);

    /// <inheritdoc/>
    protected sealed override void OnRecover(object message) => Handle(_recover, message);

    /// <summary>Handles commands by what <paramref name="configure"/> names, from the next one on.</summary>
    protected void Become(Action configure) => Become(Configured(configure));

    /// <summary>Handles commands by what <paramref name="configure"/> names, until unbecome.</summary>
    protected void BecomeStacked(Action configure) => BecomeStacked(Configured(configure));

    /// <summary>Handles events of a type, those that <paramref name="shouldHandle"/> takes.</summary>
    protected void Recover<T>(Action<T> handler, Predicate<T>? shouldHandle = null) => _recover.Add(Typed(handler, shouldHandle));

    /// <summary>Handles events of a type, those that <paramref name="shouldHandle"/> takes.</summary>
    protected void Recover<T>(Predicate<T> shouldHandle, Action<T> handler) => Recover(handler, shouldHandle);

    /// <summary>Handles events of a type where <paramref name="handler"/> says true.</summary>
    protected void Recover<T>(Func<T, bool> handler) => _recover.Add(message => message is T typed && handler(typed));

    /// <summary>Handles events of a type, those that <paramref name="shouldHandle"/> takes.</summary>
    protected void Recover(Type messageType, Action<object> handler, Predicate<object>? shouldHandle = null) => _recover.Add(OfType(messageType, handler, shouldHandle));

    /// <summary>Handles events of a type, those that <paramref name="shouldHandle"/> takes.</summary>
    protected void Recover(Type messageType, Predicate<object> shouldHandle, Action<object> handler) => Recover(messageType, handler, shouldHandle);

    /// <summary>Handles events of a type where <paramref name="handler"/> says true.</summary>
    protected void Recover(Type messageType, Func<object, bool> handler) => _recover.Add(message => messageType.IsInstanceOfType(message) && handler(message));

    /// <summary>Handles everything that is replayed.</summary>
    protected void RecoverAny(Action<object> handler) => _recover.Add(Typed(handler, null));

    /// <summary>Handles commands of a type, those that <paramref name="shouldHandle"/> takes.</summary>
    protected void Command<T>(Action<T> handler, Predicate<T>? shouldHandle = null) => _open.Add(Typed(handler, shouldHandle));

    /// <summary>Handles commands of a type, those that <paramref name="shouldHandle"/> takes.</summary>
    protected void Command<T>(Predicate<T> shouldHandle, Action<T> handler) => Command(handler, shouldHandle);

    /// <summary>Handles commands of a type where <paramref name="handler"/> says true.</summary>
    protected void Command<T>(Func<T, bool> handler) => _open.Add(message => message is T typed && handler(typed));

    /// <summary>Handles commands of a type, those that <paramref name="shouldHandle"/> takes.</summary>
    protected void Command(Type messageType, Action<object> handler, Predicate<object>? shouldHandle = null) => _open.Add(OfType(messageType, handler, shouldHandle));

    /// <summary>Handles commands of a type, those that <paramref name="shouldHandle"/> takes.</summary>
    protected void Command(Type messageType, Predicate<object> shouldHandle, Action<object> handler) => Command(messageType, handler, shouldHandle);

    /// <summary>Handles commands of a type where <paramref name="handler"/> says true.</summary>
    protected void Command(Type messageType, Func<object, bool> handler) => _open.Add(message => messageType.IsInstanceOfType(message) && handler(message));

    /// <summary>Handles every command.</summary>
    protected void CommandAny(Action<object> handler) => _open.Add(Typed(handler, null));

    /// <summary>Handles commands of a type asynchronously; no other one meanwhile.</summary>
    protected void CommandAsync<T>(Func<T, Task> handler, Predicate<T>? shouldHandle = null) => Command<T>(message => RunTask(() => handler(message)), shouldHandle);

    /// <summary>Handles commands of a type asynchronously, those that <paramref name="shouldHandle"/> takes.</summary>
    protected void CommandAsync<T>(Predicate<T> shouldHandle, Func<T, Task> handler) => CommandAsync(handler, shouldHandle);

    /// <summary>Handles commands of a type asynchronously; no other one meanwhile.</summary>
    protected void CommandAsync(Type messageType, Func<object, Task> handler, Predicate<object>? shouldHandle = null)
        => Command(messageType, message => RunTask(() => handler(message)), shouldHandle);

    /// <summary>Handles commands of a type asynchronously, those that <paramref name="shouldHandle"/> takes.</summary>
    protected void CommandAsync(Type messageType, Predicate<object> shouldHandle, Func<object, Task> handler) => CommandAsync(messageType, handler, shouldHandle);

    /// <summary>Handles every command asynchronously.</summary>
    protected void CommandAnyAsync(Func<object, Task> handler) => CommandAny(message => RunTask(() => handler(message)));

    private static Func<object, bool> Typed<T>(Action<T> handler, Predicate<T>? shouldHandle) => message =>
    {
        if (message is not T typed || (shouldHandle is not null && !shouldHandle(typed))) return false;
        handler(typed);
        return true;
    };

    private static Func<object, bool> OfType(Type type, Action<object> handler, Predicate<object>? shouldHandle) => message =>
    {
        if (!type.IsInstanceOfType(message) || (shouldHandle is not null && !shouldHandle(message))) return false;
        handler(message);
        return true;
    };

    private void Handle(List<Func<object, bool>> handlers, object message)
    {
        foreach (var handler in handlers)
        {
            if (handler(message)) return;
        }

        Unhandled(message);
    }

    private UntypedReceive Configured(Action configure)
    {
        var outer = _open;
        var made = new List<Func<object, bool>>();
        _open = made;
        configure();
        _open = outer;
        return message => Handle(made, message);
    }
}
