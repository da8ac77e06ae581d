using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Cluster.Gossiping;
using Akka.Event;
using Akka.Remote;
using Akka.Remote.Wire;
using Akka.Serialization;

namespace Akka.Cluster.Tools.Singleton;

/// <summary>What managers of a singleton say to each other.</summary>
internal abstract record SingletonMessage(UniqueAddress From) : IControlMessage, IDeadLetterSuppression;

/// <summary>The next one in age wants to take over from one that exits.</summary>
internal sealed record HandOverToMe(UniqueAddress From) : SingletonMessage(From);

/// <summary>The singleton does not run here, and will not again.</summary>
internal sealed record HandOverDone(UniqueAddress From) : SingletonMessage(From);

/// <summary>Writes them.</summary>
internal sealed class SingletonMessageSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    public override int Identifier => 14;

    public override string Manifest(object o) => o is HandOverToMe ? "A" : "C";

    public override byte[] ToBinary(object obj)
    {
        var writer = new WireWriter();
        GossipFormat.Write(writer, ((SingletonMessage)obj).From);
        return writer.ToArray();
    }

    public override object FromBinary(byte[] bytes, string manifest)
    {
        var reader = new WireReader(bytes);
        var from = GossipFormat.ReadNode(ref reader);
        reader.End();
        return manifest switch
        {
            "A" => new HandOverToMe(from),
            "C" => new HandOverDone(from),
            _ => throw new SerializationException($"there is no singleton message '{manifest}'"),
        };
    }
}
