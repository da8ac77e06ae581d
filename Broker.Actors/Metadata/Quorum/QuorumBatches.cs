using System.Buffers.Binary;
using AkkaStream.Client.Compression;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Metadata.Quorum;

/// <summary>Batches of the controller's log: events as <see cref="MetadataRecords"/> writes them, and control batches with the set of voters, as Kafka has them.</summary>
public static class QuorumBatches
{
    // Kafka's types of control records, and of the event that says nothing.
    internal const short SnapshotHeaderType = 3;
    internal const short SnapshotFooterType = 4;
    internal const short VotersType = 6;
    private const int NoOpType = 20;
    private static readonly byte[] NoOp = [1, NoOpType, 0, 0];

    /// <summary>A batch of events, at least one. A <see cref="VotersRecord"/> stands alone, in a control batch.</summary>
    public static ReadOnlyMemory<byte> Encode(IReadOnlyList<IApiMessage> events, long offset, int epoch, long nowMs)
    {
        if (events is [VotersRecord voters]) return Control(VotersType, voters, offset, epoch, nowMs);
        using var builder = new RecordBatchBuilder(CompressionType.None);
        foreach (var e in events) builder.Append(nowMs, null, e is NoOpRecord ? NoOp : MetadataRecords.Encode(e));
        return builder.Build(new RecordBatchFields { BaseOffset = offset, PartitionLeaderEpoch = epoch }).ToArray();
    }

    /// <summary>A set of voters as an event.</summary>
    public static VotersRecord ToRecord(VoterSet voters) => new()
    {
        Voters = [.. voters.Members.Select(m => new VotersRecord.Voter
        {
            VoterId = m.Id,
            VoterDirectoryId = m.Disk,
            Endpoints = [new VotersRecord.Endpoint { Name = "AKKA", Host = m.Host, Port = (ushort)m.Port }],
        })],
    };

    /// <summary>The set of voters of an event.</summary>
    /// <exception cref="MalformedMessageException">A voter has no address, or there is none.</exception>
    public static VoterSet ToVoters(VotersRecord record)
    {
        if (record.Voters.Count is 0 or > Limits.QuorumVoters) throw new MalformedMessageException($"a set of {record.Voters.Count} voters");
        var members = new List<QuorumMember>();
        foreach (var voter in record.Voters)
        {
            if (voter.Endpoints is not [var at, ..]) throw new MalformedMessageException($"voter {voter.VoterId} has no address");
            members.Add(new QuorumMember(voter.VoterId, voter.VoterDirectoryId, at.Host, at.Port));
        }

        return new VoterSet([.. members.OrderBy(m => m.Id)]);
    }

    /// <summary>The events of a batch in their order, the sets of voters and those that say nothing included.</summary>
    /// <exception cref="MalformedMessageException">It holds what this version does not know.</exception>
    /// <exception cref="CorruptRecordException">Its records are damaged.</exception>
    public static List<IApiMessage> Decode(in RecordBatchHeader header, ReadOnlySpan<byte> records)
    {
        // The count is the header's word; memory is taken as records are found.
        var events = new List<IApiMessage>();
        var reader = new RecordReader(header, records);
        while (reader.MoveNext()) events.Add(header.IsControl ? ControlOf(reader.Key, reader.Value) : EventOf(reader.Value));
        return events;
    }

    /// <summary>The set of voters in a batch; null where it is none of that kind.</summary>
    /// <exception cref="MalformedMessageException">It is damaged.</exception>
    public static VoterSet? VotersOf(in RecordBatchHeader header, ReadOnlySpan<byte> records)
        => header.IsControl && Decode(header, records) is [VotersRecord voters] ? ToVoters(voters) : null;

    private static IApiMessage EventOf(ReadOnlySpan<byte> value) => value.SequenceEqual(NoOp) ? new NoOpRecord() : MetadataRecords.Decode(value.ToArray());

    private static IApiMessage ControlOf(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        IApiMessage? record = !ControlRecord.TryReadType(key, out var type) ? null : (short)type switch
        {
            VotersType => new VotersRecord(),
            SnapshotHeaderType => new SnapshotHeaderRecord(),
            SnapshotFooterType => new SnapshotFooterRecord(),
            _ => null,
        };
        if (record is null) throw new MalformedMessageException("the metadata journal holds a control record that this version does not know");
        var reader = new MessageReader(value.ToArray());
        record.Read(ref reader, 0);
        return record;
    }

    internal static ReadOnlyMemory<byte> Control(short type, IApiMessage record, long offset, int epoch, long nowMs)
    {
        var key = new byte[ControlRecord.KeySize];
        BinaryPrimitives.WriteInt16BigEndian(key.AsSpan(2), type);
        using var value = new MessageWriter();
        record.Write(value, 0);
        using var builder = new RecordBatchBuilder(CompressionType.None);
        builder.Append(nowMs, key, value.ToArray());
        return builder.Build(new RecordBatchFields { BaseOffset = offset, PartitionLeaderEpoch = epoch, IsControl = true }).ToArray();
    }
}
