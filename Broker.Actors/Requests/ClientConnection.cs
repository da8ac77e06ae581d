using System.Net;

namespace AkkaStream.Actors.Requests;

/// <summary>Who sends requests: one client's connection to one listener. The same object for all requests of the connection.</summary>
public sealed class ClientConnection
{
    private Action? closed;
    private Action? held;
    private bool isClosed;
    private string? clientHost;

    /// <summary>Unique in this process.</summary>
    public required long Id { get; init; }

    /// <summary>Name of the listener that accepted it, such as <c>PLAINTEXT</c>.</summary>
    public required string Listener { get; init; }

    /// <summary>The client's address; <see cref="IPAddress.None"/> for a client in this process.</summary>
    public required IPAddress ClientAddress { get; init; }

    /// <summary>The client's address as Kafka writes it, <c>/127.0.0.1</c>.</summary>
    public string ClientHost => clientHost ??= $"/{ClientAddress}";

    /// <summary>The client's port; 0 for a client in this process.</summary>
    public int ClientPort { get; init; }

    /// <summary>The address and port of this side, as the client reached them.</summary>
    public required IPEndPoint LocalAddress { get; init; }

    /// <summary>Whether the connection is encrypted.</summary>
    public bool IsTls { get; init; }

    /// <summary>Who the client is proven to be, in Kafka's form <c>User:name</c>; <c>User:ANONYMOUS</c> without proof.</summary>
    public string Principal { get; set; } = "User:ANONYMOUS";

    /// <summary>Name and version of the client's software, as its last ApiVersions request told (KIP-511); null before.</summary>
    public string? ClientSoftware { get; set; }

    /// <summary>Whether the connection has ended. From any thread.</summary>
    public bool IsClosed => Volatile.Read(ref isClosed);

    /// <summary>
    /// What to call when the connection ends while its current request waits, or null. A connection has one request that waits at a time, so
    /// one place is enough, and nothing piles up on a connection that lives long.
    /// </summary>
    public Action? WhileWaiting { get; set; }

    /// <summary>
    /// An answer is held back although it could be given: it is to be given when the connection's next request comes, whose answer would have to wait behind it. From any thread, before the
    /// order of the request is fixed.
    /// </summary>
    /// <param name="hurry">Called once then, or never; it may find that the answer was given meanwhile.</param>
    public void Hold(Action hurry) => Volatile.Write(ref held, hurry);

    /// <summary>The next request has come. Called before it is handled.</summary>
    public void RequestCame()
    {
        if (Volatile.Read(ref held) is not null) Interlocked.Exchange(ref held, null)?.Invoke();
    }

    /// <summary>Has <paramref name="action"/> called once, when the connection has ended; at once when it already has.</summary>
    public void WhenClosed(Action action)
    {
        lock (this)
        {
            if (!isClosed)
            {
                closed += action;
                return;
            }
        }

        action();
    }

    /// <summary>Tells that the connection has ended. Called by the door.</summary>
    public void MarkClosed()
    {
        Action? actions;
        lock (this)
        {
            if (isClosed) return;
            Volatile.Write(ref isClosed, true);
            (actions, closed) = (closed, null);
        }

        actions?.Invoke();
        WhileWaiting?.Invoke();
    }
}
