using System.Collections.Immutable;
using System.Runtime.Serialization;
using Akka.Remote.Wire;
using Akka.Util;

namespace Akka.Cluster.Gossiping;

/// <summary>The cluster's state as bytes: members once, and whatever is said of them by their place in that list.</summary>
internal static class GossipFormat
{
    private const int LeastMember = 20;

    public static void Write(WireWriter writer, Gossip gossip)
    {
        var nodes = new Dictionary<UniqueAddress, int>();
        writer.Int32(gossip.Members.Count);
        foreach (var (node, member) in gossip.Members)
        {
            nodes[node] = nodes.Count;
            Write(writer, node);
            writer.Int32(member.UpNumber);
            writer.Byte((byte)member.Status);
            Write(writer, member.Roles);
            writer.Text(member.AppVersion.Version);
        }

        Write(writer, gossip.Seen, nodes);
        writer.Int32(gossip.Reachability.Rows.Count);
        foreach (var (observer, row) in gossip.Reachability.Rows)
        {
            writer.Int32(nodes.GetValueOrDefault(observer, -1));
            writer.Int64(row.Version);
            writer.Int32(row.Subjects.Count);
            foreach (var (subject, finding) in row.Subjects)
            {
                writer.Int32(nodes.GetValueOrDefault(subject, -1));
                writer.Byte((byte)finding);
            }
        }

        Write(writer, gossip.Version);
        writer.Int32(gossip.Tombstones.Count);
        foreach (var (node, time) in gossip.Tombstones)
        {
            Write(writer, node);
            writer.Int64(time);
        }
    }

    public static Gossip Read(ref WireReader reader)
    {
        var count = reader.Count(LeastMember);
        if (count > Limits.Members) throw new SerializationException($"{count} members, the limit is {Limits.Members}");
        var nodes = new List<UniqueAddress>(count);
        var members = Gossip.Empty.Members.ToBuilder();
        for (var i = 0; i < count; i++)
        {
            var node = ReadNode(ref reader);
            var upNumber = reader.Int32();
            var status = reader.Byte();
            if (status > (byte)MemberStatus.WeaklyUp || status == (byte)MemberStatus.Removed) throw new SerializationException($"a member cannot have the status {status}");
            nodes.Add(node);
            members[node] = new Member(node, upNumber, (MemberStatus)status, ReadRoles(ref reader), AppVersion.Create(reader.Text()));
        }

        var seen = ReadSeen(ref reader, nodes);
        var reachability = ReadReachability(ref reader, nodes);
        var version = ReadVersion(ref reader);
        var tombstones = ImmutableSortedDictionary.CreateBuilder<UniqueAddress, long>();
        for (var left = Bounded(reader.Count(14), Limits.Tombstones + 1); left > 0; left--)
        {
            var node = ReadNode(ref reader);
            tombstones[node] = reader.Int64();
        }

        return new Gossip(members.ToImmutable(), seen, reachability, version, tombstones.ToImmutable());
    }

    public static void Write(WireWriter writer, UniqueAddress node)
    {
        writer.Address(node.Address);
        writer.Int32(node.Uid);
    }

    public static UniqueAddress ReadNode(ref WireReader reader)
    {
        var address = reader.SomeAddress();
        return new UniqueAddress(address, reader.Int32());
    }

    public static void Write(WireWriter writer, ImmutableHashSet<string> roles)
    {
        writer.Byte((byte)Math.Min(roles.Count, Limits.Roles));
        foreach (var role in roles.Take(Limits.Roles)) writer.Text(role);
    }

    public static ImmutableHashSet<string> ReadRoles(ref WireReader reader)
    {
        var roles = ImmutableHashSet.CreateBuilder<string>();
        for (var left = Bounded(reader.Byte(), Limits.Roles); left > 0; left--) roles.Add(reader.Text());
        return roles.ToImmutable();
    }

    public static void Write(WireWriter writer, in VectorClock version)
    {
        writer.Int32(version.Versions.Count);
        foreach (var (node, number) in version.Versions)
        {
            Write(writer, node);
            writer.Int64(number);
        }
    }

    public static VectorClock ReadVersion(ref WireReader reader)
    {
        var versions = ImmutableSortedDictionary.CreateBuilder<UniqueAddress, long>();
        for (var left = Bounded(reader.Count(14), Limits.Members); left > 0; left--)
        {
            var node = ReadNode(ref reader);
            versions[node] = reader.Int64();
        }

        return new VectorClock(versions.ToImmutable());
    }

    public static void WriteNodes(WireWriter writer, ImmutableHashSet<UniqueAddress> nodes)
    {
        writer.Int32(nodes.Count);
        foreach (var node in nodes) Write(writer, node);
    }

    public static ImmutableHashSet<UniqueAddress> ReadNodes(ref WireReader reader)
    {
        var nodes = ImmutableHashSet.CreateBuilder<UniqueAddress>();
        for (var left = Bounded(reader.Count(6), Limits.Members); left > 0; left--) nodes.Add(ReadNode(ref reader));
        return nodes.ToImmutable();
    }

    private static int Bounded(int count, int limit) => count <= limit ? count : throw new SerializationException($"{count} items, the limit is {limit}");

    private static void Write(WireWriter writer, ImmutableHashSet<UniqueAddress> seen, Dictionary<UniqueAddress, int> nodes)
    {
        writer.Int32(seen.Count);
        foreach (var node in seen) writer.Int32(nodes.GetValueOrDefault(node, -1));
    }

    private static ImmutableHashSet<UniqueAddress> ReadSeen(ref WireReader reader, List<UniqueAddress> nodes)
    {
        var seen = ImmutableHashSet.CreateBuilder<UniqueAddress>();
        for (var left = reader.Count(4); left > 0; left--)
        {
            if (At(nodes, reader.Int32()) is { } node) seen.Add(node);
        }

        return seen.ToImmutable();
    }

    private static Reachability ReadReachability(ref WireReader reader, List<UniqueAddress> nodes)
    {
        var rows = ImmutableSortedDictionary.CreateBuilder<UniqueAddress, Observations>();
        for (var left = reader.Count(16); left > 0; left--)
        {
            var observer = At(nodes, reader.Int32());
            var version = reader.Int64();
            var subjects = ImmutableSortedDictionary.CreateBuilder<UniqueAddress, Finding>();
            for (var more = reader.Count(5); more > 0; more--)
            {
                var subject = At(nodes, reader.Int32());
                var finding = reader.Byte();
                if (finding is not ((byte)Finding.Silent or (byte)Finding.Crashed)) throw new SerializationException($"there is no finding {finding}");
                if (subject is not null) subjects[subject] = (Finding)finding;
            }

            if (observer is not null) rows[observer] = new Observations(version, subjects.ToImmutable());
        }

        return new Reachability(rows.ToImmutable());
    }

    private static UniqueAddress? At(List<UniqueAddress> nodes, int index)
        => index == -1 ? null : (uint)index < (uint)nodes.Count ? nodes[index] : throw new SerializationException($"there is no member {index} of {nodes.Count}");
}
