namespace Akka.Actor.Internal;

/// <summary>Which actor's turn runs on this thread.</summary>
internal static class InternalCurrentActorCellKeeper
{
    [ThreadStatic]
    private static ActorCell? _current;

    /// <summary>The actor; null outside of turns.</summary>
    public static ActorCell? Current
    {
        get => _current;
        set => _current = value;
    }

    /// <summary>The place where it stands.</summary>
    public static ref ActorCell? Slot => ref _current;
}
