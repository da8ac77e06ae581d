using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Requests;

/// <summary>
/// One request that a door hands in, and the place of its answer. Bytes of the request are slices of the door's memory and live until the
/// slot is completed. Answers go out in the order of the requests, whatever the order of their completion.
/// </summary>
public abstract class RequestSlot
{
    private int orderFixed;
    private int completed;

    /// <summary>API, version, correlation id, client id.</summary>
    public required RequestHeader Header { get; init; }

    /// <summary>The decoded request.</summary>
    public required IApiMessage Request { get; init; }

    /// <summary>Who asks.</summary>
    public required ClientConnection Connection { get; init; }

    /// <summary>The next request of the connection may be handed in (produce: once every append is told). From any thread; more than once does no harm.</summary>
    public abstract void OrderFixed();

    /// <summary>Answers, exactly once, from any thread. Implies <see cref="OrderFixed"/>. File ranges in the answer belong to the door from here on.</summary>
    public abstract void Complete(IApiMessage response);

    /// <summary>Done, and nothing is sent (a produce with <c>acks=0</c>). Implies <see cref="OrderFixed"/>.</summary>
    public abstract void CompleteWithoutAnswer();

    /// <summary>Done, and the connection is closed without an answer (an error of a produce with <c>acks=0</c>).</summary>
    /// <param name="reason">A sentence for the log.</param>
    public abstract void CloseConnection(string reason);

    /// <summary>Whether the order is fixed by this call: only the first one of them.</summary>
    protected bool TakeOrder() => Interlocked.Exchange(ref orderFixed, 1) == 0;

    /// <summary>Whoever completes it calls this first.</summary>
    /// <exception cref="InvalidOperationException">It was completed before.</exception>
    protected void TakeCompletion()
    {
        if (Interlocked.Exchange(ref completed, 1) == 1) throw new InvalidOperationException($"the request {Header.Key} was completed before");
    }
}

/// <summary>Handles requests of one or of all APIs.</summary>
public interface IRequestHandler
{
    /// <summary>Takes a request, on the connection's turn: must not block and must not throw. The slot is completed now or later.</summary>
    void Handle(RequestSlot slot);
}
