using System.Diagnostics.CodeAnalysis;
using AkkaStream.Actors.Partitions;
using AkkaStream.Actors.Storage;
using AkkaStream.Client.Compression;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Coordinators;

/// <summary>
/// Gathers what a coordinator writes into batches. One batch is under way at a time, and all that is written meanwhile goes into the next one, so
/// that a busy coordinator writes few large batches and an idle one waits for nothing; only transactions' batches, markers and large ones do not wait. Answers wait for the
/// batch that they rest on. The log gets a beginning of what is written here and nothing else: behind a batch that was refused none is taken.
/// </summary>
/// <param name="send">Hands a batch to the partition.</param>
/// <param name="ended">Told, from any thread, that a batch was completed.</param>
/// <param name="compression">The codec of the batches.</param>
/// <param name="leaderEpoch">The leadership that the coordinator belongs to: in another one nothing of it is taken.</param>
internal sealed class CoordinatorWriter(Action<PartitionAppend> send, Action<CoordinatorWriter.Batch> ended, CompressionType compression, int leaderEpoch = -1)
{
    private readonly Queue<Batch> underWay = new();
    private readonly Chain chain = new();
    private readonly Stack<RecordBatchBuilder> spare = new();
    private RecordBatchBuilder? gathering;
    private List<Action<ErrorCode>> answers = [];
    private RecordBatchFields fields = new();
    private int markerVersion;

    /// <summary>Whether something is gathered that was not sent.</summary>
    public bool HasGathered => gathering is not null;

    /// <summary>Whether a batch is under way.</summary>
    public bool IsBusy => underWay.Count > 0;

    /// <summary>Adds a record to what is gathered.</summary>
    public void Write(long nowMs, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool hasValue)
    {
        gathering ??= spare.TryPop(out var kept) ? kept : new RecordBatchBuilder(compression);
        gathering.Append(nowMs, key, true, value, hasValue);
    }

    /// <summary>What is written until <see cref="MessageEnds"/> stands in a batch of its own, a transaction's.</summary>
    public void BeginTransactional(long producerId, short producerEpoch)
    {
        Send();
        fields = new RecordBatchFields { ProducerId = producerId, ProducerEpoch = producerEpoch, IsTransactional = true };
    }

    /// <summary>Sends the marker that ends a transaction, behind all that was written.</summary>
    public void WriteMarker(long nowMs, CoordinatorMarker marker)
    {
        Span<byte> key = stackalloc byte[ControlRecord.KeySize];
        Span<byte> value = stackalloc byte[ControlRecord.MarkerValueSize];
        ControlRecord.WriteMarker(key, value, marker.IsCommit ? ControlRecordType.Commit : ControlRecordType.Abort, marker.CoordinatorEpoch);
        Send();
        // Markers are never compressed.
        gathering = new RecordBatchBuilder();
        gathering.Append(nowMs, key, true, value, true);
        fields = new RecordBatchFields { ProducerId = marker.ProducerId, ProducerEpoch = marker.ProducerEpoch, IsTransactional = true, IsControl = true };
        markerVersion = marker.TransactionVersion;
        Send();
    }

    /// <summary>All that one message wrote is gathered: true where it is to be sent although something is under way.</summary>
    public bool MessageEnds()
    {
        if (gathering is not null) return fields.IsTransactional || gathering.UncompressedSize >= Limits.CoordinatorBatchBytes;
        fields = new RecordBatchFields();
        return false;
    }

    /// <summary>Calls back when all that was written so far is committed.</summary>
    public void WhenCommitted(Action<ErrorCode> done)
    {
        if (gathering is not null) answers.Add(done);
        else if (underWay.Count > 0) underWay.Last().Answers.Add(done);
        else done(ErrorCode.None);
    }

    /// <summary>Sends what is gathered.</summary>
    public void Send()
    {
        if (gathering is null)
        {
            fields = new RecordBatchFields();
            return;
        }

        var bytes = gathering.Build(fields);
        RecordBatchHeader.TryParse(bytes.Span, out var header);
        var batch = new Batch(bytes, header, gathering, answers, (ended, chain)) { MarkerVersion = markerVersion, LeaderEpoch = leaderEpoch };
        gathering = null;
        answers = [];
        fields = new RecordBatchFields();
        underWay.Enqueue(batch);
        send(batch);
    }

    /// <summary>Takes a batch that was completed off the list. One that was refused may end before earlier ones, which wait for replicas or for the disk.</summary>
    public void Ended(Batch batch)
    {
        batch.HasEnded = true;
        while (underWay.TryPeek(out var first) && first.HasEnded) Recycle(underWay.Dequeue());
    }

    private void Recycle(Batch batch)
    {
        if (batch.Builder.UncompressedSize > Limits.CoordinatorBufferBytes || spare.Count >= Limits.CoordinatorBuffers || batch.Header.IsControl)
        {
            batch.Builder.Dispose();
            return;
        }

        batch.Builder.Reset();
        spare.Push(batch.Builder);
    }

    /// <summary>Gives up what was not sent, and tells those who wait for it.</summary>
    public void Abandon(ErrorCode error)
    {
        var waiting = answers;
        gathering?.Dispose();
        gathering = null;
        answers = [];
        fields = new RecordBatchFields();
        foreach (var answer in waiting) answer(error);
    }

    /// <summary>The error that a client of the coordinator gets where its partition gave this one.</summary>
    public static ErrorCode ForClients(ErrorCode error) => error switch
    {
        ErrorCode.UnknownTopicOrPartition or ErrorCode.NotEnoughReplicas or ErrorCode.NotEnoughReplicasAfterAppend or ErrorCode.RequestTimedOut => ErrorCode.CoordinatorNotAvailable,
        ErrorCode.NotLeaderOrFollower or ErrorCode.KafkaStorageError => ErrorCode.NotCoordinator,
        ErrorCode.MessageTooLarge or ErrorCode.RecordListTooLarge or ErrorCode.InvalidFetchSize => ErrorCode.UnknownServerError,
        _ => error,
    };

    /// <summary>What the batches of one state have in common. The partition's own: it judges them on its turn, in the order in which they were sent.</summary>
    internal sealed class Chain
    {
        /// <summary>One of them was refused; those behind it rest on what the log does not have.</summary>
        public bool IsBroken { get; set; }
    }

    /// <summary>One batch under way, and those who wait for it.</summary>
    internal sealed class Batch : PartitionAppend
    {
        private readonly Action<Batch> ended;
        private readonly Chain chain;

        [SetsRequiredMembers]
        public Batch(Memory<byte> bytes, in RecordBatchHeader header, RecordBatchBuilder builder, List<Action<ErrorCode>> answers, (Action<Batch> Ended, Chain Chain) shared)
        {
            Batch = bytes;
            Header = header;
            Builder = builder;
            Answers = answers;
            (ended, chain) = shared;
        }

        /// <summary>Owns the bytes.</summary>
        public RecordBatchBuilder Builder { get; }

        /// <summary>For a marker, the version of transactions.</summary>
        public int MarkerVersion { get; init; }

        /// <summary>To be told.</summary>
        public List<Action<ErrorCode>> Answers { get; }

        /// <summary>What came of it.</summary>
        public AppendOutcome Outcome { get; private set; }

        /// <summary>The coordinator has heard what came of it.</summary>
        public bool HasEnded { get; set; }

        // Whoever commits offsets in a transaction asks its coordinator before they come here. Were they to wait for an answer in the partition, what was sent later would overtake them.
        public override bool IsVerified => true;

        internal override StageResult Stage(PartitionLog log, int leaderEpoch, long nowMs)
        {
            if (chain.IsBroken) return StageResult.Refused(ErrorCode.NotLeaderOrFollower);
            var staged = Header.IsControl ? log.StageMarker(Batch, Header, leaderEpoch, nowMs, MarkerVersion) : base.Stage(log, leaderEpoch, nowMs);
            chain.IsBroken = staged.Error != ErrorCode.None;
            return staged;
        }

        public override void Completed(in AppendOutcome outcome)
        {
            chain.IsBroken |= outcome.Error != ErrorCode.None;
            Outcome = outcome;
            ended(this);
        }
    }
}
