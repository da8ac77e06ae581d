using System.Text;
using Akka.Actor;

namespace Akka.Routing;

/// <summary>A message that says by what it is routed.</summary>
public interface IConsistentHashable
{
    /// <summary>Messages with equal keys go to the same routee.</summary>
    object ConsistentHashKey { get; }
}

/// <summary>The key of a message; null where it has none.</summary>
public delegate object ConsistentHashMapping(object msg);

/// <summary>A message with its key.</summary>
public class ConsistentHashableEnvelope(object message, object hashKey) : RouterEnvelope(message), IConsistentHashable
{
    /// <summary>The key.</summary>
    public object HashKey { get; } = hashKey;

    /// <inheritdoc/>
    public object ConsistentHashKey => HashKey;
}

/// <summary>By the message's key on a ring, so that a changed number of routees moves few keys. A key is a string, a number, a GUID or bytes.</summary>
public class ConsistentHashingRoutingLogic : RoutingLogic
{
    private const int DefaultVirtualNodes = 10;

    private readonly ConsistentHashMapping _mapping;
    private readonly int _virtualNodes;
    private volatile Ring _ring = new([], [], []);

    /// <summary>By the messages' own keys.</summary>
    public ConsistentHashingRoutingLogic(ActorSystem system)
        : this(system, DefaultVirtualNodes, _ => null!)
    {
    }

    /// <summary>By the mapping where a message has no key of its own, with so many places on the ring for each routee.</summary>
    public ConsistentHashingRoutingLogic(ActorSystem system, int virtualNodesFactor, ConsistentHashMapping hashMapping)
    {
        _virtualNodes = virtualNodesFactor > 0 ? virtualNodesFactor : DefaultVirtualNodes;
        _mapping = hashMapping;
    }

    /// <inheritdoc/>
    public override Routee Select(object message, Routee[] routees)
    {
        if (routees.Length == 0) return Routee.NoRoutee;
        var key = message is IConsistentHashable own ? own.ConsistentHashKey : _mapping(message);
        if (key is null) return Routee.NoRoutee;
        var ring = _ring;
        if (!ReferenceEquals(ring.Of, routees)) _ring = ring = Ring.Make(routees, _virtualNodes);
        return ring.At(Hash(key));
    }

    private static uint Hash(object key) => key switch
    {
        string text => Hash(Encoding.UTF8.GetBytes(text)),
        byte[] bytes => Hash(bytes),
        _ => Hash(Encoding.UTF8.GetBytes(Convert.ToString(key, global::System.Globalization.CultureInfo.InvariantCulture) ?? "")),
    };

    // FNV-1a with a final mix: the same in every process, unlike string.GetHashCode.
    private static uint Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = 2166136261;
        foreach (var each in bytes) hash = (hash ^ each) * 16777619;
        hash ^= hash >> 16;
        hash *= 0x85EBCA6B;
        hash ^= hash >> 13;
        hash *= 0xC2B2AE35;
        return hash ^ (hash >> 16);
    }

    private sealed record Ring(Routee[] Of, uint[] Places, Routee[] Owners)
    {
        public static Ring Make(Routee[] routees, int virtualNodes)
        {
            var places = new uint[routees.Length * virtualNodes];
            var owners = new Routee[places.Length];
            for (var i = 0; i < owners.Length; i++)
            {
                owners[i] = routees[i / virtualNodes];
                places[i] = Hash(Encoding.UTF8.GetBytes($"{Name(owners[i])}:{i % virtualNodes}"));
            }

            Array.Sort(places, owners);
            return new Ring(routees, places, owners);
        }

        public Routee At(uint hash)
        {
            var place = Array.BinarySearch(Places, hash);
            if (place < 0) place = ~place;
            return Owners[place == Places.Length ? 0 : place];
        }

        private static string Name(Routee routee) => routee switch
        {
            ActorRefRoutee actor => actor.Actor.Path.ToString(),
            ActorSelectionRoutee selection => selection.Selection.ToString(),
            _ => routee.ToString() ?? "",
        };
    }
}

/// <summary>A pool whose routees get messages by key.</summary>
public sealed class ConsistentHashingPool : Pool
{
    private readonly ConsistentHashMapping? _mapping;

    /// <summary>With so many routees.</summary>
    public ConsistentHashingPool(int nrOfInstances)
        : this(nrOfInstances, null!)
    {
    }

    /// <summary>With so many routees, and a mapping for messages without keys of their own.</summary>
    public ConsistentHashingPool(int nrOfInstances, ConsistentHashMapping hashMapping)
        : base(nrOfInstances, DefaultSupervisorStrategy, Dispatch.Dispatchers.DefaultDispatcherId)
        => _mapping = hashMapping;

    /// <inheritdoc/>
    public override Router CreateRouter(ActorSystem system) => new(new ConsistentHashingRoutingLogic(system, 0, _mapping ?? (_ => null!)), Array.Empty<Routee>());

    /// <inheritdoc/>
    public override int GetNrOfInstances(ActorSystem system) => NrOfInstances;

    /// <summary>With a mapping for messages without keys of their own.</summary>
    public ConsistentHashingPool WithHashMapping(ConsistentHashMapping mapping) => new(NrOfInstances, mapping);
}

/// <summary>A group whose routees get messages by key.</summary>
public sealed class ConsistentHashingGroup : Group
{
    private readonly ConsistentHashMapping? _mapping;

    /// <summary>With routees at these paths.</summary>
    public ConsistentHashingGroup(params string[] paths)
        : this(paths, null!)
    {
    }

    /// <summary>With routees at these paths, and a mapping for messages without keys of their own.</summary>
    public ConsistentHashingGroup(IEnumerable<string> paths, ConsistentHashMapping hashMapping)
        : base(paths, Dispatch.Dispatchers.DefaultDispatcherId)
        => _mapping = hashMapping;

    /// <inheritdoc/>
    public override Router CreateRouter(ActorSystem system) => new(new ConsistentHashingRoutingLogic(system, 0, _mapping ?? (_ => null!)), Array.Empty<Routee>());

    /// <inheritdoc/>
    public override IEnumerable<string> GetPaths(ActorSystem system) => Paths;

    /// <summary>With a mapping for messages without keys of their own.</summary>
    public ConsistentHashingGroup WithHashMapping(ConsistentHashMapping mapping) => new(Paths, mapping);
}
