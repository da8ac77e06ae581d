namespace AkkaStream.Actors.Clients;

/// <summary>The clients of a broker that are actors, as far as it can be counted. From any thread.</summary>
public sealed class ActorClients
{
    private int sessions;

    /// <summary>Their sessions.</summary>
    public int Sessions
    {
        get => Volatile.Read(ref sessions);
        internal set => Volatile.Write(ref sessions, value);
    }

    /// <summary>Bytes of the memory that all sessions share which are kept for their requests.</summary>
    public long RequestBytes => Memory.Used;

    /// <summary>The memory of their requests.</summary>
    internal SessionMemory Memory { get; } = new(Limits.SessionsRequestBytes);
}
