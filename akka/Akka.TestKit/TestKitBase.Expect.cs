using Akka.Actor;

namespace Akka.TestKit;

public abstract partial class TestKitBase
{
    /// <summary>Takes the next message, which has to be a <typeparamref name="T"/> and come within <paramref name="duration"/>.</summary>
    public T ExpectMsg<T>(TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default)
        => Waited(Expect<T>(true, null, null, duration, hint, cancellationToken));

    /// <summary>Takes the next message, which has to equal <paramref name="message"/>.</summary>
    public T ExpectMsg<T>(T message, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default)
        => Waited(Expect<T>(true, (m, _) => _assertions.AssertEqual(message, m, Hint(hint)), null, timeout, hint, cancellationToken));

    /// <summary>Takes the next message, which has to equal <paramref name="message"/> as <paramref name="comparer"/> sees it.</summary>
    public T ExpectMsg<T>(T message, Func<T, T, bool> comparer, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default)
        => Waited(Expect<T>(true, (m, _) => _assertions.AssertEqual(message, m, comparer, Hint(hint)), null, timeout, hint, cancellationToken));

    /// <summary>Takes the next message, which has to be a <typeparamref name="T"/> that fulfils <paramref name="isMessage"/>.</summary>
    public T ExpectMsg<T>(Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default)
        => Waited(Expect<T>(true, (m, _) => Fulfils(isMessage(m), m, hint), null, timeout, hint, cancellationToken));

    /// <summary>Takes the next message, which has to be a <typeparamref name="T"/> that <paramref name="assert"/> does not object to.</summary>
    public T ExpectMsg<T>(Action<T> assert, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default)
        => Waited(Expect<T>(true, (m, _) => assert(m), null, timeout, hint, cancellationToken));

    /// <summary>Takes the next message, which with its sender has to fulfil <paramref name="isMessageAndSender"/>.</summary>
    public T ExpectMsg<T>(Func<T, IActorRef, bool> isMessageAndSender, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default)
        => Waited(Expect<T>(true, (m, s) => Fulfils(isMessageAndSender(m, s), m, hint), null, timeout, hint, cancellationToken));

    /// <summary>Takes the next message, which with its sender <paramref name="assertMessageAndSender"/> must not object to.</summary>
    public T ExpectMsg<T>(Action<T, IActorRef> assertMessageAndSender, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default)
        => Waited(Expect<T>(true, assertMessageAndSender, null, timeout, hint, cancellationToken));

    /// <inheritdoc cref="ExpectMsg{T}(TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgAsync<T>(TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default)
        => Expect<T>(false, null, null, duration, hint, cancellationToken);

    /// <inheritdoc cref="ExpectMsg{T}(T, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgAsync<T>(T message, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default)
        => Expect<T>(false, (m, _) => _assertions.AssertEqual(message, m, Hint(hint)), null, timeout, hint, cancellationToken);

    /// <inheritdoc cref="ExpectMsg{T}(T, Func{T, T, bool}, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgAsync<T>(T message, Func<T, T, bool> comparer, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default)
        => Expect<T>(false, (m, _) => _assertions.AssertEqual(message, m, comparer, Hint(hint)), null, timeout, hint, cancellationToken);

    /// <inheritdoc cref="ExpectMsg{T}(Predicate{T}, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgAsync<T>(Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default)
        => Expect<T>(false, (m, _) => Fulfils(isMessage(m), m, hint), null, timeout, hint, cancellationToken);

    /// <inheritdoc cref="ExpectMsg{T}(Action{T}, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgAsync<T>(Action<T> assert, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default)
        => Expect<T>(false, (m, _) => assert(m), null, timeout, hint, cancellationToken);

    /// <inheritdoc cref="ExpectMsg{T}(Func{T, IActorRef, bool}, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgAsync<T>(Func<T, IActorRef, bool> isMessageAndSender, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default)
        => Expect<T>(false, (m, s) => Fulfils(isMessageAndSender(m, s), m, hint), null, timeout, hint, cancellationToken);

    /// <inheritdoc cref="ExpectMsg{T}(Action{T, IActorRef}, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgAsync<T>(Action<T, IActorRef> assertMessageAndSender, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default)
        => Expect<T>(false, assertMessageAndSender, null, timeout, hint, cancellationToken);

    /// <summary>Takes the next message, which has to be a <typeparamref name="T"/> from <paramref name="sender"/>.</summary>
    public T ExpectMsgFrom<T>(IActorRef sender, TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default)
        => Waited(Expect<T>(true, null, From(sender, hint), duration, hint, cancellationToken));

    /// <summary>Takes the next message, which has to equal <paramref name="message"/> and be from <paramref name="sender"/>.</summary>
    public T ExpectMsgFrom<T>(IActorRef sender, T message, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default)
        => Waited(Expect<T>(true, (m, _) => _assertions.AssertEqual(message, m, Hint(hint)), From(sender, hint), timeout, hint, cancellationToken));

    /// <summary>Takes the next message, which has to fulfil <paramref name="isMessage"/> and be from <paramref name="sender"/>.</summary>
    public T ExpectMsgFrom<T>(IActorRef sender, Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default)
        => Waited(Expect<T>(true, (m, _) => Fulfils(isMessage(m), m, hint), From(sender, hint), timeout, hint, cancellationToken));

    /// <summary>Takes the next message, which has to fulfil <paramref name="isMessage"/>, and its sender <paramref name="isSender"/>.</summary>
    public T ExpectMsgFrom<T>(Predicate<IActorRef> isSender, Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default)
        => Waited(Expect<T>(true, (m, _) => Fulfils(isMessage(m), m, hint), s => Fulfils(isSender(s), s, hint), timeout, hint, cancellationToken));

    /// <summary>Takes the next message, which <paramref name="assertMessage"/> must not object to and which has to be from <paramref name="sender"/>.</summary>
    public T ExpectMsgFrom<T>(IActorRef sender, Action<T> assertMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default)
        => Waited(Expect<T>(true, (m, _) => assertMessage(m), From(sender, hint), timeout, hint, cancellationToken));

    /// <summary>Takes the next message, which <paramref name="assertMessage"/> must not object to, nor <paramref name="assertSender"/> to its sender.</summary>
    public T ExpectMsgFrom<T>(Action<IActorRef> assertSender, Action<T> assertMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default)
        => Waited(Expect<T>(true, (m, _) => assertMessage(m), assertSender, timeout, hint, cancellationToken));

    /// <inheritdoc cref="ExpectMsgFrom{T}(IActorRef, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgFromAsync<T>(IActorRef sender, TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default)
        => Expect<T>(false, null, From(sender, hint), duration, hint, cancellationToken);

    /// <inheritdoc cref="ExpectMsgFrom{T}(IActorRef, T, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgFromAsync<T>(IActorRef sender, T message, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default)
        => Expect<T>(false, (m, _) => _assertions.AssertEqual(message, m, Hint(hint)), From(sender, hint), timeout, hint, cancellationToken);

    /// <inheritdoc cref="ExpectMsgFrom{T}(IActorRef, Predicate{T}, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgFromAsync<T>(IActorRef sender, Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default)
        => Expect<T>(false, (m, _) => Fulfils(isMessage(m), m, hint), From(sender, hint), timeout, hint, cancellationToken);

    /// <inheritdoc cref="ExpectMsgFrom{T}(Predicate{IActorRef}, Predicate{T}, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgFromAsync<T>(Predicate<IActorRef> isSender, Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default)
        => Expect<T>(false, (m, _) => Fulfils(isMessage(m), m, hint), s => Fulfils(isSender(s), s, hint), timeout, hint, cancellationToken);

    /// <inheritdoc cref="ExpectMsgFrom{T}(IActorRef, Action{T}, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgFromAsync<T>(IActorRef sender, Action<T> assertMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default)
        => Expect<T>(false, (m, _) => assertMessage(m), From(sender, hint), timeout, hint, cancellationToken);

    /// <inheritdoc cref="ExpectMsgFrom{T}(Action{IActorRef}, Action{T}, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgFromAsync<T>(Action<IActorRef> assertSender, Action<T> assertMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default)
        => Expect<T>(false, (m, _) => assertMessage(m), assertSender, timeout, hint, cancellationToken);

    /// <summary>Takes the next message, which has to be the <see cref="Terminated"/> of <paramref name="target"/>; watch it first.</summary>
    public Terminated ExpectTerminated(IActorRef target, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default)
        => Waited(Expect<Terminated>(true, (m, _) => _assertions.AssertEqual(target, m.ActorRef, Hint(hint)), null, timeout, hint ?? $"Terminated {target}", cancellationToken));

    /// <inheritdoc cref="ExpectTerminated"/>
    public ValueTask<Terminated> ExpectTerminatedAsync(IActorRef target, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default)
        => Expect<Terminated>(false, (m, _) => _assertions.AssertEqual(target, m.ActorRef, Hint(hint)), null, timeout, hint ?? $"Terminated {target}", cancellationToken);

    private static string Hint(string? hint) => hint is null ? "" : Escaped(hint);

    // Messages of assertions are format strings.
    private static string Escaped(string text) => text.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);

    private Action<IActorRef> From(IActorRef sender, string? hint) => actual => _assertions.AssertEqual(sender, actual, Hint(hint));

    private void Fulfils(bool fulfilled, object? what, string? hint)
        => _assertions.AssertTrue(fulfilled, "Got a message or sender that does not fulfil the condition: {0}{1}", what ?? "null", hint is null ? "" : ", hint: " + hint);

    private async ValueTask<T> Expect<T>(bool sync, Action<T, IActorRef>? assert, Action<IActorRef>? assertSender, TimeSpan? timeout, string? hint, CancellationToken cancel)
    {
        var patience = RemainingOrDilated(timeout);
        var next = await Next(sync, patience, false, cancel).ConfigureAwait(false);
        var note = hint is null ? "" : ", hint: " + hint;
        if (next is null) _assertions.Fail("Failed: Timeout {0} while waiting for a message of type {1}{2}", patience, typeof(T), note);
        assertSender?.Invoke(next!.Sender);
        if (next!.Message is not T message)
        {
            _assertions.Fail("Failed: Expected a message of type {0}, but received {1} (type {2}) instead from {3}{4}", typeof(T), next.Message, next.Message?.GetType() ?? (object)"null", next.Sender, note);
            throw new InvalidOperationException("an assertion that fails has to throw");
        }

        assert?.Invoke(message, next.Sender);
        return message;
    }
}
