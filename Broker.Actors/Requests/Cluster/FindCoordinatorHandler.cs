using Akka.Actor;
using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Metadata.Commands;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Requests.Cluster;

/// <summary>
/// FindCoordinator: there are no groups and transactions yet, which clients hear as a coordinator that is not available. The topic that will
/// hold their state is made at the first question, as clients of Kafka know it.
/// </summary>
public sealed class FindCoordinatorHandler(BrokerServices broker) : IRequestHandler
{
    private const short FirstBatched = 4;
    private const sbyte Group = 0;
    private const sbyte Transaction = 1;
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

        var topic = request.KeyType switch { Group => TopicNames.ConsumerOffsets, Transaction => TopicNames.TransactionState, _ => null };
        if (topic is null || broker.Metadata.Image.Topics.ContainsKey(topic)) slot.Complete(answer);
        else broker.Controller.Tell(new InternalTopicCommand(topic, () => slot.Complete(answer)), ActorRefs.NoSender);
    }

    private static ErrorCode ErrorOf(sbyte type, string key)
    {
        if (type is < 0 or > Share) return ErrorCode.InvalidRequest;
        return type == Share && key.Split(':').Length != 3 ? ErrorCode.InvalidRequest : ErrorCode.CoordinatorNotAvailable;
    }
}
