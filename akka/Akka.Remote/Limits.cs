namespace Akka.Remote;

/// <summary>Remoting's limits, and what happens at each.</summary>
internal static class Limits
{
    /// <summary>A frame of a peer that has not said who it is: 2 KiB. A greater one ends the connection before it is read.</summary>
    public const int HandshakeFrameBytes = 2048;

    /// <summary>The head of a frame (paths and manifest): 8 KiB. A message with a longer one is not sent, and said so; a peer that sends one is cut off.</summary>
    public const int HeadBytes = 8192;

    /// <summary>Connections that peers opened: 4,096. One more is closed at once.</summary>
    public const int InboundConnections = 4096;

    /// <summary>Time for a peer to say who it is: 5 s. Then the connection is closed.</summary>
    public static readonly TimeSpan HandshakeTime = TimeSpan.FromSeconds(5);

    /// <summary>Between two warnings of connections that ended before their first word: 60 s. Those between are counted, and told with the next one.</summary>
    public static readonly TimeSpan ComplaintTime = TimeSpan.FromSeconds(60);

    /// <summary>Bytes handed to one connection that are not written yet: 1 MiB. Beyond it, frames wait in the lane.</summary>
    public const int ConnectionBytes = 1 << 20;

    /// <summary>Peers that are remembered: 10,000. Beyond it, messages to a new address are dead letters and connections from one are refused.</summary>
    public const int Associations = 10_000;

    /// <summary>References to senders and receivers that are remembered for each peer's connection: 1,024. The next one takes the place of an older one.</summary>
    public const int CachedRefs = 1024;

    /// <summary>Levels of selections and wrapped messages inside a message: 8. A deeper one is not read.</summary>
    public const int MessageDepth = 8;

    /// <summary>Steps of a selection: 64. A longer one is not read.</summary>
    public const int SelectionSteps = 64;

    /// <summary>Characters of an address, a path or a name off the wire: 4,096. A longer one is not read.</summary>
    public const int TextBytes = 4096;
}
