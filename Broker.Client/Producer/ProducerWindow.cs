using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Client.Producer;

/// <summary>Who a producer is to brokers: they take a batch once, and in order, by this and its sequence number.</summary>
/// <param name="Id">Producer id; -1 for none.</param>
/// <param name="Epoch">Its epoch; -1 for none.</param>
public readonly record struct ProducerIdentity(long Id, short Epoch)
{
    /// <summary>Nobody: batches are neither numbered nor recognised.</summary>
    public static readonly ProducerIdentity None = new(RecordBatchHeader.NoProducerId, RecordBatchHeader.NoProducerEpoch);

    /// <summary>Whether it is somebody.</summary>
    public bool IsSet => Id >= 0;
}

/// <summary>What an answer means for a batch.</summary>
public enum BatchVerdict
{
    /// <summary>It is in the log.</summary>
    Done,

    /// <summary>It goes again, before all that come after it.</summary>
    Again,

    /// <summary>It will not be in the log.</summary>
    Lost,
}

/// <summary>
/// Which batches of a partition are under way, and with which sequence numbers. Several may be at once: brokers refuse what comes out of order, and what
/// was refused goes again one by one, the oldest first, so that order holds over any failure. Without idempotence it is one at a time, which keeps order
/// as well. A plain state machine: its producer calls it under its lock.
/// </summary>
/// <param name="limit">Batches of a partition, from the oldest that is not known to be in the log to the newest that was sent.</param>
/// <param name="numbered">Whether the producer is idempotent.</param>
public sealed class ProducerWindow(int limit, bool numbered)
{
    private readonly Dictionary<TopicPartition, Lane> lanes = [];

    /// <summary>Who the producer is now. A partition takes a new identity, and numbers from 0 on, as soon as nothing of the one before is unfinished.</summary>
    public ProducerIdentity Identity { get; set; } = ProducerIdentity.None;

    /// <summary>
    /// A numbered batch was lost: what comes after it in its partition can be numbered only under a new identity, and waits for one.
    /// </summary>
    public bool NeedsIdentity
    {
        get
        {
            foreach (var lane in lanes.Values)
            {
                if (lane.IsBroken && lane.Identity == Identity) return true;
            }

            return false;
        }
    }

    /// <summary>Whether the partition's oldest waiting batch may go now.</summary>
    public bool MayTake(ProducerBatch first)
    {
        var lane = Of(first.Partition);
        if (!numbered) return lane.UnderWay == 0;
        if (!Identity.IsSet || (lane.IsBroken && !TryMend(lane))) return false;
        if (lane.Identity != Identity && lane.Unfinished.Count == 0) lane.Begin(Identity);
        if (first.BaseSequence >= 0) return lane.Unfinished[0] == first;
        // Brokers recognise a repeated batch among the last five: one that is to be repeated must not fall behind. Until they know the producer they take any number for its first
        // one: a second batch would get in where the first was refused for a moment.
        return lane.Identity == Identity && (lane.Unfinished.Count == 0 || (lane.IsKnown && lane.Numbered - lane.Unfinished[0].Ordinal < limit));
    }

    /// <summary>The batch goes out: it gets its number, or keeps the one it has.</summary>
    public void Taken(ProducerBatch batch)
    {
        var lane = Of(batch.Partition);
        lane.UnderWay++;
        if (!numbered) return;
        if (batch.BaseSequence < 0)
        {
            batch.Identity = lane.Identity;
            batch.BaseSequence = lane.Next;
            batch.Ordinal = lane.Numbered++;
            lane.Next = RecordBatchHeader.AddSequence(lane.Next, batch.Count);
            lane.Unfinished.Add(batch);
        }

        batch.WasOldest = lane.Unfinished[0] == batch;
    }

    /// <summary>The batch was answered.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="error">The broker's error, or <see cref="ErrorCode.NetworkException"/> where no answer came.</param>
    public BatchVerdict Answered(ProducerBatch batch, ErrorCode error)
    {
        var lane = Of(batch.Partition);
        lane.UnderWay--;
        if (error is ErrorCode.None or ErrorCode.DuplicateSequenceNumber)
        {
            lane.Unfinished.Remove(batch);
            lane.IsKnown |= batch.Identity.Id == lane.Identity.Id;
            return BatchVerdict.Done;
        }

        // Out of order is what every batch hears that is behind one that has to go again, or was lost.
        var isBehind = numbered && error == ErrorCode.OutOfOrderSequenceNumber && (lane.IsBroken || !batch.WasOldest);
        if (error.IsRetriable() || isBehind) return BatchVerdict.Again;
        Dropped(batch);
        return BatchVerdict.Lost;
    }

    /// <summary>A batch is given up that is not under way: it may or may not be in the log.</summary>
    public void Dropped(ProducerBatch batch)
    {
        if (batch.BaseSequence < 0) return;
        var lane = Of(batch.Partition);
        if (lane.Unfinished.Remove(batch)) lane.IsBroken = true;
    }

    private Lane Of(TopicPartition partition)
    {
        if (!lanes.TryGetValue(partition, out var lane)) lanes.Add(partition, lane = new Lane());
        return lane;
    }

    // What was numbered behind the lost batch was refused, and is numbered anew once there is an identity for it.
    private bool TryMend(Lane lane)
    {
        if (lane.UnderWay > 0 || lane.Identity == Identity) return false;
        foreach (var batch in lane.Unfinished) batch.BaseSequence = RecordBatchHeader.NoSequence;
        lane.Unfinished.Clear();
        lane.Begin(Identity);
        return true;
    }

    private sealed class Lane
    {
        public ProducerIdentity Identity { get; private set; } = ProducerIdentity.None;

        public int Next { get; set; }

        /// <summary>How many batches were numbered.</summary>
        public long Numbered { get; set; }

        public int UnderWay { get; set; }

        public bool IsBroken { get; set; }

        /// <summary>A batch of this producer id is in the log: whoever leads knows what number comes next.</summary>
        public bool IsKnown { get; set; }

        /// <summary>Numbered and not yet known to be in the log, by number: under way, or waiting to go again.</summary>
        public List<ProducerBatch> Unfinished { get; } = [];

        public void Begin(ProducerIdentity identity)
        {
            IsKnown &= identity.Id == Identity.Id;
            Identity = identity;
            Next = 0;
            IsBroken = false;
        }
    }
}
