using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Transactions;

public sealed partial class TransactionCoordinator
{
    private void Init(InitProducer request, long nowMs)
    {
        if (!Settings.Allows(request.TimeoutMs))
        {
            request.Refuse(ErrorCode.InvalidTransactionTimeout);
            return;
        }

        if (!slots.TryGetValue(request.Id, out var slot) && (slot = Begin(request, nowMs)) is null) return;
        var current = slot.Current;
        if (slot.Pending is not null) Wait(slot, request, nowMs);
        else if (!IsSameProducer(request, current)) request.Refuse(ErrorCode.ProducerFenced);
        else if (current.State.IsEnding()) Wait(slot, request, nowMs);
        // The client asks again when the abort has ended.
        else if (current.State == TransactionState.Ongoing) Fence(slot, request, error => request.Refuse(error == ErrorCode.None ? ErrorCode.ConcurrentTransactions : error), nowMs);
        else Renew(slot, request, nowMs);
    }

    // An id that nobody knows: it is kept from its first record on.
    private Slot? Begin(InitProducer request, long nowMs)
    {
        if (slots.Count >= Limits.TransactionalIds)
        {
            request.Refuse(ErrorCode.PolicyViolation);
            return null;
        }

        if (!TryTake(request, out var producerId)) return null;
        var slot = new Slot(new TransactionEntry(request.Id) { ProducerId = producerId, TimeoutMs = request.TimeoutMs, UpdateMs = nowMs });
        slots.Add(request.Id, slot);
        return slot;
    }

    // The producer that the request names is this one, or the one before whose epochs were used up.
    private static bool IsSameProducer(InitProducer request, TransactionEntry current)
        => request.ProducerId < 0 || request.ProducerId == current.ProducerId
            || (request.ProducerId == current.PreviousProducerId && request.Epoch >= TransactionEntry.LastUsableEpoch);

    private void Renew(Slot slot, InitProducer request, long nowMs)
    {
        var current = slot.Current;
        short? named = request.Epoch >= 0 ? request.Epoch : null;
        TransactionEntry? next;
        if (!current.IsEpochExhausted)
        {
            (var error, next) = current.Increment(named, request.TimeoutMs, nowMs);
            if (next is null)
            {
                request.Refuse(error);
                return;
            }
        }
        else if (named is not null && named != current.Epoch)
        {
            request.Refuse(ErrorCode.ProducerFenced);
            return;
        }
        else
        {
            if (!TryTake(request, out var fresh)) return;
            next = current.Rotate(fresh, named is not null, request.TimeoutMs, nowMs);
        }

        Append(slot, next, error => request.Done(error == ErrorCode.None ? new(error, next.ProducerId, next.Epoch) : ProducerAnswer.Refused(error)));
    }

    // Aborts the open transaction under the next epoch, so that its producer can do nothing more.
    private void Fence(Slot slot, TransactionRequest request, Action<ErrorCode>? done, long nowMs)
    {
        var current = slot.Current;
        long next = -1;
        if (current.IsEpochExhausted && !TryTake(request, out next)) return;
        // No client can have the last number of all as its epoch; a log that says so is not made worse.
        var version = current.Epoch == short.MaxValue ? (short)0 : TransactionEntry.EpochPerTransaction;
        Append(slot, current.End(false, version, next, nowMs, isEmpty: false), done);
    }

    private void TimeOut(AbortTimedOut request, long nowMs)
    {
        if (!slots.TryGetValue(request.Id, out var slot) || slot.Pending is not null || slot.Current.State != TransactionState.Ongoing) return;
        // Judged again: a new transaction may have begun while a producer id was on its way.
        if (slot.Current.StartMs + slot.Current.TimeoutMs < nowMs) Fence(slot, request, null, nowMs);
    }

    private void Add(AddPartitions request, long nowMs)
    {
        if (!TryFind(request, request.ProducerId, request.Epoch, out var slot)) return;
        var current = slot.Current;
        if (slot.Pending is not null || current.State.IsEnding()) Wait(slot, request, nowMs);
        else if (current.State == TransactionState.Ongoing && current.Partitions.IsSupersetOf(request.Partitions)) request.Done(ErrorCode.None);
        else Append(slot, current.Add(request.Partitions, request.ClientVersion, nowMs), request.Done);
    }

    private void Verify(VerifyPartitions request, long nowMs)
    {
        if (!TryFind(request, request.ProducerId, request.Epoch, out var slot)) return;
        if (slot.Current.State.IsEnding())
        {
            Wait(slot, request, nowMs);
            return;
        }

        var isIn = new bool[request.Partitions.Count];
        for (var i = 0; i < isIn.Length; i++) isIn[i] = slot.Current.Partitions.Contains(request.Partitions[i]);
        request.Done(ErrorCode.None, isIn);
    }

    private bool TryFind(TransactionRequest request, long producerId, short producerEpoch, out Slot slot)
    {
        if (!slots.TryGetValue(request.Id, out slot!) || slot.Current.ProducerId != producerId) request.Refuse(ErrorCode.InvalidProducerIdMapping);
        else if (slot.Current.Epoch != producerEpoch || producerEpoch is < 0 or short.MaxValue) request.Refuse(ErrorCode.ProducerFenced);
        else return true;
        return false;
    }

    private void End(EndTransaction request, long nowMs)
    {
        if (!slots.TryGetValue(request.Id, out var slot))
        {
            request.Refuse(ErrorCode.InvalidProducerIdMapping);
            return;
        }

        var isPerTransaction = request.ClientVersion >= TransactionEntry.EpochPerTransaction;
        var verdict = isPerTransaction ? JudgeEnd2(slot, request) : JudgeEnd1(slot, request);
        switch (verdict)
        {
            case EndVerdict.Begin or EndVerdict.BeginEmpty:
                long next = -1;
                if (isPerTransaction && slot.Current.IsEpochExhausted && !TryTake(request, out next)) return;
                var ended = slot.Current.End(request.Commit, request.ClientVersion, next, nowMs, verdict == EndVerdict.BeginEmpty);
                Append(slot, ended, error => request.Done(error == ErrorCode.None ? AnswerOf(ended) : ProducerAnswer.Refused(error)));
                break;
            case EndVerdict.Wait: Wait(slot, request, nowMs); break;
            case EndVerdict.Done: request.Done(AnswerOf(slot.Current)); break;
            case EndVerdict.OtherProducer: request.Refuse(ErrorCode.InvalidProducerIdMapping); break;
            case EndVerdict.Fenced: request.Refuse(ErrorCode.ProducerFenced); break;
            default: request.Refuse(ErrorCode.InvalidTxnState); break;
        }
    }

    // Protocol 0: the epoch stays, so the state alone tells a repeated request from a wrong one.
    private static EndVerdict JudgeEnd1(Slot slot, EndTransaction request)
    {
        var current = slot.Current;
        if (current.ProducerId != request.ProducerId) return EndVerdict.OtherProducer;
        if (current.Epoch != request.Epoch || request.Epoch < 0) return EndVerdict.Fenced;
        if (slot.Pending is not null && !current.State.IsEnding()) return EndVerdict.Wait;
        return current.State switch
        {
            TransactionState.Ongoing => EndVerdict.Begin,
            TransactionState.PrepareCommit => request.Commit ? EndVerdict.Wait : EndVerdict.Invalid,
            TransactionState.PrepareAbort => request.Commit ? EndVerdict.Invalid : EndVerdict.Wait,
            TransactionState.CompleteCommit => request.Commit ? EndVerdict.Done : EndVerdict.Invalid,
            TransactionState.CompleteAbort => request.Commit ? EndVerdict.Invalid : EndVerdict.Done,
            _ => EndVerdict.Invalid,
        };
    }

    // Protocol 2: every end raises the epoch, so a request with the epoch before is a repeated one, and one with this epoch is the next.
    private static EndVerdict JudgeEnd2(Slot slot, EndTransaction request)
    {
        var current = slot.Current;
        var isRetryAfterRotation = current.PreviousProducerId == request.ProducerId && request.Epoch == TransactionEntry.LastUsableEpoch && current.Epoch == 0;
        if (current.ProducerId != request.ProducerId && !isRetryAfterRotation) return EndVerdict.OtherProducer;
        var isRetry = (request.Epoch >= 0 && current.Epoch == request.Epoch + 1) || isRetryAfterRotation;
        var isCurrent = current.Epoch == request.Epoch && request.Epoch is >= 0 and < short.MaxValue;
        var passes = current.State switch
        {
            TransactionState.PrepareCommit or TransactionState.PrepareAbort => isRetry,
            TransactionState.CompleteCommit or TransactionState.CompleteAbort => isRetry || isCurrent,
            _ => isCurrent,
        };
        if (!passes) return EndVerdict.Fenced;
        if (slot.Pending is not null && !current.State.IsEnding()) return EndVerdict.Wait;
        return current.State switch
        {
            TransactionState.Ongoing => EndVerdict.Begin,
            TransactionState.Empty => request.Commit ? EndVerdict.Invalid : EndVerdict.BeginEmpty,
            TransactionState.PrepareCommit => request.Commit ? EndVerdict.Wait : EndVerdict.Invalid,
            TransactionState.PrepareAbort => request.Commit ? EndVerdict.Invalid : EndVerdict.Wait,
            TransactionState.CompleteCommit when isRetry => request.Commit ? EndVerdict.Done : EndVerdict.Invalid,
            TransactionState.CompleteAbort when isRetry => request.Commit ? EndVerdict.Invalid : EndVerdict.Done,
            TransactionState.CompleteCommit or TransactionState.CompleteAbort => request.Commit ? EndVerdict.Invalid : EndVerdict.BeginEmpty,
            _ => EndVerdict.Invalid,
        };
    }

    // What the client goes on with: the id that follows is the client's already while the markers are still being written.
    private static ProducerAnswer AnswerOf(TransactionEntry entry)
        => entry.NextProducerId >= 0 && entry.ClientVersion >= TransactionEntry.EpochPerTransaction ? new(ErrorCode.None, entry.NextProducerId, 0) : new(ErrorCode.None, entry.ProducerId, entry.Epoch);

    // Takes the fresh producer id that the request brings, or has one fetched for it.
    private bool TryTake(TransactionRequest request, out long producerId)
    {
        producerId = request.FreshProducerId;
        request.FreshProducerId = -1;
        if (producerId >= 0) return true;
        Effects.ProducerIds.Add(request);
        return false;
    }

    private enum EndVerdict
    {
        Begin,
        BeginEmpty,
        Wait,
        Done,
        Invalid,
        Fenced,
        OtherProducer,
    }
}
