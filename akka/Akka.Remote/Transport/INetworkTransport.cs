namespace Akka.Remote.Transport;

/// <summary>What a connection is for. Each has a connection of its own to a peer, so that neither waits behind the other.</summary>
internal enum Lane : byte
{
    /// <summary>Heartbeats, gossip, system messages: little, and in time.</summary>
    Control = 0,

    /// <summary>The users' messages.</summary>
    Bulk = 1,
}

/// <summary>Why a connection ended, or why there is none.</summary>
internal enum CloseReason
{
    /// <summary>This side closed it.</summary>
    Closed,

    /// <summary>The peer's end: it closed, or its process ended. A connection that follows at once tells which.</summary>
    PeerClosed,

    /// <summary>The peer's machine said that nobody listens there: the process is gone.</summary>
    Refused,

    /// <summary>The peer's machine knows nothing of the connection: its process died, or was restarted.</summary>
    Reset,

    /// <summary>Nothing came back in time, or there is no way there. Says nothing about the process.</summary>
    Unreachable,

    /// <summary>The peer sent what is no frame, or one over the limit.</summary>
    BadFrame,

    /// <summary>No TLS session: a certificate that is missing or not trusted.</summary>
    NotTrusted,
}

/// <summary>
/// A frame as it is handed over for sending: a short head and a body, which is written from where it is. Neither may change after that.
/// On the wire both are one: 6 bytes of lengths, head, body.
/// </summary>
internal readonly record struct Frame(ReadOnlyMemory<byte> Head, ReadOnlyMemory<byte> Body)
{
    /// <summary>The bytes that it takes, lengths included.</summary>
    public int Size => LengthsSize + Head.Length + Body.Length;

    /// <summary>The bytes before the head: its length (2) and the body's (4), both little-endian.</summary>
    public const int LengthsSize = 6;
}

/// <summary>
/// The network of one node as remoting sees it: connections that carry whole frames, in order, in both directions. The real one is TCP;
/// a simulation has its own. Nothing here waits; what happens is told to the handlers, never while a call of the same connection is under way
/// on the same thread, and for one connection never two at a time; <see cref="IConnectionHandler.Writable"/> alone may come beside the others.
/// </summary>
internal interface INetworkTransport
{
    /// <summary>
    /// Takes connections at a host and port (0: any free one) and gives the port. The task fails where that is not possible.
    /// <paramref name="accept"/> gives the handler of each connection that comes in; null refuses it.
    /// </summary>
    Task<int> Listen(string host, int port, Func<IConnectionHandler?> accept);

    /// <summary>Opens a connection; <paramref name="handler"/> hears of it, or of why there is none. <paramref name="lane"/> is a hint for the size of buffers.</summary>
    void Connect(string host, int port, Lane lane, IConnectionHandler handler);

    /// <summary>No more connections, and an end to those that are there, after what was handed over has been written or <paramref name="linger"/> is over.</summary>
    Task Shutdown(TimeSpan linger);
}

/// <summary>One connection. All members may be used by any thread.</summary>
internal interface IConnection
{
    /// <summary>The other end, for logs.</summary>
    string Peer { get; }

    /// <summary>
    /// The greatest frame that is taken from the peer, in bytes; a greater one ends the connection before any of it is read. It begins with
    /// <see cref="Limits.HandshakeFrameBytes"/>: a stranger has no more than that.
    /// </summary>
    int MaximumInboundFrame { get; set; }

    /// <summary>
    /// Hands a frame over. False where so much waits already that this one is not taken: <see cref="IConnectionHandler.Writable"/> tells when to go on.
    /// On an ended connection true, to no effect.
    /// </summary>
    bool Send(in Frame frame);

    /// <summary>Ends the connection after what was handed over; the handler hears <see cref="CloseReason.Closed"/>.</summary>
    void Close();
}

/// <summary>What hears of a connection.</summary>
internal interface IConnectionHandler
{
    /// <summary>It is there. Always the first call where there is a connection at all.</summary>
    void Opened(IConnection connection);

    /// <summary>The array that a body of so many bytes is read into; it may be longer. The head is the transport's again when the call returns.</summary>
    byte[] Body(ReadOnlySpan<byte> head, int bytes) => GC.AllocateUninitializedArray<byte>(bytes);

    /// <summary>A frame came. The head is the transport's again when the call returns; the body is the handler's.</summary>
    void Received(ReadOnlySpan<byte> head, byte[] body);

    /// <summary>A frame that was not taken may be sent now.</summary>
    void Writable();

    /// <summary>It is over, or there never was one. The last call.</summary>
    void Closed(CloseReason reason, string detail);
}

/// <summary>Gives a system another network than the machine's.</summary>
internal sealed class NetworkSetup(Func<Actor.ExtendedActorSystem, INetworkTransport> create) : Actor.Setup.Setup
{
    /// <summary>Makes a system's network.</summary>
    public Func<Actor.ExtendedActorSystem, INetworkTransport> Create { get; } = create;
}
