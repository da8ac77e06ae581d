using Akka.Actor;
using Akka.Event;
using Akka.TestKit.TestEvent;

namespace Akka.TestKit.Internal;

/// <summary>Applies filters while a block runs: the core waits on the caller's thread or awaits, as in <see cref="TestKitBase"/>.</summary>
internal sealed class EventFilterApplier(TestKitBase testkit, ActorSystem system, IReadOnlyList<EventFilterBase> filters) : IEventFilterApplier
{
    public EventFilterFactory And => new(testkit, system, filters);

    public void ExpectOne(Action action, CancellationToken cancellationToken = default) => Expect(1, action, cancellationToken);

    public Task ExpectOneAsync(Action action, CancellationToken cancellationToken = default) => Await(Run(action), null, 1, cancellationToken);

    public Task ExpectOneAsync(Func<Task> actionAsync, CancellationToken cancellationToken = default) => Await(Run(actionAsync), null, 1, cancellationToken);

    public void ExpectOne(TimeSpan timeout, Action action, CancellationToken cancellationToken = default) => Expect(1, timeout, action, cancellationToken);

    public Task ExpectOneAsync(TimeSpan timeout, Func<Task> actionAsync, CancellationToken cancellationToken = default) => Await(Run(actionAsync), timeout, 1, cancellationToken);

    public void Expect(int expectedCount, Action action, CancellationToken cancellationToken = default) => Wait(Run(action), null, expectedCount, cancellationToken);

    public Task ExpectAsync(int expectedCount, Func<Task> actionAsync, CancellationToken cancellationToken = default) => Await(Run(actionAsync), null, expectedCount, cancellationToken);

    public Task ExpectAsync(int expectedCount, Func<Task> actionAsync, TimeSpan? timeout, CancellationToken cancellationToken = default)
        => Await(Run(actionAsync), timeout, expectedCount, cancellationToken);

    public void Expect(int expectedCount, TimeSpan timeout, Action action, CancellationToken cancellationToken = default) => Wait(Run(action), timeout, expectedCount, cancellationToken);

    public Task ExpectAsync(int expectedCount, TimeSpan timeout, Action action, CancellationToken cancellationToken = default)
        => Await(Run(action), timeout, expectedCount, cancellationToken);

    public Task ExpectAsync(int expectedCount, TimeSpan timeout, Func<Task> actionAsync, CancellationToken cancellationToken = default)
        => Await(Run(actionAsync), timeout, expectedCount, cancellationToken);

    public T ExpectOne<T>(Func<T> func, CancellationToken cancellationToken = default) => Expect(1, func, cancellationToken);

    public Task<T> ExpectOneAsync<T>(Func<Task<T>> func, CancellationToken cancellationToken = default) => Await(Run(func), null, 1, cancellationToken);

    public T ExpectOne<T>(TimeSpan timeout, Func<T> func, CancellationToken cancellationToken = default) => Expect(1, timeout, func, cancellationToken);

    public Task<T> ExpectOneAsync<T>(TimeSpan timeout, Func<Task<T>> func, CancellationToken cancellationToken = default) => Await(Run(func), timeout, 1, cancellationToken);

    public T Expect<T>(int expectedCount, Func<T> func, CancellationToken cancellationToken = default) => Wait(Run(func), null, expectedCount, cancellationToken);

    public Task<T> ExpectAsync<T>(int expectedCount, Func<Task<T>> func, CancellationToken cancellationToken = default) => Await(Run(func), null, expectedCount, cancellationToken);

    public T Expect<T>(int expectedCount, TimeSpan timeout, Func<T> func, CancellationToken cancellationToken = default) => Wait(Run(func), timeout, expectedCount, cancellationToken);

    public Task<T> ExpectAsync<T>(int expectedCount, TimeSpan timeout, Func<Task<T>> func, CancellationToken cancellationToken = default)
        => Await(Run(func), timeout, expectedCount, cancellationToken);

    public T Mute<T>(Func<T> func, CancellationToken cancellationToken = default) => Wait(Run(func), null, null, cancellationToken);

    public Task<T> MuteAsync<T>(Func<Task<T>> func, CancellationToken cancellationToken = default) => Await(Run(func), null, null, cancellationToken);

    public void Mute(Action action, CancellationToken cancellationToken = default) => Wait(Run(action), null, null, cancellationToken);

    public Task MuteAsync(Action action, CancellationToken cancellationToken = default) => Await(Run(action), null, null, cancellationToken);

    public Task MuteAsync(Func<Task> action, CancellationToken cancellationToken = default) => Await(Run(action), null, null, cancellationToken);

    public IUnmutableFilter Mute()
    {
        system.EventStream.Publish(new Mute(filters));
        return new Muted(system, filters);
    }

    private static Func<ValueTask<bool>> Run(Action action) => () =>
    {
        action();
        return new ValueTask<bool>(true);
    };

    private static Func<ValueTask<bool>> Run(Func<Task> action) => async () =>
    {
        await action().ConfigureAwait(false);
        return true;
    };

    private static Func<ValueTask<T>> Run<T>(Func<T> func) => () => new ValueTask<T>(func());

    private static Func<ValueTask<T>> Run<T>(Func<Task<T>> func) => () => new ValueTask<T>(func());

    private T Wait<T>(Func<ValueTask<T>> run, TimeSpan? timeout, int? expected, CancellationToken cancel) => Intercept(true, run, timeout, expected, cancel).GetAwaiter().GetResult();

    private Task<T> Await<T>(Func<ValueTask<T>> run, TimeSpan? timeout, int? expected, CancellationToken cancel) => Intercept(false, run, timeout, expected, cancel).AsTask();

    private async ValueTask<T> Intercept<T>(bool sync, Func<ValueTask<T>> run, TimeSpan? timeout, int? expected, CancellationToken cancel)
    {
        var matched = 0;
        void Count(EventFilterBase filter, LogEvent log) => Interlocked.Increment(ref matched);

        foreach (var filter in filters) filter.EventMatched += Count;
        system.EventStream.Publish(new Mute(filters));
        try
        {
            var result = await run().ConfigureAwait(false);
            if (expected is { } count) await Verify(sync, () => Volatile.Read(ref matched), count, testkit.Dilated(timeout ?? testkit.TestKitSettings.TestEventFilterLeeway), cancel).ConfigureAwait(false);
            return result;
        }
        finally
        {
            system.EventStream.Publish(new Unmute(filters));
            foreach (var filter in filters) filter.EventMatched -= Count;
        }
    }

    // For "none" the whole patience has to pass.
    private async ValueTask Verify(bool sync, Func<int> matched, int expected, TimeSpan patience, CancellationToken cancel)
    {
        var end = TestClock.Now + patience;
        while (expected == 0 ? matched() == 0 : matched() < expected)
        {
            if (TestClock.Now >= end) break;
            await TestClock.Pause(sync, TimeSpan.FromMilliseconds(5), cancel).ConfigureAwait(false);
        }

        var got = matched();
        if (got == expected) return;
        var what = string.Join(" or ", filters);
        TestKitAssertionsExtension.For(system).Assertions.Fail("Expected {0} log event(s), got {1} within {2}: {3}", expected, got, patience, what);
    }

    private sealed class Muted(ActorSystem system, IReadOnlyList<EventFilterBase> filters) : IUnmutableFilter
    {
        public void Unmute() => system.EventStream.Publish(new Unmute(filters));

        public void Dispose() => Unmute();
    }
}
