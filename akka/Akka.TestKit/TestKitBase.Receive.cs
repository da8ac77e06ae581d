using System.Collections;

namespace Akka.TestKit;

// Each call has a core that either waits on the caller's thread (and so ends at once as a task) or awaits: one logic, both forms.
public abstract partial class TestKitBase
{
    /// <summary>Takes the next message, or null where none comes within <paramref name="max"/>.</summary>
    public object? ReceiveOne(TimeSpan? max = null, CancellationToken cancellationToken = default)
        => Waited(Next(true, GetTimeoutOrDefault(max), false, cancellationToken))?.Message;

    /// <inheritdoc cref="ReceiveOne"/>
    public async ValueTask<object?> ReceiveOneAsync(TimeSpan? max = null, CancellationToken cancellationToken = default)
        => (await Next(false, GetTimeoutOrDefault(max), false, cancellationToken).ConfigureAwait(false))?.Message;

    /// <summary>Takes the next message with its sender; false where none comes within <paramref name="max"/>.</summary>
    public bool TryReceiveOne(out MessageEnvelope envelope, TimeSpan? max = null, CancellationToken cancellationToken = default)
    {
        var next = Waited(Next(true, GetTimeoutOrDefault(max), false, cancellationToken));
        envelope = next ?? NullMessageEnvelope.Instance;
        return next is not null;
    }

    /// <inheritdoc cref="TryReceiveOne"/>
    public async ValueTask<(bool success, MessageEnvelope envelope)> TryReceiveOneAsync(TimeSpan? max, CancellationToken cancellationToken = default)
    {
        var next = await Next(false, GetTimeoutOrDefault(max), false, cancellationToken).ConfigureAwait(false);
        return (next is not null, next ?? NullMessageEnvelope.Instance);
    }

    /// <summary>Looks at the next message and leaves it; null where none comes within <paramref name="max"/>.</summary>
    public object? PeekOne(TimeSpan? max = null, CancellationToken cancellationToken = default)
        => Waited(Next(true, GetTimeoutOrDefault(max), true, cancellationToken))?.Message;

    /// <summary>Looks at the next message and leaves it; waits until one is there.</summary>
    public object? PeekOne(CancellationToken cancellationToken) => Waited(Next(true, Timeout.InfiniteTimeSpan, true, cancellationToken))?.Message;

    /// <inheritdoc cref="PeekOne(TimeSpan?, CancellationToken)"/>
    public async ValueTask<object?> PeekOneAsync(TimeSpan? max = null, CancellationToken cancellationToken = default)
        => (await Next(false, GetTimeoutOrDefault(max), true, cancellationToken).ConfigureAwait(false))?.Message;

    /// <inheritdoc cref="PeekOne(CancellationToken)"/>
    public async ValueTask<object?> PeekOneAsync(CancellationToken cancellationToken)
        => (await Next(false, Timeout.InfiniteTimeSpan, true, cancellationToken).ConfigureAwait(false))?.Message;

    /// <summary>Looks at the next message with its sender and leaves it; false where none comes within <paramref name="max"/>.</summary>
    public bool TryPeekOne(out MessageEnvelope envelope, TimeSpan? max, CancellationToken cancellationToken)
    {
        var next = Waited(Next(true, GetTimeoutOrDefault(max), true, cancellationToken));
        envelope = next ?? NullMessageEnvelope.Instance;
        return next is not null;
    }

    /// <inheritdoc cref="TryPeekOne"/>
    public async ValueTask<(bool success, MessageEnvelope envelope)> TryPeekOneAsync(TimeSpan? max, CancellationToken cancellationToken)
    {
        var next = await Next(false, GetTimeoutOrDefault(max), true, cancellationToken).ConfigureAwait(false);
        return (next is not null, next ?? NullMessageEnvelope.Instance);
    }

    /// <summary>Takes so many messages; fails where they do not come in time.</summary>
    public IReadOnlyCollection<object> ReceiveN(int numberOfMessages, CancellationToken cancellationToken = default)
        => Waited(Many(true, numberOfMessages, RemainingOrDefault, cancellationToken));

    /// <summary>Takes so many messages; fails where they do not come within <paramref name="max"/>.</summary>
    public IReadOnlyCollection<object> ReceiveN(int numberOfMessages, TimeSpan max, CancellationToken cancellationToken = default)
        => Waited(Many(true, numberOfMessages, Dilated(max), cancellationToken));

    /// <inheritdoc cref="ReceiveN(int, CancellationToken)"/>
    public IAsyncEnumerable<object> ReceiveNAsync(int numberOfMessages, CancellationToken cancellationToken = default)
        => Each(Many(false, numberOfMessages, RemainingOrDefault, cancellationToken));

    /// <inheritdoc cref="ReceiveN(int, TimeSpan, CancellationToken)"/>
    public IAsyncEnumerable<object> ReceiveNAsync(int numberOfMessages, TimeSpan max, CancellationToken cancellationToken = default)
        => Each(Many(false, numberOfMessages, Dilated(max), cancellationToken));

    /// <summary>
    /// Takes messages as long as <paramref name="filter"/> makes something of them, at most <paramref name="msgs"/>, until
    /// <paramref name="max"/> is over. The message at which it ends stays.
    /// </summary>
    public IReadOnlyList<T> ReceiveWhile<T>(TimeSpan? max, Func<object, T?> filter, int msgs = int.MaxValue, CancellationToken cancellationToken = default)
        where T : class
        => Waited(While(true, max, null, filter, msgs, cancellationToken));

    /// <summary>As the other form; it also ends when nothing comes for <paramref name="idle"/>.</summary>
    public IReadOnlyList<T> ReceiveWhile<T>(TimeSpan? max, TimeSpan? idle, Func<object, T?> filter, int msgs = int.MaxValue, CancellationToken cancellationToken = default)
        where T : class
        => Waited(While(true, max, idle, filter, msgs, cancellationToken));

    /// <summary>As the other form; it also ends when nothing comes for <paramref name="idle"/>.</summary>
    public IReadOnlyList<T> ReceiveWhile<T>(Func<object, T?> filter, TimeSpan? max = null, TimeSpan? idle = null, int msgs = int.MaxValue, CancellationToken cancellationToken = default)
        where T : class
        => Waited(While(true, max, idle, filter, msgs, cancellationToken));

    /// <summary>As the other form, without a bound on the type: takes while the messages are of it and fulfil <paramref name="shouldContinue"/>.</summary>
    public IReadOnlyList<T> ReceiveWhile<T>(
        Predicate<T> shouldContinue,
        TimeSpan? max = null,
        TimeSpan? idle = null,
        int msgs = int.MaxValue,
        bool shouldIgnoreOtherMessageTypes = true,
        CancellationToken cancellationToken = default)
        => Waited(While(true, max, idle, shouldContinue, msgs, shouldIgnoreOtherMessageTypes, cancellationToken));

    /// <inheritdoc cref="ReceiveWhile{T}(TimeSpan?, Func{object, T}, int, CancellationToken)"/>
    public IAsyncEnumerable<T> ReceiveWhileAsync<T>(TimeSpan? max, Func<object, T?> filter, int msgs = int.MaxValue, CancellationToken cancellationToken = default)
        where T : class
        => Each(While(false, max, null, filter, msgs, cancellationToken));

    /// <inheritdoc cref="ReceiveWhile{T}(TimeSpan?, TimeSpan?, Func{object, T}, int, CancellationToken)"/>
    public IAsyncEnumerable<T> ReceiveWhileAsync<T>(TimeSpan? max, TimeSpan? idle, Func<object, T?> filter, int msgs = int.MaxValue, CancellationToken cancellationToken = default)
        where T : class
        => Each(While(false, max, idle, filter, msgs, cancellationToken));

    /// <inheritdoc cref="ReceiveWhile{T}(Func{object, T}, TimeSpan?, TimeSpan?, int, CancellationToken)"/>
    public IAsyncEnumerable<T> ReceiveWhileAsync<T>(Func<object, T?> filter, TimeSpan? max = null, TimeSpan? idle = null, int msgs = int.MaxValue, CancellationToken cancellationToken = default)
        where T : class
        => Each(While(false, max, idle, filter, msgs, cancellationToken));

    /// <inheritdoc cref="ReceiveWhile{T}(Predicate{T}, TimeSpan?, TimeSpan?, int, bool, CancellationToken)"/>
    public IAsyncEnumerable<T> ReceiveWhileAsync<T>(
        Predicate<T> shouldContinue,
        TimeSpan? max = null,
        TimeSpan? idle = null,
        int msgs = int.MaxValue,
        bool shouldIgnoreOtherMessageTypes = true,
        CancellationToken cancellationToken = default)
        => Each(While(false, max, idle, shouldContinue, msgs, shouldIgnoreOtherMessageTypes, cancellationToken));

    /// <summary>Takes messages until one fulfils <paramref name="isMessage"/>, which it gives; fails where none comes within <paramref name="max"/>.</summary>
    public object FishForMessage(Predicate<object> isMessage, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default)
        => Waited(Fish(true, isMessage, null, max, hint, cancellationToken));

    /// <summary>Takes messages until one is of the type and fulfils <paramref name="isMessage"/>.</summary>
    public T FishForMessage<T>(Predicate<T> isMessage, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default)
        => Waited(Fish(true, isMessage, null, max, hint, cancellationToken));

    /// <summary>As the other form; what is passed over goes to <paramref name="allMessages"/>.</summary>
    public T FishForMessage<T>(Predicate<T> isMessage, ArrayList? allMessages, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default)
        => Waited(Fish(true, isMessage, allMessages, max, hint, cancellationToken));

    /// <inheritdoc cref="FishForMessage(Predicate{object}, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<object> FishForMessageAsync(Predicate<object> isMessage, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default)
        => Fish(false, isMessage, null, max, hint, cancellationToken);

    /// <inheritdoc cref="FishForMessage{T}(Predicate{T}, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> FishForMessageAsync<T>(Predicate<T> isMessage, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default)
        => Fish(false, isMessage, null, max, hint, cancellationToken);

    /// <inheritdoc cref="FishForMessage{T}(Predicate{T}, ArrayList, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> FishForMessageAsync<T>(Predicate<T> isMessage, ArrayList? allMessages, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default)
        => Fish(false, isMessage, allMessages, max, hint, cancellationToken);

    /// <summary>Takes messages until one of the type is next, which stays.</summary>
    public async Task FishUntilMessageAsync<T>(TimeSpan? max = null, CancellationToken cancellationToken = default)
    {
        var end = Now + RemainingOrDilated(max);
        while (true)
        {
            var next = await Next(false, Positive(end - Now), true, cancellationToken).ConfigureAwait(false);
            if (next is null) _assertions.Fail("Timeout ({0}) while fishing for a message of type {1}", RemainingOrDilated(max), typeof(T));
            if (next!.Message is T) return;
            await Next(false, TimeSpan.Zero, false, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Takes messages until none comes for <paramref name="max"/>; gives them. Fails past <paramref name="maxMessages"/>.</summary>
    public async Task<ArrayList> WaitForRadioSilenceAsync(TimeSpan? max = null, uint? maxMessages = null, CancellationToken cancellationToken = default)
    {
        var all = new ArrayList();
        while (await Next(false, RemainingOrDilated(max), false, cancellationToken).ConfigureAwait(false) is { } next)
        {
            all.Add(next.Message);
            if (all.Count > maxMessages) _assertions.Fail("more than {0} messages came before silence", maxMessages.Value);
        }

        return all;
    }

    /// <summary>What a duration of null stands for in calls that take a message.</summary>
    protected TimeSpan GetTimeoutOrDefault(TimeSpan? timeout) => timeout ?? RemainingOrDefault;

    // The core of a synchronous call has waited on this thread and is done.
    private static T Waited<T>(ValueTask<T> done) => done.GetAwaiter().GetResult();

    private static async IAsyncEnumerable<T> Each<T>(ValueTask<List<T>> all)
    {
        foreach (var one in await all.ConfigureAwait(false)) yield return one;
    }

    private async ValueTask<MessageEnvelope?> Next(bool sync, TimeSpan patience, bool peek, CancellationToken cancel)
    {
        var next = await _queue.Take(sync, patience, peek, cancel).ConfigureAwait(false);
        _lastWasNoMessage = false;
        if (!peek) _last = next ?? NullMessageEnvelope.Instance;
        return next;
    }

    private async ValueTask<List<object>> Many(bool sync, int count, TimeSpan max, CancellationToken cancel)
    {
        var end = Now + max;
        var all = new List<object>(Math.Max(0, Math.Min(count, 1024)));
        while (all.Count < count)
        {
            var next = await Next(sync, Positive(end - Now), false, cancel).ConfigureAwait(false);
            if (next is null) _assertions.Fail("Timeout ({0}) while expecting {1} messages. Only got {2} after that.", max, count, all.Count);
            all.Add(next!.Message);
        }

        return all;
    }

    private async ValueTask<List<T>> While<T>(bool sync, TimeSpan? max, TimeSpan? idle, Func<object, T?> filter, int msgs, CancellationToken cancel)
        where T : class
    {
        var end = Now + RemainingOrDilated(max);
        var taken = new List<T>();
        while (taken.Count < msgs)
        {
            var patience = Positive(end - Now);
            if (idle.HasValue && idle.Value < patience) patience = idle.Value;
            var next = await Next(sync, patience, true, cancel).ConfigureAwait(false);
            if (next is null || filter(next.Message) is not { } made) break;
            await Next(sync, TimeSpan.Zero, false, cancel).ConfigureAwait(false);
            taken.Add(made);
        }

        _lastWasNoMessage = true;
        return taken;
    }

    private async ValueTask<List<T>> While<T>(bool sync, TimeSpan? max, TimeSpan? idle, Predicate<T> goesOn, int msgs, bool ignoreOthers, CancellationToken cancel)
    {
        var end = Now + RemainingOrDilated(max);
        var taken = new List<T>();
        while (taken.Count < msgs)
        {
            var patience = Positive(end - Now);
            if (idle.HasValue && idle.Value < patience) patience = idle.Value;
            var next = await Next(sync, patience, true, cancel).ConfigureAwait(false);
            var typed = next?.Message is T message && goesOn(message);
            if (next is null || (!typed && (next.Message is T || !ignoreOthers))) break;
            await Next(sync, TimeSpan.Zero, false, cancel).ConfigureAwait(false);
            if (typed) taken.Add((T)next.Message);
        }

        _lastWasNoMessage = true;
        return taken;
    }

    private async ValueTask<T> Fish<T>(bool sync, Predicate<T> isMessage, ArrayList? passedOver, TimeSpan? max, string hint, CancellationToken cancel)
    {
        var patience = RemainingOrDilated(max);
        var end = Now + patience;
        passedOver?.Clear();
        while (true)
        {
            var next = await Next(sync, Positive(end - Now), false, cancel).ConfigureAwait(false);
            if (next is null) _assertions.Fail("Timeout ({0}) during fishForMessage{1}", patience, string.IsNullOrEmpty(hint) ? "" : ", hint: " + hint);
            if (next!.Message is T message && isMessage(message)) return message;
            passedOver?.Add(next.Message);
        }
    }
}
