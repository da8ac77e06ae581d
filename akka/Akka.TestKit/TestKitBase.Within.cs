namespace Akka.TestKit;

public abstract partial class TestKitBase
{
    /// <summary>Runs a block that has to end within <paramref name="max"/>; expectations in it wait no longer than what is left.</summary>
    public void Within(TimeSpan max, Action action, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default)
        => Within(TimeSpan.Zero, max, action, null, epsilonValue, cancellationToken);

    /// <summary>Runs a block that has to take at least <paramref name="min"/> and at most <paramref name="max"/>.</summary>
    public void Within(TimeSpan min, TimeSpan max, Action action, string? hint = null, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default)
        => Within(
            min,
            max,
            () =>
            {
                action();
                return true;
            },
            hint,
            epsilonValue,
            cancellationToken);

    /// <inheritdoc cref="Within(TimeSpan, Action, TimeSpan?, CancellationToken)"/>
    public T Within<T>(TimeSpan max, Func<T> function, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default)
        => Within(TimeSpan.Zero, max, function, null, epsilonValue, cancellationToken);

    /// <inheritdoc cref="Within(TimeSpan, TimeSpan, Action, string, TimeSpan?, CancellationToken)"/>
    public T Within<T>(TimeSpan min, TimeSpan max, Func<T> function, string? hint = null, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var block = Enter(min, max, epsilonValue, hint);
        T result;
        try
        {
            result = function();
        }
        finally
        {
            _end = block.OuterEnd;
        }

        Leave(block);
        return result;
    }

    /// <inheritdoc cref="Within(TimeSpan, Action, TimeSpan?, CancellationToken)"/>
    public Task WithinAsync(TimeSpan max, Func<Task> actionAsync, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default)
        => WithinAsync(TimeSpan.Zero, max, actionAsync, null, epsilonValue, cancellationToken);

    /// <inheritdoc cref="Within(TimeSpan, TimeSpan, Action, string, TimeSpan?, CancellationToken)"/>
    public Task WithinAsync(TimeSpan min, TimeSpan max, Func<Task> actionAsync, string? hint = null, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default)
        => WithinAsync(
            min,
            max,
            async () =>
            {
                await actionAsync().ConfigureAwait(false);
                return true;
            },
            hint,
            epsilonValue,
            cancellationToken);

    /// <inheritdoc cref="Within(TimeSpan, Action, TimeSpan?, CancellationToken)"/>
    public Task<T> WithinAsync<T>(TimeSpan max, Func<Task<T>> function, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default)
        => WithinAsync(TimeSpan.Zero, max, function, null, epsilonValue, cancellationToken);

    /// <inheritdoc cref="Within(TimeSpan, TimeSpan, Action, string, TimeSpan?, CancellationToken)"/>
    public async Task<T> WithinAsync<T>(TimeSpan min, TimeSpan max, Func<Task<T>> function, string? hint = null, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var block = Enter(min, max, epsilonValue, hint);
        T result;
        try
        {
            result = await function().ConfigureAwait(false);
        }
        finally
        {
            _end = block.OuterEnd;
        }

        Leave(block);
        return result;
    }

    private TimedBlock Enter(TimeSpan min, TimeSpan max, TimeSpan? epsilon, string? hint)
    {
        var start = Now;
        var rest = _end is { } end ? end - start : Timeout.InfiniteTimeSpan;
        var least = Dilated(min);
        var note = hint is null ? "" : ", hint: " + hint;
        _assertions.AssertTrue(rest == Timeout.InfiniteTimeSpan || rest >= least, "Required min time {0} not possible, only {1} left{2}", least, rest, note);
        var most = Dilated(max);
        if (rest != Timeout.InfiniteTimeSpan && rest < most) most = rest;
        var block = new TimedBlock(start, least, most, epsilon ?? TimeSpan.Zero, _end, note);
        _end = start + most;
        _lastWasNoMessage = false;
        return block;
    }

    // A block that ends in waiting for silence has used its time up as it should.
    private void Leave(in TimedBlock block)
    {
        var elapsed = Now - block.Start;
        _assertions.AssertTrue(elapsed >= block.Min, "Failed: Block took {0}, should have at least taken {1}{2}", elapsed, block.Min, block.Note);
        if (_lastWasNoMessage) return;
        _assertions.AssertTrue(elapsed <= block.Max + block.Epsilon, "Failed: Block took {0}, exceeding {1}{2}", elapsed, block.Max, block.Note);
    }

    private readonly record struct TimedBlock(TimeSpan Start, TimeSpan Min, TimeSpan Max, TimeSpan Epsilon, TimeSpan? OuterEnd, string Note);
}
