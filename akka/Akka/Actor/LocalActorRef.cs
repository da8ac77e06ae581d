using Akka.Actor.Internal;
using Akka.Dispatch;
using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>An actor of this process.</summary>
internal sealed class LocalActorRef : InternalActorRefBase
{
    private readonly Mailbox _mailbox;

    public LocalActorRef(ActorSystemImpl system, Props props, MessageDispatcher dispatcher, MailboxType? mailboxType, IInternalActorRef supervisor, ActorPath path)
    {
        Parent = supervisor;
        Path = path;
        Cell = new ActorCell(system, this, props, dispatcher, mailboxType);
        _mailbox = Cell.Mailbox;
    }

    public ActorCell Cell { get; }

    public override ActorPath Path { get; }

    public override IInternalActorRef Parent { get; }

    public override IActorRefProvider Provider => Cell.SystemImpl.Provider;

    public override bool IsLocal => true;

    public override bool IsTerminated => Cell.IsTerminated;

    public override void Start() => Cell.Start(null);

    public override void Stop() => _mailbox.EnqueueSystem(new Terminate());

    public override void Suspend() => _mailbox.EnqueueSystem(new Suspend());

    public override void Resume(Exception? causedByFailure = null) => _mailbox.EnqueueSystem(new Resume(causedByFailure));

    public override void Restart(Exception cause) => _mailbox.EnqueueSystem(new Recreate(cause));

    public override void SendSystemMessage(ISystemMessage message) => _mailbox.EnqueueSystem((SystemMessage)message);

    public override IActorRef GetChild(IReadOnlyList<string> name)
    {
        IInternalActorRef at = this;
        for (var i = 0; i < name.Count; i++)
        {
            var element = name[i];
            if (element.Length == 0) continue;
            if (element == "..") at = at.Parent;
            else if (at is LocalActorRef local) at = local.Cell.SingleChild(element);
            else return at.GetChild([.. name.Skip(i)]);
            if (at is Nobody) return at;
        }

        return at;
    }

    protected override void TellInternal(object message, IActorRef? sender) => _mailbox.Enqueue(message, sender);
}
