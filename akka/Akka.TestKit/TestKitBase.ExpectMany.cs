namespace Akka.TestKit;

public abstract partial class TestKitBase
{
    /// <summary>Fails if a message comes within <see cref="RemainingOrDefault"/>.</summary>
    public void ExpectNoMsg(CancellationToken cancellationToken = default) => Waited(None(true, RemainingOrDefault, cancellationToken));

    /// <summary>Fails if a message comes within <paramref name="duration"/>.</summary>
    public void ExpectNoMsg(TimeSpan duration, CancellationToken cancellationToken = default) => Waited(None(true, Dilated(duration), cancellationToken));

    /// <summary>Fails if a message comes within so many milliseconds.</summary>
    public void ExpectNoMsg(int milliseconds, CancellationToken cancellationToken = default) => ExpectNoMsg(TimeSpan.FromMilliseconds(milliseconds), cancellationToken);

    /// <inheritdoc cref="ExpectNoMsg(CancellationToken)"/>
    public async ValueTask ExpectNoMsgAsync(CancellationToken cancellationToken = default) => await None(false, RemainingOrDefault, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc cref="ExpectNoMsg(TimeSpan, CancellationToken)"/>
    public async ValueTask ExpectNoMsgAsync(TimeSpan duration, CancellationToken cancellationToken = default) => await None(false, Dilated(duration), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc cref="ExpectNoMsg(int, CancellationToken)"/>
    public ValueTask ExpectNoMsgAsync(int milliseconds, CancellationToken cancellationToken = default) => ExpectNoMsgAsync(TimeSpan.FromMilliseconds(milliseconds), cancellationToken);

    /// <summary>Takes the next message, which has to equal one of <paramref name="messages"/>.</summary>
    public T ExpectMsgAnyOf<T>(IEnumerable<T> messages, CancellationToken cancellationToken = default) => Waited(AnyOf(true, messages, cancellationToken));

    /// <inheritdoc cref="ExpectMsgAnyOf"/>
    public ValueTask<T> ExpectMsgAnyOfAsync<T>(IEnumerable<T> messages, CancellationToken cancellationToken = default) => AnyOf(false, messages, cancellationToken);

    /// <summary>Takes as many messages as are given, which have to be those, in any order.</summary>
    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(params T[] messages) => Waited(AllOf(true, RemainingOrDefault, messages, default));

    /// <summary>Takes as many messages as are given, which have to be those, in any order, within <paramref name="max"/>.</summary>
    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(TimeSpan max, params T[] messages) => Waited(AllOf(true, Dilated(max), messages, default));

    /// <summary>Takes as many messages as are given, which have to be those, in any order.</summary>
    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(IReadOnlyCollection<T> messages, CancellationToken cancellationToken = default)
        => Waited(AllOf(true, RemainingOrDefault, messages, cancellationToken));

    /// <summary>Takes as many messages as are given, which have to be those, in any order, within <paramref name="max"/>.</summary>
    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(TimeSpan max, IReadOnlyCollection<T> messages, CancellationToken cancellationToken = default)
        => Waited(AllOf(true, Dilated(max), messages, cancellationToken));

    /// <inheritdoc cref="ExpectMsgAllOf{T}(IReadOnlyCollection{T}, CancellationToken)"/>
    public IAsyncEnumerable<T> ExpectMsgAllOfAsync<T>(IReadOnlyCollection<T> messages, CancellationToken cancellationToken = default)
        => Each(AllOf(false, RemainingOrDefault, messages, cancellationToken));

    /// <inheritdoc cref="ExpectMsgAllOf{T}(TimeSpan, IReadOnlyCollection{T}, CancellationToken)"/>
    public IAsyncEnumerable<T> ExpectMsgAllOfAsync<T>(TimeSpan max, IReadOnlyCollection<T> messages, CancellationToken cancellationToken = default)
        => Each(AllOf(false, Dilated(max), messages, cancellationToken));

    private async ValueTask<bool> None(bool sync, TimeSpan duration, CancellationToken cancel)
    {
        var next = await Next(sync, duration, false, cancel).ConfigureAwait(false);
        if (next is not null) _assertions.Fail("Failed: Expected no messages during {0}, instead we received {1}", duration, next);
        _lastWasNoMessage = true;
        return true;
    }

    private async ValueTask<T> AnyOf<T>(bool sync, IEnumerable<T> messages, CancellationToken cancel)
    {
        var next = await Next(sync, RemainingOrDefault, false, cancel).ConfigureAwait(false);
        if (next is null) _assertions.Fail("Failed: Timeout while waiting for any of [{0}]", string.Join(", ", messages));
        if (next!.Message is T message && messages.Contains(message)) return message;
        _assertions.Fail("Failed: Expected any of [{0}], but received {1}", string.Join(", ", messages), next);
        throw new InvalidOperationException("an assertion that fails has to throw");
    }

    private async ValueTask<List<T>> AllOf<T>(bool sync, TimeSpan max, IReadOnlyCollection<T> messages, CancellationToken cancel)
    {
        var got = await Many(sync, messages.Count, max, cancel).ConfigureAwait(false);
        var missing = new List<T>(messages);
        var unexpected = new List<object>();
        var all = new List<T>();
        foreach (var message in got)
        {
            if (message is T typed && missing.Remove(typed)) all.Add(typed);
            else unexpected.Add(message);
        }

        if (missing.Count > 0 || unexpected.Count > 0)
        {
            _assertions.Fail("Failed: not found [{0}]; found but not expected [{1}]", string.Join(", ", missing), string.Join(", ", unexpected));
        }

        return all;
    }
}
