using Akka.Actor;
using Akka.Serialization;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Partitions.Replication;

/// <summary>
/// The small messages between replicas as bytes. They travel on remoting's control lane where there is one (<see cref="ReplicationSetup"/>): no acknowledgement waits behind records.
/// </summary>
/// <param name="system">The system that it belongs to.</param>
public sealed class ReplicationSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>Goes with the bytes, for ever.</summary>
    public const int Number = 1201;

    /// <inheritdoc/>
    public override int Identifier => Number;

    /// <inheritdoc/>
    public override string Manifest(object o) => o switch
    {
        Subscribe => "S",
        Replicated => "R",
        LeaderState => "L",
        SubscribeAgain => "A",
        Diverged => "D",
        OutOfRange => "O",
        SubscribeRefused => "X",
        _ => throw new ArgumentException($"{o.GetType()} is no message between replicas", nameof(o)),
    };

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj)
    {
        using var to = new MessageWriter(64);
        to.Int32(((IReplicationMessage)obj).LeaderEpoch);
        switch (obj)
        {
            case Subscribe m:
                to.Uuid(m.TopicId);
                to.Int32(m.Partition);
                to.Int32(m.ReplicaId);
                to.Int64(m.BrokerEpoch);
                to.Int32(m.Session);
                to.Int64(m.Offset);
                to.Int64(m.Counted);
                to.Int32(m.LastEpoch);
                to.Int32(m.WindowBytes);
                break;
            case Replicated m:
                to.Int32(m.ReplicaId);
                to.Int64(m.BrokerEpoch);
                to.Int32(m.Session);
                to.Int64(m.EndOffset);
                to.Int64(m.Frame);
                break;
            case LeaderState m:
                to.Int64(m.EndOffset);
                to.Int64(m.HighWatermark);
                to.Int64(m.LogStart);
                break;
            case Diverged m:
                to.Int32(m.Session);
                to.Int32(m.Epoch);
                to.Int64(m.EndOffset);
                break;
            case OutOfRange m:
                to.Int32(m.Session);
                to.Int64(m.Start);
                to.Int64(m.End);
                break;
            case SubscribeRefused m:
                to.Int32(m.Session);
                to.ErrorCode(m.Error);
                break;
        }

        return to.ToArray();
    }

    /// <summary>The message of these bytes.</summary>
    /// <exception cref="MalformedMessageException">They are too short, too long, or of an unknown kind.</exception>
    public override object FromBinary(byte[] bytes, string manifest)
    {
        var from = new MessageReader(bytes);
        var epoch = from.Int32();
        IReplicationMessage message = manifest switch
        {
            "S" => ReadSubscribe(ref from, epoch),
            "R" => new Replicated(from.Int32(), from.Int64(), epoch, from.Int32(), from.Int64(), from.Int64()),
            "L" => new LeaderState(epoch, from.Int64(), from.Int64(), from.Int64()),
            "A" => new SubscribeAgain(epoch),
            "D" => new Diverged(epoch, from.Int32(), from.Int32(), from.Int64()),
            "O" => new OutOfRange(epoch, from.Int32(), from.Int64(), from.Int64()),
            "X" => new SubscribeRefused(epoch, from.Int32(), from.ErrorCode()),
            _ => throw new MalformedMessageException($"'{manifest}' is no kind of message between replicas"),
        };
        return from.Remaining == 0 ? message : throw new MalformedMessageException($"{from.Remaining} bytes behind a message between replicas");
    }

    private static Subscribe ReadSubscribe(ref MessageReader from, int epoch)
    {
        var (topic, partition, replica, broker) = (from.Uuid(), from.Int32(), from.Int32(), from.Int64());
        return new Subscribe(topic, partition, replica, broker, epoch, from.Int32(), from.Int64(), from.Int64(), from.Int32(), from.Int32());
    }
}

/// <summary>Replicated records: the message's array is the bytes.</summary>
/// <param name="system">The system that it belongs to.</param>
public sealed class ReplicaDataSerializer(ExtendedActorSystem system) : Serializer(system)
{
    /// <summary>Goes with the bytes, for ever.</summary>
    public const int Number = 1202;

    /// <inheritdoc/>
    public override int Identifier => Number;

    /// <inheritdoc/>
    public override bool IncludeManifest => false;

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) => ((ReplicaData)obj).Frame;

    /// <summary>The message around these bytes.</summary>
    /// <exception cref="MalformedMessageException">They are shorter than its head.</exception>
    public override object FromBinary(byte[] bytes, Type type) => ReplicaData.Of(bytes);
}
