using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Remote.Wire;
using Akka.Serialization;
using Akka.Util;

namespace Akka.Cluster.Gossiping;

/// <summary>Writes what cluster nodes say to each other.</summary>
internal sealed class ClusterMessageSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    public override int Identifier => 5;

    public override string Manifest(object o) => o switch
    {
        InitJoin => "IJ",
        InitJoinAck => "IJA",
        InitJoinNack => "IJN",
        Join => "J",
        Welcome => "W",
        GossipEnvelope => "GE",
        GossipStatus => "GS",
        Heartbeat => "HB",
        HeartbeatRsp => "HBR",
        Leave => "L",
        Down => "D",
        ExitingConfirmed => "EC",
        NotAMember => "NM",
        _ => throw new ArgumentException($"{o.GetType()} is none of the cluster's messages", nameof(o)),
    };

    public override byte[] ToBinary(object obj)
    {
        var writer = new WireWriter(512);
        switch (obj)
        {
            case InitJoinAck ack:
                writer.Address(ack.Address);
                writer.Address(ack.Leader);
                writer.Int32(ack.Members);
                break;
            case InitJoinNack nack:
                writer.Address(nack.Address);
                break;
            case Join join:
                GossipFormat.Write(writer, join.Node);
                GossipFormat.Write(writer, join.Roles);
                writer.Text(join.AppVersion.Version);
                break;
            case Welcome welcome:
                GossipFormat.Write(writer, welcome.From);
                GossipFormat.Write(writer, welcome.Gossip);
                break;
            case GossipEnvelope envelope:
                GossipFormat.Write(writer, envelope.From);
                GossipFormat.Write(writer, envelope.To);
                GossipFormat.Write(writer, envelope.Gossip);
                break;
            case GossipStatus status:
                GossipFormat.Write(writer, status.From);
                GossipFormat.Write(writer, status.Version);
                GossipFormat.WriteNodes(writer, status.Seen);
                break;
            default:
                WriteSmall(writer, obj);
                break;
        }

        return writer.ToArray();
    }

    public override object FromBinary(byte[] bytes, string manifest)
    {
        var reader = new WireReader(bytes);
        var read = Read(ref reader, manifest);
        reader.End();
        return read;
    }

    private static void WriteSmall(WireWriter writer, object obj)
    {
        switch (obj)
        {
            case Heartbeat heartbeat:
                writer.Address(heartbeat.From);
                writer.Int64(heartbeat.Number);
                break;
            case HeartbeatRsp answer:
                GossipFormat.Write(writer, answer.From);
                writer.Int64(answer.Number);
                break;
            case Leave leave:
                writer.Address(leave.Address);
                break;
            case Down down:
                writer.Address(down.Address);
                break;
            case ExitingConfirmed confirmed:
                GossipFormat.Write(writer, confirmed.Node);
                break;
            case NotAMember not:
                GossipFormat.Write(writer, not.Node);
                writer.Bool(not.WasRemoved);
                break;
        }
    }

    private static object Read(ref WireReader reader, string manifest) => manifest switch
    {
        "IJ" => new InitJoin(),
        "IJA" => new InitJoinAck(reader.SomeAddress(), reader.SomeAddress(), reader.Int32()),
        "IJN" => new InitJoinNack(reader.SomeAddress()),
        "J" => new Join(GossipFormat.ReadNode(ref reader), GossipFormat.ReadRoles(ref reader), AppVersion.Create(reader.Text())),
        "W" => new Welcome(GossipFormat.ReadNode(ref reader), GossipFormat.Read(ref reader)),
        "GE" => new GossipEnvelope(GossipFormat.ReadNode(ref reader), GossipFormat.ReadNode(ref reader), GossipFormat.Read(ref reader)),
        "GS" => new GossipStatus(GossipFormat.ReadNode(ref reader), GossipFormat.ReadVersion(ref reader), GossipFormat.ReadNodes(ref reader)),
        "HB" => new Heartbeat(reader.SomeAddress(), reader.Int64()),
        "HBR" => new HeartbeatRsp(GossipFormat.ReadNode(ref reader), reader.Int64()),
        "L" => new Leave(reader.SomeAddress()),
        "D" => new Down(reader.SomeAddress()),
        "EC" => new ExitingConfirmed(GossipFormat.ReadNode(ref reader)),
        "NM" => new NotAMember(GossipFormat.ReadNode(ref reader), reader.Bool()),
        _ => throw new SerializationException($"there is no cluster message '{manifest}'"),
    };
}
