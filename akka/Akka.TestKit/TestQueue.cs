namespace Akka.TestKit;

/// <summary>The messages that a test actor got and the test did not ask for yet.</summary>
internal sealed class TestQueue
{
    private readonly Lock _lock = new();
    private readonly LinkedList<MessageEnvelope> _messages = [];
    private readonly SemaphoreSlim _available = new(0);

    public int Count
    {
        get
        {
            lock (_lock) return _messages.Count;
        }
    }

    public void Add(MessageEnvelope message)
    {
        lock (_lock) _messages.AddLast(message);
        _available.Release();
    }

    /// <summary>The next message, or null where none comes in time. With <paramref name="sync"/> the caller's thread waits.</summary>
    public async ValueTask<MessageEnvelope?> Take(bool sync, TimeSpan patience, bool peek, CancellationToken cancel)
    {
        var limit = patience < TimeSpan.Zero ? Timeout.InfiniteTimeSpan : patience > MaxWait ? MaxWait : patience;
        var came = _available.Wait(0, cancel) || (sync ? _available.Wait(limit, cancel) : await _available.WaitAsync(limit, cancel).ConfigureAwait(false));
        if (!came) return null;
        lock (_lock)
        {
            var first = _messages.First!.Value;
            if (peek) _available.Release();
            else _messages.RemoveFirst();
            return first;
        }
    }

    /// <summary>Takes what is there.</summary>
    public List<MessageEnvelope> Drain()
    {
        var all = new List<MessageEnvelope>();
        while (_available.Wait(0))
        {
            lock (_lock)
            {
                all.Add(_messages.First!.Value);
                _messages.RemoveFirst();
            }
        }

        return all;
    }

    private static TimeSpan MaxWait => TimeSpan.FromMilliseconds(int.MaxValue - 1);
}
