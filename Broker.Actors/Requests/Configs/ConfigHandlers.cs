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
            case DescribeConfigsRequest describe: slot.Complete(ConfigDescriptions.Answer(describe, State())); break;
            case ListConfigResourcesRequest list: slot.Complete(ConfigDescriptions.Answer(list, slot.Header.Version, State())); break;
            default: broker.Controller.Tell(new AlterConfigsCommand(slot.Request, slot.Complete), ActorRefs.NoSender); break;
        }
    }

    private ImageConfigState State() => new(broker.Metadata.Image, broker.Config, broker.Metadata.BrokerId);
}
