using System.Collections.Immutable;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Cluster.Sharding.Remembering;
using Akka.Remote.Serialization;
using Akka.Remote.Wire;
using Akka.Serialization;

namespace Akka.Cluster.Sharding;

/// <summary>Writes what regions and their coordinator say to each other, and what is asked of regions.</summary>
internal sealed class ShardingMessageSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    public static readonly Type[] Types = [typeof(CoordinatorMessage), typeof(IClusterShardingSerializable)];

    public override int Identifier => 13;

    public override string Manifest(object o) => o switch
    {
        Register => "R",
        RegisterAck => "RA",
        TellShards => "TS",
        WhoCoordinates => "WC",
        GetShardHome => "GH",
        ShardHome => "SH",
        HostShard => "HS",
        ShardStarted => "ST",
        BeginHandOff => "BH",
        BeginHandOffAck => "BA",
        LastOfShard => "LS",
        HandOff => "HO",
        TellLast => "TL",
        ShardStopped => "SS",
        GracefulShutdownRequest => "GS",
        ShardingEnvelope => "E",
        ShardRegion.StartEntity => "SE",
        GetShardRegionStats => "QS",
        ShardRegionStats => "AS",
        GetCurrentRegions => "QR",
        CurrentRegions => "AR",
        NamesChanged => "NC",
        NamesKept => "NK",
        _ => throw new ArgumentException($"{o.GetType()} is none of sharding's messages", nameof(o)),
    };

    public override byte[] ToBinary(object obj)
    {
        var writer = new WireWriter();
        switch (obj)
        {
            case Register register:
                writer.Ref(register.Region);
                writer.Bool(register.IsProxy);
                WriteNames(writer, register.Shards);
                writer.Int32(register.NodeUid);
                break;
            case RegisterAck ack:
                writer.Ref(ack.Coordinator);
                break;
            case TellShards tell:
                writer.Ref(tell.Coordinator);
                break;
            case GracefulShutdownRequest request:
                writer.Ref(request.Region);
                break;
            case ShardHome home:
                writer.Text(home.Shard);
                writer.Ref(home.Region);
                break;
            case LastOfShard last:
                writer.Text(last.Shard);
                writer.Ref(last.Coordinator);
                break;
            case ShardingEnvelope envelope:
                writer.Text(envelope.EntityId);
                Payload.Write(writer, envelope.Message, system);
                break;
            case HandOff order:
                writer.Text(order.Shard);
                writer.Int32(order.Late.Count);
                foreach (var region in order.Late) writer.Ref(region);
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
            case ShardRegion.StartEntity start:
                writer.Text(start.EntityId);
                break;
            case ShardRegionStats stats:
                writer.Int32(stats.Stats.Count);
                foreach (var (shard, count) in stats.Stats)
                {
                    writer.Text(shard);
                    writer.Int32(count);
                }

                break;
            case CurrentRegions regions:
                writer.Int32(regions.Regions.Count);
                foreach (var address in regions.Regions) writer.Address(address);
                break;
            case NamesChanged changed:
                WriteNames(writer, changed.Started);
                WriteNames(writer, changed.Stopped);
                break;
            case NamesKept kept:
                WriteNames(writer, kept.Names);
                break;
            default:
                if (ShardOf(obj) is { } name) writer.Text(name);
                break;
        }
    }

    private static void WriteNames(WireWriter writer, IReadOnlyCollection<string> names)
    {
        writer.Int32(names.Count);
        foreach (var name in names) writer.Text(name);
    }

    private static string? ShardOf(object obj) => obj switch
    {
        GetShardHome message => message.Shard,
        HostShard message => message.Shard,
        ShardStarted message => message.Shard,
        BeginHandOff message => message.Shard,
        BeginHandOffAck message => message.Shard,
        TellLast message => message.Shard,
        ShardStopped message => message.Shard,
        _ => null,
    };

    private object Read(ref WireReader reader, string manifest) => manifest switch
    {
        "R" => new Register(reader.SomeRef(system), reader.Bool(), ReadNames(ref reader), reader.Int32()),
        "RA" => new RegisterAck(reader.SomeRef(system)),
        "TS" => new TellShards(reader.SomeRef(system)),
        "WC" => new WhoCoordinates(),
        "GH" => new GetShardHome(reader.Text()),
        "SH" => new ShardHome(reader.Text(), reader.SomeRef(system)),
        "HS" => new HostShard(reader.Text()),
        "ST" => new ShardStarted(reader.Text()),
        "BH" => new BeginHandOff(reader.Text()),
        "BA" => new BeginHandOffAck(reader.Text()),
        "LS" => new LastOfShard(reader.Text(), reader.SomeRef(system)),
        "HO" => new HandOff(reader.Text()) { Late = ReadRefs(ref reader) },
        "TL" => new TellLast(reader.Text()),
        "SS" => new ShardStopped(reader.Text()),
        "GS" => new GracefulShutdownRequest(reader.SomeRef(system)),
        "E" => new ShardingEnvelope(reader.Text(), Payload.ReadSome(ref reader, system)),
        "SE" => new ShardRegion.StartEntity(reader.Text()),
        "QS" => GetShardRegionStats.Instance,
        "AS" => ReadStats(ref reader),
        "QR" => GetCurrentRegions.Instance,
        "AR" => ReadRegions(ref reader),
        "NC" => new NamesChanged(ReadNames(ref reader), ReadNames(ref reader)),
        "NK" => new NamesKept(ReadNames(ref reader)),
        _ => throw new SerializationException($"there is no sharding message '{manifest}'"),
    };

    private static ImmutableList<string> ReadNames(ref WireReader reader)
    {
        var names = ImmutableList.CreateBuilder<string>();
        for (var left = Bounded(reader.Count(2)); left > 0; left--) names.Add(reader.Text());
        return names.ToImmutable();
    }

    private ImmutableList<IActorRef> ReadRefs(ref WireReader reader)
    {
        var refs = ImmutableList.CreateBuilder<IActorRef>();
        for (var left = Bounded(reader.Count(2)); left > 0; left--) refs.Add(reader.SomeRef(system));
        return refs.ToImmutable();
    }

    private static ShardRegionStats ReadStats(ref WireReader reader)
    {
        var stats = ImmutableDictionary.CreateBuilder<string, int>();
        for (var left = Bounded(reader.Count(6)); left > 0; left--)
        {
            var shard = reader.Text();
            stats[shard] = reader.Int32();
        }

        return new ShardRegionStats(stats.ToImmutable());
    }

    private static CurrentRegions ReadRegions(ref WireReader reader)
    {
        var regions = ImmutableHashSet.CreateBuilder<Address>();
        for (var left = Bounded(reader.Count(2)); left > 0; left--) regions.Add(reader.SomeAddress());
        return new CurrentRegions(regions.ToImmutable());
    }

    private static int Bounded(int count) => count <= Limits.Shards ? count : throw new SerializationException($"{count} items, the limit is {Limits.Shards}");
}
