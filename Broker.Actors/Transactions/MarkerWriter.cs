using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using AkkaStream.Actors.Coordinators;
using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Partitions;
using AkkaStream.Actors.Peers;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Transactions;

/// <summary>What a marker says.</summary>
/// <param name="ProducerId">The producer whose transaction ends.</param>
/// <param name="Epoch">Its epoch; with version 2 one more than its records had.</param>
/// <param name="Commit">Committed; else aborted.</param>
/// <param name="CoordinatorEpoch">Epoch of the coordinator that decided.</param>
/// <param name="TransactionVersion">The version of transactions: 0 or 2.</param>
public readonly record struct MarkerFacts(long ProducerId, short Epoch, bool Commit, int CoordinatorEpoch, int TransactionVersion);

/// <summary>
/// Takes markers to the leaders of their partitions. Where a partition has a coordinator (groups' offsets), it is the coordinator that appends, and applies
/// or drops what the transaction wrote.
/// </summary>
/// <param name="partitions">The partitions of this broker.</param>
/// <param name="metadata">Which topics there are.</param>
/// <param name="coordinators">Which partitions have a coordinator.</param>
/// <param name="peers">The way to leaders on other brokers.</param>
/// <param name="nowMs">Milliseconds since 1970.</param>
public sealed class MarkerWriter(PartitionRegistry partitions, MetadataCache metadata, CoordinatorFactory coordinators, PeerGate peers, Func<long> nowMs)
{
    private const short Version = 2;

    /// <summary>Writes a marker where the partition is led, on this broker or on another one.</summary>
    /// <param name="partition">Where to.</param>
    /// <param name="marker">What it says.</param>
    /// <param name="done">As of <see cref="Write"/>; <see cref="ErrorCode.RequestTimedOut"/> where another broker did not answer.</param>
    public void Send(TopicPartition partition, in MarkerFacts marker, Action<ErrorCode> done)
    {
        if (!peers.IsElsewhere(partition.Topic, partition.Partition, out var broker))
        {
            Write(partition, marker, done);
            return;
        }

        var asked = new WriteTxnMarkersRequest.WritableTxnMarker
        {
            ProducerId = marker.ProducerId,
            ProducerEpoch = marker.Epoch,
            TransactionResult = marker.Commit,
            CoordinatorEpoch = marker.CoordinatorEpoch,
            TransactionVersion = (sbyte)marker.TransactionVersion,
            Topics = [new() { Name = partition.Topic, PartitionIndexes = [partition.Partition] }],
        };
        peers.Ask(broker, new WriteTxnMarkersRequest { Markers = [asked] }, Version, answer => done(ErrorOf(answer)));
    }

    private static ErrorCode ErrorOf(IApiMessage? answer)
    {
        if (answer is not WriteTxnMarkersResponse { Markers: [{ Topics: [{ Partitions: [var result] }] }] }) return ErrorCode.RequestTimedOut;
        // It exists: the other broker has not heard of it yet. Taken for one that is gone, the transaction would stay open there for ever.
        return result.ErrorCode == ErrorCode.UnknownTopicOrPartition ? ErrorCode.NotLeaderOrFollower : result.ErrorCode;
    }

    /// <summary>Writes a marker into a partition that is led here.</summary>
    /// <param name="partition">Where to.</param>
    /// <param name="marker">What it says.</param>
    /// <param name="done">
    /// Told once, from any thread: <see cref="ErrorCode.UnknownTopicOrPartition"/> where the partition does not exist, <see cref="ErrorCode.NotLeaderOrFollower"/>
    /// where it is not led here, or what the append gave.
    /// </param>
    public void Write(TopicPartition partition, in MarkerFacts marker, Action<ErrorCode> done)
    {
        if (partitions.Find(partition.Topic, partition.Partition) is { IsRemoved: false } handle)
        {
            if (coordinators.Serves(partition.Topic)) handle.TellCoordinator(new CoordinatorMarker(marker.ProducerId, marker.Epoch, marker.CoordinatorEpoch, marker.Commit, done) { TransactionVersion = marker.TransactionVersion });
            else handle.Actor.Tell(new Append(marker, nowMs(), done), ActorRefs.NoSender);
            return;
        }

        var isKnown = metadata.Image.Topics.TryGetValue(partition.Topic, out var topic) && (uint)partition.Partition < (uint)topic.Partitions.Length;
        done(isKnown ? ErrorCode.NotLeaderOrFollower : ErrorCode.UnknownTopicOrPartition);
    }

    private sealed class Append : MarkerAppend
    {
        private readonly Action<ErrorCode> done;

        [SetsRequiredMembers]
        public Append(in MarkerFacts marker, long nowMs, Action<ErrorCode> done)
            : base(marker.ProducerId, marker.Epoch, marker.CoordinatorEpoch, marker.Commit, marker.TransactionVersion, nowMs) => this.done = done;

        public override void Completed(in AppendOutcome outcome) => done(outcome.Error);
    }
}
