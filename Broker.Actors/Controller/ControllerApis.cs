using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Metadata.Commands;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Controller;

/// <summary>Which command a call to the controller is.</summary>
public static class ControllerApis
{
    /// <summary>The APIs that the controller answers.</summary>
    public static IReadOnlyList<ApiKey> Served { get; } =
    [
        ApiKey.CreateTopics, ApiKey.DeleteTopics, ApiKey.CreatePartitions, ApiKey.AlterConfigs, ApiKey.IncrementalAlterConfigs, ApiKey.AllocateProducerIds,
        ApiKey.DescribeQuorum, ApiKey.AddRaftVoter, ApiKey.RemoveRaftVoter,
        ApiKey.BrokerRegistration, ApiKey.BrokerHeartbeat, ApiKey.UnregisterBroker, ApiKey.AlterPartition, ApiKey.AssignReplicasToDirs, ApiKey.ElectLeaders, ApiKey.AlterPartitionReassignments, ApiKey.ListPartitionReassignments,
    ];

    /// <summary>The command of a call; null with an error where it cannot be read, or is nothing that the controller does.</summary>
    /// <param name="call">The call, as it came.</param>
    /// <param name="done">Gets the answer; null where there is nothing to say.</param>
    public static (ControllerCommand? Command, ErrorCode Error) CommandOf(ControllerCall call, Action<IApiMessage?> done)
    {
        var (request, error) = Decode(call);
        if (request is null) return (null, error);
        var command = Make(call, request, done);
        return (command, command is null ? ErrorCode.UnsupportedVersion : ErrorCode.None);
    }

    /// <summary>The request of a call; null with an error where there is no such API or version, or the bytes are none of it.</summary>
    public static (IApiMessage? Request, ErrorCode Error) Decode(ControllerCall call)
    {
        if (!ApiMessages.Versions(call.Key).Has(call.Version) || ApiMessages.CreateRequest(call.Key) is not { } request) return (null, ErrorCode.UnsupportedVersion);
        try
        {
            var reader = new MessageReader(call.Request);
            request.Read(ref reader, call.Version);
            return (request, ErrorCode.None);
        }
        catch (MalformedMessageException)
        {
            return (null, ErrorCode.InvalidRequest); // told to whoever sent it
        }
    }

    private static ControllerCommand? Make(ControllerCall call, IApiMessage request, Action<IApiMessage?> done) => (call.Kind, request) switch
    {
        (ControllerCallKind.InternalTopic, CreateTopicsRequest { Topics: [var topic] }) when TopicNames.IsInternal(topic.Name) => new InternalTopicCommand(topic.Name, () => done(new CreateTopicsResponse())),
        (ControllerCallKind.AutoCreateTopics, CreateTopicsRequest topics) => new AutoCreateTopicsCommand([.. topics.Topics.Select(t => t.Name)], _ => done(new CreateTopicsResponse())),
        (ControllerCallKind.Api, CreateTopicsRequest topics) => new CreateTopicsCommand(topics, done),
        (ControllerCallKind.Api, DeleteTopicsRequest topics) => new DeleteTopicsCommand(topics, call.Version < 6, done),
        (ControllerCallKind.Api, CreatePartitionsRequest partitions) => new CreatePartitionsCommand(partitions, done),
        (ControllerCallKind.Api, AlterConfigsRequest or IncrementalAlterConfigsRequest) => new AlterConfigsCommand(request, done),
        (ControllerCallKind.Api, AllocateProducerIdsRequest block) => new AllocateProducerIdsCommand(block, done),
        (ControllerCallKind.Api, BrokerRegistrationRequest registration) => new RegisterBrokerCommand(registration, done),
        (ControllerCallKind.Api, BrokerHeartbeatRequest heartbeat) => new BrokerHeartbeatCommand(heartbeat, done),
        (ControllerCallKind.Api, UnregisterBrokerRequest broker) => new UnregisterBrokerCommand(broker, done),
        (ControllerCallKind.Api, AlterPartitionRequest partitions) => new AlterPartitionCommand(partitions, done),
        (ControllerCallKind.Api, AssignReplicasToDirsRequest replicas) => new OfflineReplicasCommand(replicas, done),
        (ControllerCallKind.Api, ElectLeadersRequest partitions) => new ElectLeadersCommand(partitions, done),
        (ControllerCallKind.Api, AlterPartitionReassignmentsRequest moves) => new ReassignPartitionsCommand(moves, done),
        (ControllerCallKind.Api, ListPartitionReassignmentsRequest moves) => new ListReassignmentsCommand(moves, done),
        _ => null,
    };
}
