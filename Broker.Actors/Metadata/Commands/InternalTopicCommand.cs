using AkkaStream.Actors.Configuration;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Metadata.Commands;

/// <summary>Makes a topic of the cluster's own, compacted, with the number of partitions that the broker's configuration gives it.</summary>
/// <param name="name"><see cref="TopicNames.ConsumerOffsets"/> or <see cref="TopicNames.TransactionState"/>.</param>
/// <param name="done">Called when it is there, or cannot be made.</param>
public sealed class InternalTopicCommand(string name, Action done) : ControllerCommand
{
    /// <inheritdoc/>
    public override IReadOnlyList<IApiMessage> Decide(ControllerContext context)
    {
        if (context.Image.Topics.ContainsKey(name)) return [];
        var offsets = name == TopicNames.ConsumerOffsets;
        var count = context.Config.Int(offsets ? "offsets.topic.num.partitions" : "transaction.state.log.num.partitions");
        var segment = context.Config.String(offsets ? "offsets.topic.segment.bytes" : "transaction.state.log.segment.bytes");
        var id = context.NewId();
        var events = new List<IApiMessage> { new TopicRecord { Name = name, TopicId = id } };
        for (var i = 0; i < count; i++) events.Add(Placement.NewPartition(id, i, [context.BrokerId]));
        events.Add(Config("cleanup.policy", "compact"));
        events.Add(Config("compression.type", offsets ? "producer" : "uncompressed"));
        events.Add(Config("segment.bytes", segment));
        return events;
    }

    /// <inheritdoc/>
    public override void Done(MetadataImage image) => done();

    /// <inheritdoc/>
    public override void Failed(ErrorCode error) => done();

    private ConfigRecord Config(string key, string? value) => new() { ResourceType = (sbyte)ConfigResourceType.Topic, ResourceName = name, Name = key, Value = value };
}
