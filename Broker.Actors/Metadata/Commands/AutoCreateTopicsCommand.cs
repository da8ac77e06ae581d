using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Metadata.Commands;

/// <summary>Creates topics that clients asked about, with the broker's defaults; those that exist by now are left alone.</summary>
/// <param name="names">Legal names.</param>
/// <param name="done">Is told when they are in force, or why they are not.</param>
public sealed class AutoCreateTopicsCommand(IReadOnlyList<string> names, Action<ErrorCode> done) : ControllerCommand
{
    /// <inheritdoc/>
    public override IReadOnlyList<IApiMessage> Decide(ControllerContext context)
    {
        var events = new List<IApiMessage>();
        var placer = new ReplicaPlacer(context);
        var factor = context.Config.DefaultReplicationFactor;
        if (placer.Check(factor).Error != ErrorCode.None) return events;
        foreach (var name in names)
        {
            if (context.Image.Topics.ContainsKey(name) || context.Image.Collisions.ContainsKey(TopicNames.CollisionKey(name))) continue;
            var id = context.NewId();
            events.Add(new TopicRecord { Name = name, TopicId = id });
            for (var i = 0; i < context.Config.NumPartitions; i++) events.Add(Placement.NewPartition(id, i, placer.Next(factor), context.IsActive));
        }

        return events;
    }

    /// <inheritdoc/>
    public override void Done(MetadataImage image) => done(ErrorCode.None);

    /// <inheritdoc/>
    public override void Failed(ErrorCode error) => done(error);
}
