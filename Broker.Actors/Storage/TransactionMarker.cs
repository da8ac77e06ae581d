using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Storage;

/// <summary>The control batch that ends a transaction in one partition.</summary>
public static class TransactionMarker
{
    /// <summary>Makes the batch, ready to be appended: one record, transactional and control, base offset 0.</summary>
    /// <param name="producerId">The producer whose transaction ends.</param>
    /// <param name="producerEpoch">Its epoch; with transactions of version 2 one more than its records had.</param>
    /// <param name="coordinatorEpoch">Epoch of the coordinator that decided.</param>
    /// <param name="isCommit">Committed, not aborted.</param>
    /// <param name="nowMs">The marker's timestamp, milliseconds since 1970.</param>
    public static byte[] Encode(long producerId, short producerEpoch, int coordinatorEpoch, bool isCommit, long nowMs)
    {
        Span<byte> key = stackalloc byte[ControlRecord.KeySize];
        Span<byte> value = stackalloc byte[ControlRecord.MarkerValueSize];
        ControlRecord.WriteMarker(key, value, isCommit ? ControlRecordType.Commit : ControlRecordType.Abort, coordinatorEpoch);
        using var builder = new RecordBatchBuilder(capacity: 128);
        builder.Append(nowMs, key, hasKey: true, value, hasValue: true);
        return builder.Build(new RecordBatchFields { ProducerId = producerId, ProducerEpoch = producerEpoch, IsTransactional = true, IsControl = true }).ToArray();
    }
}
