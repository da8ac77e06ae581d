using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Partitions.Replication;

/// <summary>What replicas of a partition say to each other. Each names the leader epoch in which it was said; whoever knows a higher one refuses it.</summary>
public interface IReplicationMessage
{
    /// <summary>The leader epoch.</summary>
    int LeaderEpoch { get; }
}

/// <summary>
/// A follower asks for the log from its own end on: told to <c>/user/replicas</c> on the leader's broker, which hands it to the partition's actor. The answer goes to the sender, and so
/// does everything that is appended from then on. A later one of the same follower takes its place.
/// </summary>
/// <param name="TopicId">The topic.</param>
/// <param name="Partition">The partition's number.</param>
/// <param name="ReplicaId">Broker id of the follower.</param>
/// <param name="BrokerEpoch">Its registration: a broker that was started again has a higher one, and what its former life said does not count any more.</param>
/// <param name="LeaderEpoch">The leadership that it follows.</param>
/// <param name="Session">Rises with each subscription of the follower's present life; answers name it.</param>
/// <param name="Offset">Where its log ends.</param>
/// <param name="Counted">Up to where it counts: the same, or with <c>flush.mode=group</c> what is on disk.</param>
/// <param name="LastEpoch">Epoch of its last records, or -1: shows whether both logs are the same up to there.</param>
/// <param name="WindowBytes">Bytes that may be on their way to it before it has said that it has them.</param>
public sealed record Subscribe(Guid TopicId, int Partition, int ReplicaId, long BrokerEpoch, int LeaderEpoch, int Session, long Offset, long Counted, int LastEpoch, int WindowBytes) : IReplicationMessage;

/// <summary>A follower has the log up to here, on disk where the topic has <c>flush.mode=group</c>. Opens the window for more.</summary>
/// <param name="ReplicaId">Broker id of the follower.</param>
/// <param name="BrokerEpoch">Its registration.</param>
/// <param name="LeaderEpoch">The leadership that it follows.</param>
/// <param name="Session">Its subscription.</param>
/// <param name="EndOffset">Where its log ends.</param>
/// <param name="Frame">Number of the last <see cref="ReplicaData"/> that it is done with, 0 for none: the leader may use the array of that one and of earlier ones again.</param>
public sealed record Replicated(int ReplicaId, long BrokerEpoch, int LeaderEpoch, int Session, long EndOffset, long Frame) : IReplicationMessage;

/// <summary>The leader heard nothing of what it sent: perhaps it was lost. The follower subscribes again from where it is.</summary>
/// <param name="LeaderEpoch">The leadership.</param>
public sealed record SubscribeAgain(int LeaderEpoch) : IReplicationMessage;

/// <summary>Where the leader's log stands: the answer to a subscription that is up to date already, and news without records.</summary>
/// <param name="LeaderEpoch">The leadership.</param>
/// <param name="EndOffset">Where the leader's log ends.</param>
/// <param name="HighWatermark">Its high watermark.</param>
/// <param name="LogStart">Its first offset: a follower deletes what lies below.</param>
public sealed record LeaderState(int LeaderEpoch, long EndOffset, long HighWatermark, long LogStart) : IReplicationMessage;

/// <summary>The follower's log went another way: nothing of it is right from the end of this epoch on. It cuts its log and subscribes again.</summary>
/// <param name="LeaderEpoch">The leadership.</param>
/// <param name="Session">The subscription that is answered.</param>
/// <param name="Epoch">The last epoch up to the follower's that the leader knows.</param>
/// <param name="EndOffset">Where that one ended.</param>
public sealed record Diverged(int LeaderEpoch, int Session, int Epoch, long EndOffset) : IReplicationMessage;

/// <summary>The follower ends before the leader's log begins, or behind its end: it begins anew at the leader's start, or cuts its log at the leader's end.</summary>
/// <param name="LeaderEpoch">The leadership.</param>
/// <param name="Session">The subscription that is answered.</param>
/// <param name="Start">The leader's first offset.</param>
/// <param name="End">The leader's end.</param>
public sealed record OutOfRange(int LeaderEpoch, int Session, long Start, long End) : IReplicationMessage;

/// <summary>The follower gets nothing; it tries again after a while.</summary>
/// <param name="LeaderEpoch">The epoch that the refusing side knows, -1 where it does not know the partition.</param>
/// <param name="Session">The subscription that is answered.</param>
/// <param name="Error">
/// <see cref="ErrorCode.FencedLeaderEpoch"/>, <see cref="ErrorCode.UnknownLeaderEpoch"/>, <see cref="ErrorCode.NotLeaderOrFollower"/>, <see cref="ErrorCode.UnknownTopicOrPartition"/>,
/// <see cref="ErrorCode.StaleBrokerEpoch"/>, <see cref="ErrorCode.KafkaStorageError"/>, or what reading the log gave.
/// </param>
public sealed record SubscribeRefused(int LeaderEpoch, int Session, ErrorCode Error) : IReplicationMessage;

/// <summary>
/// Whole batches of the leader's log, as they lie in its file. One array holds head and batches: it is read into once, sent from where it is, and the batches are appended from where they
/// arrive. At most <see cref="Limits.ReplicaChunkBytes"/>, or one batch. The array may be longer than that; what lies behind is nothing.
/// </summary>
public sealed record ReplicaData : IReplicationMessage
{
    /// <summary>Bytes before the batches.</summary>
    public const int HeadBytes = 40;

    private ReplicaData(byte[] frame) => Frame = frame;

    /// <summary>Head and batches. Nobody writes into it once it is told.</summary>
    public byte[] Frame { get; }

    /// <inheritdoc/>
    public int LeaderEpoch => BinaryPrimitives.ReadInt32BigEndian(Frame);

    /// <summary>Offset of the first record that the follower does not have yet: the end of its log.</summary>
    public long FirstOffset => BinaryPrimitives.ReadInt64BigEndian(Frame.AsSpan(4));

    /// <summary>The leader's high watermark.</summary>
    public long HighWatermark => BinaryPrimitives.ReadInt64BigEndian(Frame.AsSpan(12));

    /// <summary>The leader's first offset.</summary>
    public long LogStart => BinaryPrimitives.ReadInt64BigEndian(Frame.AsSpan(20));

    /// <summary>Rises with everything that a leader sends: a follower that has one has, or will never get, what was sent to it before.</summary>
    public long Number => BinaryPrimitives.ReadInt64BigEndian(Frame.AsSpan(28));

    /// <summary>The batches.</summary>
    public ReadOnlyMemory<byte> Batches => Frame.AsMemory(HeadBytes, BinaryPrimitives.ReadInt32BigEndian(Frame.AsSpan(36)));

    /// <summary>Whether the array is the receiver's alone, as one that came over the network is.</summary>
    public bool IsOwned { get; private init; }

    /// <summary>Of an array whose batches are there already.</summary>
    /// <param name="frame">With <see cref="HeadBytes"/> of room in front of the batches; the message's from now on.</param>
    /// <param name="leaderEpoch">The leadership.</param>
    /// <param name="firstOffset">Offset of the first record that is meant.</param>
    /// <param name="highWatermark">The leader's high watermark.</param>
    /// <param name="logStart">The leader's first offset.</param>
    /// <param name="number">See <see cref="Number"/>.</param>
    /// <param name="length">Bytes of batches.</param>
    public static ReplicaData Around(byte[] frame, int leaderEpoch, long firstOffset, long highWatermark, long logStart, long number, int length)
    {
        BinaryPrimitives.WriteInt32BigEndian(frame, leaderEpoch);
        BinaryPrimitives.WriteInt64BigEndian(frame.AsSpan(4), firstOffset);
        BinaryPrimitives.WriteInt64BigEndian(frame.AsSpan(12), highWatermark);
        BinaryPrimitives.WriteInt64BigEndian(frame.AsSpan(20), logStart);
        BinaryPrimitives.WriteInt64BigEndian(frame.AsSpan(28), number);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(36), length);
        return new ReplicaData(frame);
    }

    /// <summary>As it came from another process.</summary>
    /// <exception cref="MalformedMessageException">It is shorter than its head, or than that says.</exception>
    public static ReplicaData Of(byte[] frame)
    {
        if (frame.Length < HeadBytes) throw new MalformedMessageException($"replicated records of {frame.Length} bytes");
        var length = BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(36));
        if (length < 0 || length > frame.Length - HeadBytes) throw new MalformedMessageException($"replicated records of {length} bytes in a message of {frame.Length}");
        return new ReplicaData(frame) { IsOwned = true };
    }

    /// <summary>The receiver is done with it: an array that is its own goes to whoever reads the next message from the network (<c>akka.remote.reused-bodies</c>).</summary>
    public void Recycle()
    {
        // Arrays of other sizes were not taken from the pool, which would refuse them.
        if (IsOwned && Frame.Length >= 16 && BitOperations.IsPow2(Frame.Length)) ArrayPool<byte>.Shared.Return(Frame);
    }
}
