namespace AkkaStream.Host.Kafka;

/// <summary>What a door has done since its start.</summary>
public sealed class DoorMetrics
{
    private long requests;
    private long answers;
    private long receivedBytes;
    private long sentBytes;
    private long accepted;
    private long refused;
    private long closed;

    /// <summary>Requests handed in.</summary>
    public long Requests => Volatile.Read(ref requests);

    /// <summary>Requests whose answers were sent, or that needed none.</summary>
    public long Answers => Volatile.Read(ref answers);

    /// <summary>Bytes of requests.</summary>
    public long ReceivedBytes => Volatile.Read(ref receivedBytes);

    /// <summary>Bytes of answers.</summary>
    public long SentBytes => Volatile.Read(ref sentBytes);

    /// <summary>Connections accepted.</summary>
    public long Accepted => Volatile.Read(ref accepted);

    /// <summary>Connections closed at once because of a limit.</summary>
    public long Refused => Volatile.Read(ref refused);

    /// <summary>Connections that ended.</summary>
    public long Closed => Volatile.Read(ref closed);

    internal void Received(int bytes)
    {
        Interlocked.Increment(ref requests);
        Interlocked.Add(ref receivedBytes, bytes);
    }

    internal void Answered(int count) => Interlocked.Add(ref answers, count);

    internal void SentOf(long bytes) => Interlocked.Add(ref sentBytes, bytes);

    internal void ConnectionAccepted() => Interlocked.Increment(ref accepted);

    internal void ConnectionRefused() => Interlocked.Increment(ref refused);

    internal void ConnectionClosed() => Interlocked.Increment(ref closed);
}
