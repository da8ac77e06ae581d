namespace Akka.Actor;

/// <summary>Calls something off: what the scheduler was given together with it.</summary>
public class Cancelable : ICancelable, IDisposable
{
    private readonly IActionScheduler? _scheduler;
    private readonly Lock _lock = new();
    private CancellationTokenSource? _source;
    private IWorkHolder? _timers;
    private ScheduledWork? _work;
    private bool _cancelled;

    /// <summary>Not called off yet.</summary>
    public Cancelable(IActionScheduler scheduler) => _scheduler = scheduler;

    /// <summary>Called off after a time.</summary>
    public Cancelable(IActionScheduler scheduler, TimeSpan delay)
        : this(scheduler)
        => CancelAfter(delay);

    /// <summary>Not called off yet.</summary>
    public Cancelable(IScheduler scheduler)
        : this(scheduler.Advanced)
    {
    }

    /// <summary>Called off after milliseconds.</summary>
    public Cancelable(IScheduler scheduler, int millisecondsDelay)
        : this(scheduler.Advanced, TimeSpan.FromMilliseconds(millisecondsDelay))
    {
    }

    /// <summary>Called off after a time.</summary>
    public Cancelable(IScheduler scheduler, TimeSpan delay)
        : this(scheduler.Advanced, delay)
    {
    }

    private Cancelable()
    {
    }

    /// <inheritdoc/>
    public bool IsCancellationRequested => Volatile.Read(ref _cancelled);

    /// <summary>Whether it was disposed.</summary>
    public bool IsDisposed { get; private set; }

    /// <inheritdoc/>
    public CancellationToken Token
    {
        get
        {
            lock (_lock)
            {
                _source ??= new CancellationTokenSource();
                if (_cancelled) _source.Cancel();
                return _source.Token;
            }
        }
    }

    /// <summary>One that is called off already.</summary>
    public static ICancelable CreateCanceled() => new Cancelable { _cancelled = true };

    /// <summary>Called off with the first of others.</summary>
    public static ICancelable CreateLinkedCancelable(IActionScheduler scheduler, params ICancelable[] cancelables)
        => CreateLinkedCancelable(scheduler, [.. cancelables.Select(other => other.Token)]);

    /// <summary>Called off with the first of others.</summary>
    public static ICancelable CreateLinkedCancelable(IActionScheduler scheduler, params CancellationToken[] cancellationTokens)
    {
        var linked = new Cancelable(scheduler);
        foreach (var token in cancellationTokens) token.UnsafeRegister(static self => ((Cancelable)self!).Cancel(), linked);
        return linked;
    }

    /// <summary>Called off with the first of others.</summary>
    public static ICancelable CreateLinkedCancelable(IScheduler scheduler, params ICancelable[] cancelables) => CreateLinkedCancelable(scheduler.Advanced, cancelables);

    /// <summary>Called off with the first of others.</summary>
    public static ICancelable CreateLinkedCancelable(IScheduler scheduler, params CancellationToken[] cancellationTokens) => CreateLinkedCancelable(scheduler.Advanced, cancellationTokens);

    /// <inheritdoc/>
    public void Cancel() => Cancel(false);

    /// <inheritdoc/>
    public void Cancel(bool throwOnFirstException)
    {
        CancellationTokenSource? source;
        lock (_lock)
        {
            if (_cancelled) return;
            Volatile.Write(ref _cancelled, true);
            source = _source;
        }

        if (_work is not null) _timers!.Remove(_work);
        source?.Cancel(throwOnFirstException);
    }

    /// <inheritdoc/>
    public void CancelAfter(TimeSpan delay) => (_scheduler ?? throw new ObjectDisposedException(nameof(Cancelable))).ScheduleOnce(delay, Cancel, this);

    /// <inheritdoc/>
    public void CancelAfter(int millisecondsDelay) => CancelAfter(TimeSpan.FromMilliseconds(millisecondsDelay));

    /// <summary>Gives its token's source back.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives its token's source back.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing || IsDisposed) return;
        IsDisposed = true;
        lock (_lock) _source?.Dispose();
    }

    internal void Attach(IWorkHolder timers, ScheduledWork work)
    {
        // The work of CancelAfter, or a second one: asked when its time has come.
        lock (_lock)
        {
            if (_work is not null) return;
            _timers = timers;
            _work = work;
            if (!_cancelled) return;
        }

        timers.Remove(work);
    }
}
