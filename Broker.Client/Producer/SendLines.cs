using System.Collections.Concurrent;
using AkkaStream.Client.Cluster;

namespace AkkaStream.Client.Producer;

/// <summary>
/// The sends that wait for a topic's metadata or for room, by topic: one at a time goes on, in the order of the calls, and none that comes later passes them.
/// Without it the first records of a topic would be appended in whatever order their waits end. Safe from any thread.
/// </summary>
/// <param name="time">The client's time.</param>
internal sealed class SendLines(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Line> lines = new();
    private int waiting;

    /// <summary>Whether nobody waits for that topic.</summary>
    public bool IsFree(string topic) => Volatile.Read(ref waiting) == 0 || !lines.TryGetValue(topic, out var line) || Volatile.Read(ref line.Waiting) == 0;

    /// <summary>Stands in line, at its end.</summary>
    public Place Join(string topic)
    {
        var line = lines.GetOrAdd(topic, static (_, time) => new Line(new AsyncGate(1, time)), time);
        Interlocked.Increment(ref line.Waiting);
        Interlocked.Increment(ref waiting);
        return new Place(this, line);
    }

    /// <summary>A place in a line, left when it is disposed.</summary>
    internal sealed class Place(SendLines owner, Line line) : IDisposable
    {
        private bool isFirst;

        /// <summary>Waits until it is at the head.</summary>
        public async ValueTask Turn(CancellationToken cancellation)
        {
            await line.Gate.WaitAsync(cancellation).ConfigureAwait(false);
            isFirst = true;
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            if (isFirst) line.Gate.Release();
            Interlocked.Decrement(ref line.Waiting);
            Interlocked.Decrement(ref owner.waiting);
        }
    }

    /// <summary>One topic's line.</summary>
    internal sealed class Line(AsyncGate gate)
    {
        public int Waiting;

        public AsyncGate Gate { get; } = gate;
    }
}
