using Akka.Event;

namespace Akka.TestKit;

public abstract partial class TestKitBase
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits until the condition holds; fails where it does not within <see cref="RemainingOrDefault"/>.</summary>
    public void AwaitCondition(Func<bool> conditionIsFulfilled, CancellationToken cancellationToken = default)
        => AwaitCondition(conditionIsFulfilled, null, null, null, cancellationToken);

    /// <summary>Waits until the condition holds; fails where it does not within <paramref name="max"/>.</summary>
    public void AwaitCondition(Func<bool> conditionIsFulfilled, TimeSpan? max, CancellationToken cancellationToken = default)
        => AwaitCondition(conditionIsFulfilled, max, null, null, cancellationToken);

    /// <summary>Waits until the condition holds; fails with <paramref name="message"/> where it does not within <paramref name="max"/>.</summary>
    public void AwaitCondition(Func<bool> conditionIsFulfilled, TimeSpan? max, string? message, CancellationToken cancellationToken = default)
        => AwaitCondition(conditionIsFulfilled, max, null, message, cancellationToken);

    /// <summary>Waits until the condition holds, asking every <paramref name="interval"/>; fails with <paramref name="message"/> where it does not within <paramref name="max"/>.</summary>
    public void AwaitCondition(Func<bool> conditionIsFulfilled, TimeSpan? max, TimeSpan? interval, string? message = null, CancellationToken cancellationToken = default)
        => Waited(Until(true, () => new ValueTask<bool>(conditionIsFulfilled()), RemainingOrDilated(max), interval, Fail(message), cancellationToken));

    /// <inheritdoc cref="AwaitCondition(Func{bool}, CancellationToken)"/>
    public Task AwaitConditionAsync(Func<bool> conditionIsFulfilled, CancellationToken cancellationToken = default)
        => AwaitConditionAsync(conditionIsFulfilled, null, null, null, cancellationToken);

    /// <inheritdoc cref="AwaitCondition(Func{bool}, TimeSpan?, string, CancellationToken)"/>
    public Task AwaitConditionAsync(Func<bool> conditionIsFulfilled, TimeSpan? max, string? message = null, CancellationToken cancellationToken = default)
        => AwaitConditionAsync(conditionIsFulfilled, max, null, message, cancellationToken);

    /// <inheritdoc cref="AwaitCondition(Func{bool}, TimeSpan?, TimeSpan?, string, CancellationToken)"/>
    public Task AwaitConditionAsync(Func<bool> conditionIsFulfilled, TimeSpan? max, TimeSpan? interval, string? message = null, CancellationToken cancellationToken = default)
        => Until(false, () => new ValueTask<bool>(conditionIsFulfilled()), RemainingOrDilated(max), interval, Fail(message), cancellationToken).AsTask();

    /// <inheritdoc cref="AwaitCondition(Func{bool}, CancellationToken)"/>
    public Task AwaitConditionAsync(Func<Task<bool>> conditionIsFulfilled, CancellationToken cancellationToken = default)
        => AwaitConditionAsync(conditionIsFulfilled, null, null, null, cancellationToken);

    /// <inheritdoc cref="AwaitCondition(Func{bool}, TimeSpan?, CancellationToken)"/>
    public Task AwaitConditionAsync(Func<Task<bool>> conditionIsFulfilled, TimeSpan? max, CancellationToken cancellationToken = default)
        => AwaitConditionAsync(conditionIsFulfilled, max, null, null, cancellationToken);

    /// <inheritdoc cref="AwaitCondition(Func{bool}, TimeSpan?, string, CancellationToken)"/>
    public Task AwaitConditionAsync(Func<Task<bool>> conditionIsFulfilled, TimeSpan? max, string? message, CancellationToken cancellationToken = default)
        => AwaitConditionAsync(conditionIsFulfilled, max, null, message, cancellationToken);

    /// <inheritdoc cref="AwaitCondition(Func{bool}, TimeSpan?, TimeSpan?, string, CancellationToken)"/>
    public Task AwaitConditionAsync(Func<Task<bool>> conditionIsFulfilled, TimeSpan? max, TimeSpan? interval, string? message = null, CancellationToken cancellationToken = default)
        => Until(false, () => new ValueTask<bool>(conditionIsFulfilled()), RemainingOrDilated(max), interval, Fail(message), cancellationToken).AsTask();

    /// <summary>Waits until the condition holds; false where it does not within <paramref name="max"/>, which is not dilated.</summary>
    public bool AwaitConditionNoThrow(Func<bool> conditionIsFulfilled, TimeSpan max, TimeSpan? interval = null, CancellationToken cancellationToken = default)
        => Waited(Until(true, () => new ValueTask<bool>(conditionIsFulfilled()), max, interval, null, cancellationToken));

    /// <inheritdoc cref="AwaitConditionNoThrow"/>
    public Task<bool> AwaitConditionNoThrowAsync(Func<bool> conditionIsFulfilled, TimeSpan max, TimeSpan? interval = null, CancellationToken cancellationToken = default)
        => Until(false, () => new ValueTask<bool>(conditionIsFulfilled()), max, interval, null, cancellationToken).AsTask();

    /// <inheritdoc cref="AwaitConditionNoThrow"/>
    public Task<bool> AwaitConditionNoThrowAsync(Func<Task<bool>> conditionIsFulfilled, TimeSpan max, TimeSpan? interval = null, CancellationToken cancellationToken = default)
        => Until(false, () => new ValueTask<bool>(conditionIsFulfilled()), max, interval, null, cancellationToken).AsTask();

    /// <summary>Tries until <paramref name="assertion"/> throws nothing any more; past <paramref name="duration"/> its last exception is thrown.</summary>
    public void AwaitAssert(Action assertion, TimeSpan? duration = null, TimeSpan? interval = null, CancellationToken cancellationToken = default)
        => Waited(Asserted(
            true,
            () =>
            {
                assertion();
                return Task.CompletedTask;
            },
            duration,
            interval,
            cancellationToken));

    /// <inheritdoc cref="AwaitAssert"/>
    public Task AwaitAssertAsync(Action assertion, TimeSpan? duration = null, TimeSpan? interval = null, CancellationToken cancellationToken = default)
        => Asserted(
            false,
            () =>
            {
                assertion();
                return Task.CompletedTask;
            },
            duration,
            interval,
            cancellationToken).AsTask();

    /// <inheritdoc cref="AwaitAssert"/>
    public Task AwaitAssertAsync(Func<Task> assertion, TimeSpan? duration = null, TimeSpan? interval = null, CancellationToken cancellationToken = default)
        => Asserted(false, assertion, duration, interval, cancellationToken).AsTask();

    /// <summary>Waits until the condition holds; calls <paramref name="fail"/>, or gives false where that is null.</summary>
    protected static bool InternalAwaitCondition(Func<bool> conditionIsFulfilled, TimeSpan max, TimeSpan? interval, Action<string, object[]>? fail, CancellationToken cancellationToken = default)
        => Waited(Until(true, () => new ValueTask<bool>(conditionIsFulfilled()), max, interval, fail, cancellationToken));

    /// <inheritdoc cref="InternalAwaitCondition(Func{bool}, TimeSpan, TimeSpan?, Action{string, object[]}, CancellationToken)"/>
    protected static bool InternalAwaitCondition(
        Func<bool> conditionIsFulfilled,
        TimeSpan max,
        TimeSpan? interval,
        Action<string, object[]>? fail,
        ILoggingAdapter? logger,
        CancellationToken cancellationToken = default)
        => InternalAwaitCondition(conditionIsFulfilled, max, interval, fail, cancellationToken);

    /// <inheritdoc cref="InternalAwaitCondition(Func{bool}, TimeSpan, TimeSpan?, Action{string, object[]}, CancellationToken)"/>
    protected static Task<bool> InternalAwaitConditionAsync(Func<Task<bool>> conditionIsFulfilled, TimeSpan max, TimeSpan? interval, Action<string, object[]>? fail, CancellationToken cancellationToken = default)
        => Until(false, () => new ValueTask<bool>(conditionIsFulfilled()), max, interval, fail, cancellationToken).AsTask();

    private Action<string, object[]> Fail(string? message)
        => (format, args) => _assertions.Fail(message is null ? format : format + ": " + Escaped(message), args);

    private static async ValueTask<bool> Until(bool sync, Func<ValueTask<bool>> holds, TimeSpan max, TimeSpan? interval, Action<string, object[]>? fail, CancellationToken cancel)
    {
        var end = max < TimeSpan.Zero ? TimeSpan.MaxValue : Now + max;
        while (!await holds().ConfigureAwait(false))
        {
            var left = end - Now;
            if (left <= TimeSpan.Zero)
            {
                fail?.Invoke("Timeout {0} expired while waiting for condition.", [max]);
                return false;
            }

            var pause = interval ?? BetweenTries;
            await TestClock.Pause(sync, pause < left ? pause : left, cancel).ConfigureAwait(false);
        }

        return true;
    }

    private async ValueTask<bool> Asserted(bool sync, Func<Task> assertion, TimeSpan? duration, TimeSpan? interval, CancellationToken cancel)
    {
        var max = RemainingOrDilated(duration);
        var end = max < TimeSpan.Zero ? TimeSpan.MaxValue : Now + max;
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            try
            {
                await assertion().ConfigureAwait(false);
                return true;
            }
            catch (Exception) when (Now < end)
            {
                await TestClock.Pause(sync, interval ?? BetweenTries, cancel).ConfigureAwait(false);
            }
        }
    }
}
