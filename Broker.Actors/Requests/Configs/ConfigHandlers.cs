using Akka.Actor;
using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Metadata.Commands;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Requests.Configs;

/// <summary>DescribeConfigs and ListConfigResources from the metadata; AlterConfigs and IncrementalAlterConfigs by the controller.</summary>
public sealed class ConfigHandlers(BrokerServices broker) : IRequestHandler
{
    /// <inheritdoc/>
    public void Handle(RequestSlot slot)
    {
        switch (slot.Request)
        {
            case DescribeConfigsRequest describe: slot.Complete(Describe(describe, slot.Header.Version)); break;
            case ListConfigResourcesRequest list: slot.Complete(ConfigDescriptions.Answer(list, slot.Header.Version, State())); break;
            default: broker.Controller.Tell(new AlterConfigsCommand(slot.Request, slot.Complete), ActorRefs.NoSender); break;
        }
    }

    private DescribeConfigsResponse Describe(DescribeConfigsRequest request, short version)
    {
        var answer = ConfigDescriptions.Answer(request, State());
        if (version > 0) return answer;
        // Version 0 tells only whether a value is the default; later ones tell where it comes from.
        foreach (var result in answer.Results)
        {
            foreach (var config in result.Configs) config.IsDefault = config.ConfigSource == (sbyte)ConfigSource.Default;
        }

        return answer;
    }

    private ImageConfigState State() => new(broker.Metadata.Image, broker.Config, broker.Metadata.BrokerId);
}
