using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Configuration;

/// <summary>A controller of a cluster, as <c>controller.quorum.voters</c> names it.</summary>
/// <param name="Id">The broker's id.</param>
/// <param name="Host">Where other brokers reach it.</param>
/// <param name="Port">At which port.</param>
public sealed record Voter(int Id, string Host, int Port)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Id}@{Host}:{Port}");
}

/// <summary>
/// A broker's part in a cluster of several. The same keys as for Kafka with KRaft: <c>node.id</c>, and <c>controller.quorum.voters</c> with the address at which
/// each reaches the others; a broker that is no voter names its own address in <c>cluster.listener</c>.
/// </summary>
/// <param name="NodeId">This broker's id.</param>
/// <param name="Host">Where other brokers reach it.</param>
/// <param name="Port">At which port.</param>
/// <param name="Voters">The brokers that keep the controller's journal, by id; any of them may be the controller.</param>
public sealed record ClusterConfig(int NodeId, string Host, int Port, IReadOnlyList<Voter> Voters)
{
    /// <summary>Whether this broker keeps the controller's journal.</summary>
    public bool IsVoter => Voters.Any(voter => voter.Id == NodeId);

    /// <summary>
    /// The cluster's id where nobody has given it one: made from the voters, so that brokers that start together on empty disks agree without having met.
    /// </summary>
    public string DefaultId
    {
        get
        {
            var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(',', Voters)));
            return KafkaUuid.ToText(new Guid(hash.AsSpan(0, 16), bigEndian: true));
        }
    }

    /// <summary>A broker's part in a cluster; null where it is alone: <c>controller.quorum.voters</c> names nobody else.</summary>
    /// <exception cref="ConfigException">The voters contradict each other, or the broker's own address is missing.</exception>
    public static ClusterConfig? Of(BrokerConfig config)
    {
        var voters = config.List("controller.quorum.voters").Select(Parse).OrderBy(voter => voter.Id).ToList();
        if (voters.All(voter => voter.Id == config.NodeId)) return null;
        for (var i = 1; i < voters.Count; i++)
        {
            if (voters[i].Id == voters[i - 1].Id) throw new ConfigException("controller.quorum.voters", $"controller.quorum.voters names broker {voters[i].Id} twice");
        }

        var (host, port) = OwnAddress(config, voters);
        return new ClusterConfig(config.NodeId, host, port, voters);
    }

    /// <summary>Where a broker that is alone listens for clients that are actors: <c>cluster.listener</c>; null where that is not set, and nobody outside of its process reaches its actors.</summary>
    /// <exception cref="ConfigException">It is no address.</exception>
    public static (string Host, int Port)? ListenerOfOne(BrokerConfig config) => config.String("cluster.listener") is { Length: > 0 } text ? ListenerAddress(text) : null;

    private static (string Host, int Port) ListenerAddress(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon > 0 && ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)) return (text[..colon].Trim('[', ']'), port);
        throw new ConfigException("cluster.listener", $"cluster.listener: '{text}' is no address, expected host:port such as 10.0.0.7:9093");
    }

    private static (string Host, int Port) OwnAddress(BrokerConfig config, List<Voter> voters)
    {
        var own = voters.Find(voter => voter.Id == config.NodeId);
        if (config.String("cluster.listener") is { Length: > 0 } text)
        {
            var (host, port) = ListenerAddress(text);
            if (own is not null && (own.Host, own.Port) != (host, port)) throw new ConfigException("cluster.listener", $"cluster.listener is {text}, but controller.quorum.voters says that this broker is {own}: leave the key out, or make them agree");
            return (host, port);
        }

        if (own is not null) return (own.Host, own.Port);
        throw new ConfigException("cluster.listener", $"cluster.listener is not set, and broker {config.NodeId} is not among controller.quorum.voters: set it to the host:port at which the other brokers reach this one");
    }

    private static Voter Parse(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        var (host, port) = Address(text[(at + 1)..]);
        return new Voter(int.Parse(text.AsSpan(0, at), NumberStyles.None, CultureInfo.InvariantCulture), host, port);
    }

    private static (string Host, int Port) Address(string text)
    {
        var colon = text.LastIndexOf(':');
        return (text[..colon], int.Parse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture));
    }
}
