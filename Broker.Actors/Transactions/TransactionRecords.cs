using System.Collections.Immutable;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Transactions;

/// <summary>Entries as records of <c>__transaction_state</c>, in Kafka's key and value formats: a version (int16) and the message.</summary>
public static class TransactionRecords
{
    private const short KeyVersion = 0;
    private const short ValueVersion = 1;

    /// <summary>The key of a transactional id's records.</summary>
    public static byte[] Key(string id)
    {
        using var writer = new MessageWriter(32);
        writer.Int16(KeyVersion);
        new TransactionLogKey { TransactionalId = id }.Write(writer, KeyVersion);
        return writer.ToArray();
    }

    /// <summary>The value of an entry; null for one that is forgotten.</summary>
    /// <exception cref="InvalidOperationException">The state is one that is never written.</exception>
    public static byte[]? Value(TransactionEntry entry)
    {
        if (entry.State == TransactionState.Dead) return null;
        if (entry.State == TransactionState.PrepareEpochFence) throw new InvalidOperationException($"{entry} is not for the log");
        // What Kafka writes for an id without a transaction is no list, not an empty one.
        List<TransactionLogValue.PartitionsSchema>? topics = entry.State == TransactionState.Empty ? null : [];
        foreach (var topic in entry.PartitionsInOrder.GroupBy(p => p.Topic)) topics?.Add(new() { Topic = topic.Key, PartitionIds = topic.Select(p => p.Partition).ToList() });
        var value = new TransactionLogValue
        {
            ProducerId = entry.ProducerId,
            PreviousProducerId = entry.PreviousProducerId,
            NextProducerId = entry.NextProducerId,
            ProducerEpoch = entry.Epoch,
            TransactionTimeoutMs = entry.TimeoutMs,
            TransactionStatus = (sbyte)entry.State,
            TransactionPartitions = topics,
            TransactionLastUpdateTimestampMs = entry.UpdateMs,
            TransactionStartTimestampMs = entry.StartMs,
            ClientTransactionVersion = entry.ClientVersion,
        };
        using var writer = new MessageWriter(128);
        writer.Int16(ValueVersion);
        value.Write(writer, ValueVersion);
        return writer.ToArray();
    }

    /// <summary>The transactional id of a key; null for a key of a kind that this version does not know.</summary>
    /// <exception cref="MalformedMessageException">The bytes are damaged.</exception>
    public static string? ReadKey(ReadOnlyMemory<byte> bytes)
    {
        var reader = new MessageReader(bytes);
        if (reader.Int16() != KeyVersion) return null;
        var key = new TransactionLogKey();
        key.Read(ref reader, KeyVersion);
        return key.TransactionalId;
    }

    /// <summary>The entry in a value.</summary>
    /// <exception cref="MalformedMessageException">The bytes are damaged, or of a version or state that this broker does not know.</exception>
    public static TransactionEntry ReadValue(string id, ReadOnlyMemory<byte> bytes)
    {
        var reader = new MessageReader(bytes);
        var version = reader.Int16();
        if (version is < 0 or > ValueVersion) throw new MalformedMessageException($"the state of {id} has version {version}; this broker knows 0 to {ValueVersion}");
        var value = new TransactionLogValue();
        value.Read(ref reader, version);
        if (value.TransactionStatus is < 0 or > (sbyte)TransactionState.Dead) throw new MalformedMessageException($"{id} is in the unknown state {value.TransactionStatus}");
        var partitions = ImmutableHashSet.CreateBuilder<TopicPartition>();
        foreach (var topic in value.TransactionPartitions ?? [])
        {
            foreach (var partition in topic.PartitionIds) partitions.Add(new TopicPartition(topic.Topic, partition));
        }

        return new TransactionEntry(id)
        {
            ProducerId = value.ProducerId,
            PreviousProducerId = value.PreviousProducerId,
            NextProducerId = value.NextProducerId,
            Epoch = value.ProducerEpoch,
            TimeoutMs = value.TransactionTimeoutMs,
            State = (TransactionState)value.TransactionStatus,
            Partitions = partitions.ToImmutable(),
            StartMs = value.TransactionStartTimestampMs,
            UpdateMs = value.TransactionLastUpdateTimestampMs,
            ClientVersion = value.ClientTransactionVersion,
        };
    }
}
