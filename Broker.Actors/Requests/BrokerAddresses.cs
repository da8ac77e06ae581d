using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Partitions;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Requests;

/// <summary>A broker as a client gets to see it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Host">Where the client reaches it.</param>
/// <param name="Port">At which port.</param>
/// <param name="Rack">Its rack, or null.</param>
public readonly record struct AdvertisedBroker(int Id, string Host, int Port, string? Rack);

/// <summary>Where a client finds brokers: by the listener that it came to.</summary>
public static class BrokerAddresses
{
    /// <summary>The brokers that are there, by id; one alone is always there.</summary>
    public static List<AdvertisedBroker> AddressesFor(this BrokerServices broker, ClientConnection client)
    {
        var image = broker.Metadata.Image;
        if (image.Brokers.IsEmpty) return [broker.OwnAddress(client)];
        var all = new List<AdvertisedBroker>(image.Brokers.Count);
        foreach (var known in image.Brokers.Values)
        {
            if (!known.IsFenced && broker.AddressOf(known.Id, client) is { } address) all.Add(address);
        }

        all.Sort(static (a, b) => a.Id.CompareTo(b.Id));
        return all;
    }

    /// <summary>Where a client finds a broker; null where it is not known, not there, or has no listener of that name.</summary>
    public static AdvertisedBroker? AddressOf(this BrokerServices broker, int id, ClientConnection client)
    {
        if (id == broker.Metadata.BrokerId) return broker.OwnAddress(client);
        if (!broker.Metadata.Image.Brokers.TryGetValue(id, out var known) || known.IsFenced) return null;
        return known.Endpoint(client.Listener) is { } endpoint ? new AdvertisedBroker(id, endpoint.Host, endpoint.Port, known.Rack) : null;
    }

    /// <summary>Why a partition cannot be had from this broker that has no replica of it.</summary>
    internal static ErrorCode WhyMissing(this BrokerServices broker, string topic, int index)
        => broker.Partitions.TryGetTopic(topic, out var there) && (uint)index < (uint)there.Length ? ErrorCode.NotLeaderOrFollower : ErrorCode.UnknownTopicOrPartition;

    /// <summary>As the other one, by the topic's id.</summary>
    internal static ErrorCode WhyMissing(this BrokerServices broker, Guid topic, int index)
    {
        if (!broker.Partitions.TryGetTopic(topic, out var there)) return ErrorCode.UnknownTopicId;
        return (uint)index < (uint)there.Length ? ErrorCode.NotLeaderOrFollower : ErrorCode.UnknownTopicOrPartition;
    }

    /// <summary>Whether the cluster has that partition, here or elsewhere.</summary>
    internal static bool Knows(this PartitionRegistry partitions, string topic, int index) => partitions.TryGetTopic(topic, out var there) && (uint)index < (uint)there.Length;

    /// <summary>The partition as the controller decided it last; null where there is none.</summary>
    internal static PartitionImage? ImageOf(this BrokerServices broker, string topic, int index)
        => broker.Metadata.Image.Topics.TryGetValue(topic, out var known) && (uint)index < (uint)known.Partitions.Length ? known.Partitions[index] : null;

    /// <summary>As the other one, by the topic's id.</summary>
    internal static PartitionImage? ImageOf(this BrokerServices broker, Guid topic, int index)
        => broker.Metadata.Image.TopicOf(topic) is { } known && (uint)index < (uint)known.Partitions.Length ? known.Partitions[index] : null;

    private static AdvertisedBroker OwnAddress(this BrokerServices broker, ClientConnection client)
    {
        var (host, port) = broker.Advertised(client);
        return new AdvertisedBroker(broker.Metadata.BrokerId, host, port, broker.Config.Rack);
    }
}
