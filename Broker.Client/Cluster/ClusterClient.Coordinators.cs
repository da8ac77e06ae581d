using System.Collections.Concurrent;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Transport;

namespace AkkaStream.Client.Cluster;

/// <summary>What a coordinator coordinates; the numbers are Kafka's.</summary>
public enum CoordinatorType : sbyte
{
    /// <summary>A group, by its id.</summary>
    Group = 0,

    /// <summary>A transactional id.</summary>
    Transaction = 1,
}

/// <content>Requests that go to the coordinator of a group or a transactional id.</content>
public sealed partial class ClusterClient
{
    private const short LastSingleLookup = 3;
    private readonly ConcurrentDictionary<(CoordinatorType, string), BrokerAddress> coordinators = new();

    /// <summary>A connection to the coordinator of a group or transactional id; asked for where it is not known.</summary>
    /// <exception cref="BrokerException">There is none, at the moment or for good.</exception>
    /// <exception cref="TransportException">It cannot be reached.</exception>
    public async ValueTask<IBrokerConnection> CoordinatorAsync(CoordinatorType type, string key, CancellationToken cancellation = default)
    {
        if (!coordinators.TryGetValue((type, key), out var address)) coordinators[(type, key)] = address = await FindAsync(type, key, cancellation).ConfigureAwait(false);
        try
        {
            return await ToAsync(address, cancellation).ConfigureAwait(false);
        }
        catch (TransportException)
        {
            ForgetCoordinator(type, key);
            throw;
        }
    }

    /// <summary>The coordinator is asked for anew at the next request.</summary>
    public void ForgetCoordinator(CoordinatorType type, string key) => coordinators.TryRemove((type, key), out _);

    /// <summary>
    /// Sends a request to a coordinator, and again while it cannot be reached, has moved, or says that another request must end first.
    /// </summary>
    /// <param name="type">What it coordinates.</param>
    /// <param name="key">Of which group or transactional id.</param>
    /// <param name="request">Makes the request for a connection: what it is, and the highest version it may go out in.</param>
    /// <param name="errorOf">The error of an answer that may be retriable; every other answer is the caller's to judge.</param>
    /// <param name="cancellation">Gives up.</param>
    public ValueTask<T> SendToCoordinatorAsync<T>(CoordinatorType type, string key, Func<IBrokerConnection, (IApiMessage Request, short Highest)> request, Func<T, ErrorCode> errorOf, CancellationToken cancellation = default)
        where T : class, IApiMessage
        => RetryAsync($"{type} {key}", async token =>
        {
            try
            {
                var connection = await CoordinatorAsync(type, key, token).ConfigureAwait(false);
                var (message, highest) = request(connection);
                using var answer = await connection.SendAsync(message, Options.RequestTimeout, highest, token).ConfigureAwait(false);
                var response = answer.As<T>();
                var error = errorOf(response);
                if (error.IsRetriable()) throw new BrokerException(error, message.ApiKey.ToString());
                return response;
            }
            catch (Exception e) when (e is TransportException || e is BrokerException { Code: ErrorCode.NotCoordinator or ErrorCode.CoordinatorNotAvailable })
            {
                ForgetCoordinator(type, key);
                throw;
            }
        }, cancellation);

    private async ValueTask<BrokerAddress> FindAsync(CoordinatorType type, string key, CancellationToken cancellation)
    {
        var found = await LookUpAsync(type, key, cancellation).ConfigureAwait(false);
        BrokerException.ThrowIf(found.ErrorCode, $"the coordinator of {key}", found.ErrorMessage);
        return new BrokerAddress(found.Host, found.Port);
    }

    /// <summary>Asks any broker who coordinates: its id and address, or the error in the answer.</summary>
    internal async ValueTask<FindCoordinatorResponse.Coordinator> LookUpAsync(CoordinatorType type, string key, CancellationToken cancellation)
    {
        var connection = await AnyAsync(cancellation).ConfigureAwait(false);
        var isSingle = connection.VersionOf(ApiKey.FindCoordinator) <= LastSingleLookup;
        var request = new FindCoordinatorRequest { KeyType = (sbyte)type };
        if (isSingle) request.Key = key;
        else request.CoordinatorKeys = [key];
        using var answer = await connection.SendAsync(request, Options.RequestTimeout, cancellation: cancellation).ConfigureAwait(false);
        var response = answer.As<FindCoordinatorResponse>();
        if (isSingle) return new() { Key = key, NodeId = response.NodeId, Host = response.Host, Port = response.Port, ErrorCode = response.ErrorCode, ErrorMessage = response.ErrorMessage };
        return response.Coordinators.Count == 1 ? response.Coordinators[0] : throw new BrokerException(ErrorCode.UnknownServerError, $"the coordinator of {key}", "no result came back");
    }
}
