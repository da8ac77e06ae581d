using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>
/// An actor that names in its constructor (and in <see cref="Become(Action)"/>) what it handles, by type; the first that fits counts.
/// No message is handled while the task of a <c>ReceiveAsync</c> runs.
/// </summary>
public abstract class ReceiveActor : UntypedActor
{
    private Handlers? _open;
    private readonly Handlers _initial;

    /// <summary>The handlers are given in the constructor of the derived class.</summary>
    protected ReceiveActor()
    {
        _initial = _open = new Handlers(this);
        Cell.ReplaceBehavior(_initial.Receive);
    }

    /// <inheritdoc/>
    protected sealed override void OnReceive(object message) => _initial.Receive(message);

    /// <summary>Handles messages by what <paramref name="configure"/> names, from the next one on.</summary>
    protected void Become(Action configure) => Cell.Become(Configured(configure).Receive);

    /// <summary>Handles messages by what <paramref name="configure"/> names, until unbecome.</summary>
    protected void BecomeStacked(Action configure) => Cell.BecomeStacked(Configured(configure).Receive);

    /// <summary>Handles messages of a type, those that <paramref name="shouldHandle"/> takes.</summary>
    protected void Receive<T>(Action<T> handler, Predicate<T>? shouldHandle = null)
        => Add(new Handlers.Typed<T>(handler, shouldHandle));

    /// <summary>Handles messages of a type, those that <paramref name="shouldHandle"/> takes.</summary>
    protected void Receive<T>(Predicate<T> shouldHandle, Action<T> handler) => Receive(handler, shouldHandle);

    /// <summary>Handles messages of a type where <paramref name="handler"/> says true.</summary>
    protected void Receive<T>(Func<T, bool> handler) => Add(new Handlers.Deciding<T>(handler));

    /// <summary>Handles messages of a type.</summary>
    protected void Receive(Type messageType, Action<object> handler, Predicate<object>? shouldHandle = null)
        => Add(new Handlers.OfType(messageType, handler, shouldHandle));

    /// <summary>Handles messages of a type, those that <paramref name="shouldHandle"/> takes.</summary>
    protected void Receive(Type messageType, Predicate<object> shouldHandle, Action<object> handler) => Receive(messageType, handler, shouldHandle);

    /// <summary>Handles everything; must be the last one.</summary>
    protected void ReceiveAny(Action<object> handler)
    {
        Add(new Handlers.Typed<object>(handler, null));
        _open!.Closed = true;
    }

    /// <summary>Handles messages of a type asynchronously.</summary>
    protected void ReceiveAsync<T>(Func<T, Task> handler, Predicate<T>? shouldHandle = null)
        => Receive<T>(message => ActorTaskScheduler.RunTask(() => handler(message)), shouldHandle);

    /// <summary>Handles messages of a type asynchronously, those that <paramref name="shouldHandle"/> takes.</summary>
    protected void ReceiveAsync<T>(Predicate<T> shouldHandle, Func<T, Task> handler) => ReceiveAsync(handler, shouldHandle);

    /// <summary>Handles messages of a type asynchronously.</summary>
    protected void ReceiveAsync(Type messageType, Func<object, Task> handler, Predicate<object>? shouldHandle = null)
        => Receive(messageType, message => ActorTaskScheduler.RunTask(() => handler(message)), shouldHandle);

    /// <summary>Handles messages of a type asynchronously, those that <paramref name="shouldHandle"/> takes.</summary>
    protected void ReceiveAsync(Type messageType, Predicate<object> shouldHandle, Func<object, Task> handler) => ReceiveAsync(messageType, handler, shouldHandle);

    /// <summary>Handles everything asynchronously; must be the last one.</summary>
    protected void ReceiveAnyAsync(Func<object, Task> handler) => ReceiveAny(message => ActorTaskScheduler.RunTask(() => handler(message)));

    internal void EndConstruction() => _open = null;

    private Handlers Configured(Action configure)
    {
        var outer = _open;
        _open = new Handlers(this);
        configure();
        var made = _open;
        _open = outer;
        return made;
    }

    private void Add(Handlers.Handler handler)
    {
        if (_open is null) throw new InvalidOperationException("You may only call Receive-methods when constructing the actor and inside Become().");
        if (_open.Closed) throw new InvalidOperationException("A handler that catches all messages has been added. No handler can be added after that.");
        _open.Add(handler);
    }

    /// <summary>One behaviour: its handlers in their order.</summary>
    private sealed class Handlers
    {
        private readonly ReceiveActor _actor;
        private Handler[] _handlers = [];

        public Handlers(ReceiveActor actor)
        {
            _actor = actor;
            Receive = Handle;
        }

        public Receive Receive { get; }

        public bool Closed { get; set; }

        public void Add(Handler handler) => _handlers = [.. _handlers, handler];

        private bool Handle(object message)
        {
            var handlers = _handlers;
            for (var i = 0; i < handlers.Length; i++)
            {
                if (handlers[i].TryHandle(message)) return true;
            }

            _actor.Unhandled(message);
            return true;
        }

        public abstract class Handler
        {
            public abstract bool TryHandle(object message);
        }

        public sealed class Typed<T>(Action<T> handler, Predicate<T>? shouldHandle) : Handler
        {
            public override bool TryHandle(object message)
            {
                if (message is not T typed || (shouldHandle is not null && !shouldHandle(typed))) return false;
                handler(typed);
                return true;
            }
        }

        public sealed class Deciding<T>(Func<T, bool> handler) : Handler
        {
            public override bool TryHandle(object message) => message is T typed && handler(typed);
        }

        public sealed class OfType(Type type, Action<object> handler, Predicate<object>? shouldHandle) : Handler
        {
            public override bool TryHandle(object message)
            {
                if (!type.IsInstanceOfType(message) || (shouldHandle is not null && !shouldHandle(message))) return false;
                handler(message);
                return true;
            }
        }
    }
}
