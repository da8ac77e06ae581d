using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Requests;

/// <summary>Answers to requests that never got one of the controller.</summary>
internal static class ControllerRefusals
{
    private const string Why = "the controller did not answer; it may have done it: look before asking again";

    /// <summary>The answer that says so, item by item where the API has items.</summary>
    public static IApiMessage Of(IApiMessage request, ErrorCode error) => request switch
    {
        CreateTopicsRequest r => new CreateTopicsResponse { Topics = r.Topics.ConvertAll(t => new CreateTopicsResponse.CreatableTopicResult { Name = t.Name, ErrorCode = error, ErrorMessage = Why }) },
        DeleteTopicsRequest r => new DeleteTopicsResponse
        {
            Responses =
            [
                .. r.TopicNames.Select(name => new DeleteTopicsResponse.DeletableTopicResult { Name = name, ErrorCode = error, ErrorMessage = Why }),
                .. r.Topics.Select(t => new DeleteTopicsResponse.DeletableTopicResult { Name = t.Name, TopicId = t.TopicId, ErrorCode = error, ErrorMessage = Why }),
            ],
        },
        CreatePartitionsRequest r => new CreatePartitionsResponse { Results = r.Topics.ConvertAll(t => new CreatePartitionsResponse.CreatePartitionsTopicResult { Name = t.Name, ErrorCode = error, ErrorMessage = Why }) },
        AlterConfigsRequest r => new AlterConfigsResponse
        {
            Responses = r.Resources.ConvertAll(c => new AlterConfigsResponse.AlterConfigsResourceResponse { ResourceType = c.ResourceType, ResourceName = c.ResourceName, ErrorCode = error, ErrorMessage = Why }),
        },
        IncrementalAlterConfigsRequest r => new IncrementalAlterConfigsResponse
        {
            Responses = r.Resources.ConvertAll(c => new IncrementalAlterConfigsResponse.AlterConfigsResourceResponse { ResourceType = c.ResourceType, ResourceName = c.ResourceName, ErrorCode = error, ErrorMessage = Why }),
        },
        ElectLeadersRequest => new ElectLeadersResponse { ErrorCode = error },
        AlterPartitionReassignmentsRequest => new AlterPartitionReassignmentsResponse { ErrorCode = error, ErrorMessage = Why },
        ListPartitionReassignmentsRequest => new ListPartitionReassignmentsResponse { ErrorCode = error, ErrorMessage = Why },
        DescribeQuorumRequest => new DescribeQuorumResponse { ErrorCode = error, ErrorMessage = Why },
        AddRaftVoterRequest => new AddRaftVoterResponse { ErrorCode = error, ErrorMessage = Why },
        RemoveRaftVoterRequest => new RemoveRaftVoterResponse { ErrorCode = error, ErrorMessage = Why },
        UnregisterBrokerRequest => new UnregisterBrokerResponse { ErrorCode = error, ErrorMessage = Why },
        _ => throw new ArgumentException($"{request.ApiKey} is not the controller's", nameof(request)),
    };
}
