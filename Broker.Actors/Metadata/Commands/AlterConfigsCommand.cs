using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Metadata.Decisions;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Metadata.Commands;

/// <summary>AlterConfigs and IncrementalAlterConfigs: the configuration logic judges, the controller makes it durable.</summary>
/// <param name="request">Either request.</param>
/// <param name="done">Gets the answer once the values are in force.</param>
public sealed class AlterConfigsCommand(IApiMessage request, Action<IApiMessage> done) : ControllerCommand
{
    private IApiMessage? answer;

    /// <inheritdoc/>
    public override IReadOnlyList<IApiMessage> Decide(ControllerContext context)
    {
        var state = new ImageConfigState(context.Image, context.Config, context.BrokerId);
        var changes = new List<ConfigChange>();
        answer = request switch
        {
            IncrementalAlterConfigsRequest incremental => ConfigChanges.Answer(incremental, state, changes),
            AlterConfigsRequest whole => ConfigChanges.Answer(whole, state, changes),
            _ => throw new ArgumentException($"{request.ApiKey} changes no configuration", nameof(request)),
        };
        var events = changes.ConvertAll<IApiMessage>(c => new ConfigRecord { ResourceType = (sbyte)c.Resource.Type, ResourceName = c.Resource.Name, Name = c.Key, Value = c.Value });
        ConfigConsequences.Add(context, changes, events);
        return events;
    }

    /// <inheritdoc/>
    public override void Done(MetadataImage image) => done(answer!);

    /// <inheritdoc/>
    public override void Failed(ErrorCode error)
    {
        if (answer is IncrementalAlterConfigsResponse incremental)
        {
            foreach (var r in incremental.Responses.Where(r => r.ErrorCode == ErrorCode.None)) r.ErrorCode = error;
        }
        else if (answer is AlterConfigsResponse whole)
        {
            foreach (var r in whole.Responses.Where(r => r.ErrorCode == ErrorCode.None)) r.ErrorCode = error;
        }

        done(answer!);
    }
}
