using AkkaStream.Actors.Configuration;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Metadata.Commands;

/// <summary>CreateTopics: each topic is judged by itself; those that are fine are created together.</summary>
/// <param name="request">What is asked.</param>
/// <param name="done">Gets the answer once the topics are in force.</param>
public sealed class CreateTopicsCommand(CreateTopicsRequest request, Action<CreateTopicsResponse> done) : ControllerCommand
{
    private readonly CreateTopicsResponse answer = new();
    private List<CreateTopicsResponse.CreatableTopicConfigs>? defaults;
    private readonly Dictionary<string, string> keys = new(StringComparer.Ordinal);
    private ReplicaPlacer? placer;

    /// <inheritdoc/>
    public override IReadOnlyList<IApiMessage> Decide(ControllerContext context)
    {
        var events = new List<IApiMessage>();
        var names = new HashSet<string>();
        var twice = new HashSet<string>(request.Topics.Where(t => !names.Add(t.Name)).Select(t => t.Name));
        var told = new HashSet<string>();
        foreach (var topic in request.Topics)
        {
            if (twice.Contains(topic.Name))
            {
                if (told.Add(topic.Name)) answer.Topics.Add(Refused(topic.Name, ErrorCode.InvalidRequest, "the topic stands twice in the request"));
                continue;
            }

            answer.Topics.Add(Judge(topic, context, events));
        }

        return request.ValidateOnly ? [] : events;
    }

    /// <inheritdoc/>
    public override void Done(MetadataImage image) => done(answer);

    /// <inheritdoc/>
    public override void Failed(ErrorCode error)
    {
        var refused = answer.Topics.Select(t => t.ErrorCode == ErrorCode.None ? Refused(t.Name, error, Why(error)) : t).ToList();
        answer.Topics = refused;
        done(answer);
    }

    private static string Why(ErrorCode error)
        => error == ErrorCode.InvalidReplicationFactor ? "every log directory is cordoned (cordoned.log.dirs)" : "the disk did not take it: there may be no room, or no log directory that can be used; the broker's log says which";

    private CreateTopicsResponse.CreatableTopicResult Judge(CreateTopicsRequest.CreatableTopic topic, ControllerContext context, List<IApiMessage> events)
    {
        if (request.TimeoutMs <= 0 && !request.ValidateOnly) return Refused(topic.Name, ErrorCode.RequestTimedOut, "the request gave no time for it");
        if (NameProblem(topic.Name, context.Image) is { } problem) return Refused(topic.Name, problem.Code, problem.Why);
        var (error, message, replicas) = Partitions(topic, context);
        if (error != ErrorCode.None) return Refused(topic.Name, error, message!);
        var asked = new Dictionary<string, string?>();
        foreach (var config in topic.Configs) asked[config.Name] = config.Value;
        (error, message) = ConfigChanges.CheckNewTopic(asked, context.Config);
        if (error != ErrorCode.None) return Refused(topic.Name, error, message!);
        var configs = asked.ToDictionary(c => c.Key, c => c.Value!);
        keys[TopicNames.CollisionKey(topic.Name)] = topic.Name;
        var id = context.NewId();
        events.Add(new TopicRecord { Name = topic.Name, TopicId = id });
        for (var i = 0; i < replicas.Count; i++) events.Add(Placement.NewPartition(id, i, replicas[i], context.IsActive));
        foreach (var (name, value) in configs) events.Add(new ConfigRecord { ResourceType = (sbyte)ConfigResourceType.Topic, ResourceName = topic.Name, Name = name, Value = value });
        return new CreateTopicsResponse.CreatableTopicResult
        {
            Name = topic.Name,
            TopicId = request.ValidateOnly ? Guid.Empty : id,
            ErrorMessage = null,
            NumPartitions = replicas.Count,
            ReplicationFactor = (short)replicas[0].Count,
            Configs = configs.Count > 0 ? ConfigDescriptions.OfNewTopic(configs, context.Config) : defaults ??= ConfigDescriptions.OfNewTopic(configs, context.Config),
        };
    }

    private (ErrorCode Code, string Why)? NameProblem(string name, MetadataImage image)
    {
        if (name == TopicNames.ClusterMetadata) return (ErrorCode.InvalidRequest, "the controller's journal is no topic");
        if (TopicNames.Check(name) is { } wrong) return (ErrorCode.InvalidTopicException, wrong);
        if (TopicNames.IsInternal(name)) return (ErrorCode.TopicAlreadyExists, $"topic '{name}' is the cluster's own");
        if (image.Topics.ContainsKey(name)) return (ErrorCode.TopicAlreadyExists, $"topic '{name}' exists");
        var key = TopicNames.CollisionKey(name);
        if (image.Collisions.TryGetValue(key, out var other)) return (ErrorCode.InvalidTopicException, $"'{name}' collides with topic '{other}': '.' and '_' are the same in metrics");
        return keys.TryGetValue(key, out var earlier) ? (ErrorCode.InvalidTopicException, $"'{name}' collides with '{earlier}' of the same request") : null;
    }

    private (ErrorCode Error, string? Message, List<List<int>> Replicas) Partitions(CreateTopicsRequest.CreatableTopic topic, ControllerContext context)
    {
        if (topic.Assignments.Count > 0) return Assigned(topic, context);
        if (topic.NumPartitions is 0 or < -1) return (ErrorCode.InvalidPartitions, $"{topic.NumPartitions} partitions were asked for; at least 1 is needed", []);
        var count = topic.NumPartitions == -1 ? context.Config.NumPartitions : topic.NumPartitions;
        if (count > Limits.PartitionsPerTopic) return (ErrorCode.InvalidPartitions, $"{count} partitions were asked for; a topic has at most {Limits.PartitionsPerTopic}", []);
        var factor = topic.ReplicationFactor == -1 ? context.Config.DefaultReplicationFactor : topic.ReplicationFactor;
        placer ??= new ReplicaPlacer(context);
        var (error, why) = placer.Check(factor);
        if (error != ErrorCode.None) return (error, why, []);
        var all = new List<List<int>>(count);
        for (var i = 0; i < count; i++) all.Add(placer.Next(factor));
        return (ErrorCode.None, null, all);
    }

    private (ErrorCode Error, string? Message, List<List<int>> Replicas) Assigned(CreateTopicsRequest.CreatableTopic topic, ControllerContext context)
    {
        if (topic.NumPartitions != -1) return (ErrorCode.InvalidRequest, "an assignment was given together with a number of partitions", []);
        if (topic.ReplicationFactor != -1) return (ErrorCode.InvalidRequest, "an assignment was given together with a replication factor", []);
        var all = new SortedDictionary<int, List<int>>();
        foreach (var assignment in topic.Assignments)
        {
            if (!all.TryAdd(assignment.PartitionIndex, assignment.BrokerIds)) return (ErrorCode.InvalidReplicaAssignment, $"partition {assignment.PartitionIndex} is assigned twice", []);
            if (Placement.CheckNew(assignment.BrokerIds, topic.Assignments[0].BrokerIds.Count, context) is { } wrong) return (ErrorCode.InvalidReplicaAssignment, wrong, []);
        }

        if (all.Keys.First() != 0 || all.Keys.Last() != all.Count - 1) return (ErrorCode.InvalidReplicaAssignment, "partitions must be numbered from 0 on without a gap", []);
        foreach (var replicas in all.Values) placer?.Count(replicas);
        return (ErrorCode.None, null, all.Values.ToList());
    }

    private static CreateTopicsResponse.CreatableTopicResult Refused(string name, ErrorCode error, string why) => new() { Name = name, ErrorCode = error, ErrorMessage = why };
}
