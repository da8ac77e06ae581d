using Akka.Dispatch;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor.Internal;

/// <summary>The life of one actor behind its reference: what it is, what it handles, who it knows. Everything here happens in its turns unless said.</summary>
internal sealed partial class ActorCell : IUntypedActorContext
{
    private readonly LocalActorRef _self;
    private ActorBase? _actor;
    private Receive? _behavior;
    private Stack<Receive>? _below;
    private Envelope _current;
    private ActorTaskScheduler? _taskScheduler;
    private int _awaits;
    private bool _creating;

    public ActorCell(ActorSystemImpl system, LocalActorRef self, Props props, MessageDispatcher dispatcher, MailboxType? mailboxType)
    {
        SystemImpl = system;
        _self = self;
        Props = props;
        var queue = mailboxType is null or UnboundedMailbox or UnboundedDequeBasedMailbox ? null : mailboxType.Create(self, system);
        Mailbox = new Mailbox(this, dispatcher, queue);
    }

    public ActorSystemImpl SystemImpl { get; }

    public ActorSystem System => SystemImpl;

    public Props Props { get; }

    public Mailbox Mailbox { get; }

    public MessageDispatcher Dispatcher => Mailbox.Dispatcher;

    public IActorRef Self => _self;

    public IActorRef Parent => _self.Parent;

    public ActorBase? Instance => _actor;

    /// <summary>The message at hand; null between messages.</summary>
    public object? CurrentMessage => _current.Message;

    /// <summary>The message at hand and its sender.</summary>
    public Envelope CurrentEnvelope => _current;

    public IActorRef Sender => _current.Sender ?? SystemImpl.DeadLetters;

    public ActorTaskScheduler TaskScheduler => _taskScheduler ??= new ActorTaskScheduler(this);

    /// <summary>Whether the constructor that runs right now may be this actor's.</summary>
    public bool TakesNewActor => _creating && _actor is null;

    public bool IsTerminated => Mailbox.IsClosed;

    /// <summary>The base constructor of a new instance: it is this cell's actor from here on.</summary>
    public void Adopt(ActorBase actor, Receive receive)
    {
        _actor = actor;
        _behavior = receive;
    }

    /// <summary>In the place of what the base constructor adopted.</summary>
    public void ReplaceBehavior(Receive receive) => _behavior = receive;

    public void Become(Receive receive) => _behavior = receive;

    public void Become(UntypedReceive receive) => _behavior = Handled(receive);

    public void BecomeStacked(Receive receive)
    {
        (_below ??= new Stack<Receive>()).Push(_behavior!);
        _behavior = receive;
    }

    public void BecomeStacked(UntypedReceive receive) => BecomeStacked(Handled(receive));

    public void UnbecomeStacked()
    {
        if (_below is { Count: > 0 }) _behavior = _below.Pop();
    }

    public ActorSelection ActorSelection(string actorPath) => ActorRefFactoryShared.ActorSelection(actorPath, SystemImpl, _self);

    public ActorSelection ActorSelection(ActorPath actorPath) => ActorRefFactoryShared.ActorSelection(actorPath, SystemImpl);

    /// <summary>Any thread: the message was for an actor that ended.</summary>
    public void DeadLetter(object message, IActorRef? sender)
    {
        // This actor listened to dead letters and has ended: one more dead letter about a dead letter would come back here without end.
        if (message is AllDeadLetters) return;
        SystemImpl.DeadLetters.Tell(new DeadLetter(message, sender ?? SystemImpl.DeadLetters, _self), sender);
    }

    /// <inheritdoc cref="DeadLetter(object, IActorRef?)"/>
    public void DeadLetter(Envelope envelope) => DeadLetter(envelope.Message, envelope.Sender);

    /// <summary>Any thread: answers a system message that came after the end.</summary>
    public void AnswerAsDead(SystemMessage message)
    {
        if (message is Watch watch && watch.Watchee.Equals(_self) && !watch.Watcher.Equals(_self))
        {
            watch.Watcher.SendSystemMessage(new DeathWatchNotification(_self, false, false));
        }
    }

    private static Receive Handled(UntypedReceive receive)
        => message =>
        {
            receive(message);
            return true;
        };
}
