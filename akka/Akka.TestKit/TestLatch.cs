namespace Akka.TestKit;

/// <summary>Opens when counted down to 0. Waiting has a limit, past which it throws <see cref="TimeoutException"/>.</summary>
public class TestLatch
{
    /// <summary>How long <see cref="Ready()"/> waits where nothing else is said: 5 s.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(5);

    private readonly CountdownEvent _latch;
    private readonly Func<TimeSpan, TimeSpan> _dilate;
    private readonly TimeSpan _defaultTimeout;

    /// <summary>A latch that one count opens.</summary>
    public TestLatch()
        : this(1)
    {
    }

    /// <summary>A latch that so many counts open.</summary>
    public TestLatch(int count)
        : this(count, DefaultTimeout)
    {
    }

    /// <summary>A latch with a patience of its own.</summary>
    public TestLatch(int count, TimeSpan defaultTimeout)
        : this(duration => duration, defaultTimeout, count)
    {
    }

    /// <summary>A latch that multiplies durations as <paramref name="dilate"/> does.</summary>
    public TestLatch(Func<TimeSpan, TimeSpan> dilate, TimeSpan defaultTimeout, int count)
    {
        _dilate = dilate;
        _defaultTimeout = defaultTimeout;
        _latch = new CountdownEvent(count);
    }

    /// <summary>Whether it is open.</summary>
    public bool IsOpen => _latch.IsSet;

    /// <summary>Counts down by one.</summary>
    public void CountDown() => _latch.Signal();

    /// <summary>Opens it whatever the count is.</summary>
    public void Open()
    {
        while (!_latch.IsSet) _latch.Signal();
    }

    /// <summary>Closes it, with the count that it began with.</summary>
    public void Reset() => _latch.Reset();

    /// <summary>Waits until it is open.</summary>
    public void Ready() => Ready(_defaultTimeout);

    /// <summary>Waits until it is open.</summary>
    public void Ready(TimeSpan timeout)
    {
        var patience = _dilate(timeout);
        if (!_latch.Wait(patience)) throw new TimeoutException($"the latch did not open within {patience}: {_latch.CurrentCount} counts are missing");
    }
}
