using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Requests.Cluster;

/// <summary>FindCoordinator: there are no groups and transactions yet, which clients hear as a coordinator that is not available.</summary>
public sealed class FindCoordinatorHandler : IRequestHandler
{
    private const short FirstBatched = 4;
    private const sbyte Share = 2;
    private const string Why = "this broker has no group and transaction coordinators yet";

    /// <inheritdoc/>
    public void Handle(RequestSlot slot)
    {
        var request = (FindCoordinatorRequest)slot.Request;
        var answer = new FindCoordinatorResponse();
        if (slot.Header.Version >= FirstBatched)
        {
            foreach (var key in request.CoordinatorKeys)
            {
                var error = ErrorOf(request.KeyType, key);
                answer.Coordinators.Add(new() { Key = key, NodeId = -1, Host = "", Port = -1, ErrorCode = error, ErrorMessage = Why });
            }
        }
        else
        {
            answer.ErrorCode = ErrorOf(request.KeyType, request.Key);
            answer.ErrorMessage = Why;
            (answer.NodeId, answer.Host, answer.Port) = (-1, "", -1);
        }

        slot.Complete(answer);
    }

    private static ErrorCode ErrorOf(sbyte type, string key)
    {
        if (type is < 0 or > Share) return ErrorCode.InvalidRequest;
        return type == Share && key.Split(':').Length != 3 ? ErrorCode.InvalidRequest : ErrorCode.CoordinatorNotAvailable;
    }
}
