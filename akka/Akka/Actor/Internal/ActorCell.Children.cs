using System.Text;

namespace Akka.Actor.Internal;

/// <summary>The children.</summary>
internal sealed partial class ActorCell
{
    private static readonly string Base64 = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+~";

    private Children? _children;

    /// <summary>Whether the actor ended or waits for its children to end before it does.</summary>
    public bool IsTerminating => IsTerminated || _children is { IsTerminating: true };

    /// <summary>Whether the actor neither ended nor waits for children to end.</summary>
    public bool IsNormal => !IsTerminated && _children is not { IsWaiting: true } and not { IsTerminating: true };

    public IActorRef ActorOf(Props props, string? name = null) => AttachChild(props, name, false);

    /// <summary>Any thread, for the guardians' children; else the actor's turn.</summary>
    public IInternalActorRef AttachChild(Props props, string? name, bool systemService)
    {
        ArgumentNullException.ThrowIfNull(props);
        if (ReferenceEquals(props, Props.None)) throw new ArgumentException("Props.None makes no actor", nameof(props));
        if (name is not null) CheckName(name);
        var children = MakeRoomForChildren();
        name ??= RandomName(children);
        if (IsTerminated) throw new InvalidOperationException("Cannot create child while terminating or terminated");
        children.Reserve(name);
        IInternalActorRef child;
        try
        {
            child = SystemImpl.Provider.ActorOf(SystemImpl, props, _self, new ChildActorPath(_self.Path, name, SystemImpl.NextUid()), systemService);
        }
        catch
        {
            children.Unreserve(name);
            throw;
        }

        // An actor that began to end meanwhile has no more children: this one never began.
        if (!children.Add(name, child)) throw new InvalidOperationException("Cannot create child while terminating or terminated");
        child.Start();
        return child;
    }

    public IActorRef Child(string name) => SingleChild(name);

    public IEnumerable<IActorRef> GetChildren() => _children is null ? [] : _children.Refs();

    public void Stop(IActorRef child)
    {
        _children?.ShallDieIfOwn(child);
        ((IInternalActorRef)child).Stop();
    }

    /// <summary>Any thread. A name with # and an incarnation is that one or nobody.</summary>
    public IInternalActorRef SingleChild(string name)
    {
        var hash = name.IndexOf('#', StringComparison.Ordinal);
        var child = _children?.Find(hash < 0 ? name : name[..hash]);
        if (child is null) return _self.Path.Depth == 0 ? SystemImpl.RootChild(name) : ActorRefs.Nobody;
        if (hash < 0) return child;
        return long.TryParse(name.AsSpan(hash + 1), out var uid) && (uid == 0 || uid == child.Path.Uid) ? child : ActorRefs.Nobody;
    }

    /// <summary>What <c>PreRestart</c> does where nobody says otherwise.</summary>
    public void UnwatchAndStopChildren()
    {
        foreach (var child in ChildRefs())
        {
            Unwatch(child);
            Stop(child);
        }
    }

    private static void CheckName(string name)
    {
        if (name.Length == 0) throw new InvalidActorNameException("Actor name must not be empty.");
        if (!ActorPath.IsValidPathElement(name))
        {
            throw new InvalidActorNameException($"Illegal actor name [{name}]. It may not begin with $ and holds letters, digits, %-escapes and {ActorPath.ValidSymbols} only.");
        }
    }

    private Children MakeRoomForChildren() => _children ?? Interlocked.CompareExchange(ref _children, new Children(), null) ?? _children!;

    private List<IActorRef> ChildRefs() => _children is null ? [] : [.. _children.Refs()];

    private bool SetChildrenTerminationReason(ChildrenWait wait, Exception? cause = null) => _children is not null && _children.SetWait(wait, cause);

    private void SuspendChildren(List<IActorRef>? except)
    {
        foreach (var child in ChildRefs())
        {
            if (except is null || !except.Contains(child)) ((IInternalActorRef)child).Suspend();
        }
    }

    // The child whose failure started it goes on with that failure behind it.
    private void ResumeChildren(Exception? causedByFailure, IActorRef? perpetrator)
    {
        foreach (var child in ChildRefs()) ((IInternalActorRef)child).Resume(child.Equals(perpetrator) ? causedByFailure : null);
    }

    private static string RandomName(Children children)
    {
        var number = children.NextName();
        var name = new StringBuilder("$");
        do
        {
            name.Append(Base64[(int)(number & 63)]);
            number >>= 6;
        }
        while (number != 0);
        return name.ToString();
    }
}
