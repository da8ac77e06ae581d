using Akka.Actor;
using AkkaStream.Actors.Coordinators;
using AkkaStream.Actors.Metadata;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Peers;

/// <summary>Who leads what, as this broker knows it, and the way to ask them. A broker that is alone leads everything. From any thread.</summary>
/// <param name="metadata">What the controller decided.</param>
/// <param name="calls">The way out; null for a broker that is alone.</param>
public sealed class PeerGate(MetadataCache metadata, Func<IActorRef>? calls = null)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>This broker's id.</summary>
    public int BrokerId => metadata.BrokerId;

    /// <summary>Whether another broker leads the partition, and which.</summary>
    public bool IsElsewhere(string topic, int partition, out int leader)
    {
        leader = -1;
        if (calls is null || !metadata.Image.Topics.TryGetValue(topic, out var known) || (uint)partition >= (uint)known.Partitions.Length) return false;
        leader = known.Partitions[partition].Leader;
        return leader >= 0 && leader != metadata.BrokerId;
    }

    /// <summary>The partition of an internal topic to which a key belongs; -1 where the topic does not exist.</summary>
    public int PartitionOf(string topic, string key)
        => metadata.Image.Topics.TryGetValue(topic, out var known) && !known.Partitions.IsEmpty ? CoordinatorHash.PartitionOf(key, known.Partitions.Length) : -1;

    /// <summary>Asks another broker.</summary>
    /// <param name="broker">Its id.</param>
    /// <param name="request">What; its memory must stay as it is until it is answered.</param>
    /// <param name="version">In which version.</param>
    /// <param name="done">Told once, from any thread: the answer, or null where none came in time.</param>
    public void Ask(int broker, IApiMessage request, short version, Action<IApiMessage?> done)
    {
        if (calls is null) done(null);
        else calls().Tell(new CallPeer(broker, request, version, Patience, done), ActorRefs.NoSender);
    }
}
