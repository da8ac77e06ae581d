using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Requests.Cluster;

/// <summary>DescribeCluster: the cluster's id and its brokers.</summary>
public sealed class DescribeClusterHandler(BrokerServices broker) : IRequestHandler
{
    private const sbyte Brokers = 1;

    /// <inheritdoc/>
    public void Handle(RequestSlot slot)
    {
        var request = (DescribeClusterRequest)slot.Request;
        if (request.EndpointType != Brokers)
        {
            var known = request.EndpointType == 2;
            slot.Complete(new DescribeClusterResponse { ErrorCode = known ? ErrorCode.MismatchedEndpointType : ErrorCode.UnsupportedEndpointType, ErrorMessage = "this is a broker's endpoint" });
            return;
        }

        slot.Complete(new DescribeClusterResponse
        {
            ClusterId = broker.Metadata.ClusterId,
            ControllerId = broker.Metadata.BrokerId,
            Brokers = BrokersFor(slot.Connection, request.IncludeFencedBrokers),
            ClusterAuthorizedOperations = request.IncludeClusterAuthorizedOperations ? AuthorizedOperations.Cluster : AuthorizedOperations.NotAsked,
        });
    }

    private List<DescribeClusterResponse.DescribeClusterBroker> BrokersFor(ClientConnection client, bool withFenced)
    {
        var known = broker.Metadata.Image.Brokers;
        var all = broker.AddressesFor(client).ConvertAll(b => new DescribeClusterResponse.DescribeClusterBroker
        {
            BrokerId = b.Id,
            Host = b.Host,
            Port = b.Port,
            Rack = b.Rack,
            IsShuttingDown = withFenced && known.TryGetValue(b.Id, out var at) && at.IsShuttingDown,
        });
        if (!withFenced) return all;
        foreach (var one in known.Values.Where(b => b.IsFenced).OrderBy(b => b.Id))
        {
            var endpoint = one.Endpoint(client.Listener);
            all.RemoveAll(b => b.BrokerId == one.Id); // itself, which it takes for being there
            all.Add(new() { BrokerId = one.Id, Host = endpoint?.Host ?? "", Port = endpoint?.Port ?? 0, Rack = one.Rack, IsFenced = true });
        }

        return all;
    }
}

/// <summary>What a client may do, as bits of Kafka's ACL operations; without an authorizer everything that there is.</summary>
internal static class AuthorizedOperations
{
    /// <summary>The client did not ask.</summary>
    public const int NotAsked = int.MinValue;

    /// <summary>Create, alter, describe, cluster action, describe and alter configs, idempotent write, and more.</summary>
    public const int Cluster = 8096;

    /// <summary>Read, delete, describe.</summary>
    public const int Group = 328;

    /// <summary>Read, write, create, delete, alter, describe, describe and alter configs.</summary>
    public const int Topic = 3576;
}
