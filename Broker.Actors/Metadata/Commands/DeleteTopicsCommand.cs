using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Metadata.Commands;

/// <summary>DeleteTopics: by name or by id.</summary>
/// <param name="request">What is asked, in any version's form.</param>
/// <param name="byName">Whether the request's version names topics in a plain list (below 6).</param>
/// <param name="done">Gets the answer once the topics are gone.</param>
public sealed class DeleteTopicsCommand(DeleteTopicsRequest request, bool byName, Action<DeleteTopicsResponse> done) : ControllerCommand
{
    private readonly DeleteTopicsResponse answer = new();

    /// <inheritdoc/>
    public override IReadOnlyList<IApiMessage> Decide(ControllerContext context)
    {
        var asked = byName ? request.TopicNames.Select(n => new DeleteTopicsRequest.DeleteTopicState { Name = n }).ToList() : request.Topics;
        var names = asked.Where(t => t.Name is not null).Select(t => t.Name!).Concat(asked.Where(t => t.Name is null).Select(t => context.Image.TopicOf(t.TopicId)?.Name).OfType<string>());
        var twice = names.GroupBy(n => n).Where(g => g.Count() > 1).Select(g => g.Key).ToHashSet();
        var events = new List<IApiMessage>();
        foreach (var name in twice) answer.Responses.Add(Refused(name, Guid.Empty, ErrorCode.InvalidRequest, "the topic stands twice in the request"));
        foreach (var topic in asked) Judge(topic, context, twice, events);
        return events;
    }

    /// <inheritdoc/>
    public override void Done(MetadataImage image) => done(answer);

    /// <inheritdoc/>
    public override void Failed(ErrorCode error)
    {
        foreach (var topic in answer.Responses.Where(t => t.ErrorCode == ErrorCode.None)) topic.ErrorCode = error;
        done(answer);
    }

    private void Judge(DeleteTopicsRequest.DeleteTopicState asked, ControllerContext context, HashSet<string> twice, List<IApiMessage> events)
    {
        var byId = asked.TopicId != Guid.Empty;
        if (asked.Name is null == !byId)
        {
            answer.Responses.Add(Refused(asked.Name, asked.TopicId, ErrorCode.InvalidRequest, "a topic needs a name or an id, not both"));
            return;
        }

        var topic = byId ? context.Image.TopicOf(asked.TopicId) : context.Image.Topics.GetValueOrDefault(asked.Name!);
        if (topic is null)
        {
            answer.Responses.Add(Refused(asked.Name, asked.TopicId, byId ? ErrorCode.UnknownTopicId : ErrorCode.UnknownTopicOrPartition, "there is no such topic"));
        }
        else if (!context.Config.DeleteTopicEnable)
        {
            answer.Responses.Add(Refused(topic.Name, topic.Id, ErrorCode.TopicDeletionDisabled, "delete.topic.enable is false"));
        }
        else if (!twice.Contains(topic.Name))
        {
            events.Add(new RemoveTopicRecord { TopicId = topic.Id });
            answer.Responses.Add(new() { Name = topic.Name, TopicId = topic.Id });
        }
    }

    private static DeleteTopicsResponse.DeletableTopicResult Refused(string? name, Guid id, ErrorCode error, string why) => new() { Name = name, TopicId = id, ErrorCode = error, ErrorMessage = why };
}
