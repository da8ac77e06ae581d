using System.Globalization;
using Akka.Hosting;
using AkkaStream.Actors.Configuration;
using AkkaStream.Host.Verbs;
using Petabridge.Cmd.Cluster;
using Petabridge.Cmd.Cluster.Sharding;
using Petabridge.Cmd.Host;

namespace AkkaStream.Host.Pbm;

/// <summary>What <c>pbm</c> connects to: the host in the broker's actor system, with palettes for what a broker has.</summary>
internal static class ConsoleHost
{
    /// <summary>Where the host listens, for the configuration of the actor system.</summary>
    internal static string Hocon(BrokerConfig config)
        => $"petabridge.cmd {{ host = {config.String("petabridge.cmd.host").ToHocon()}, port = {config.Int("petabridge.cmd.port").ToString(CultureInfo.InvariantCulture)} }}";

    /// <summary>Starts it.</summary>
    internal static void Start(RunningBroker broker)
    {
        var host = PetabridgeCmd.Get(broker.System);
        host.RegisterCommandPalette(new VerbPalette(BrokerPalettes.Groups, broker, GroupsVerb.Create));
        host.RegisterCommandPalette(new VerbPalette(BrokerPalettes.Topics, broker, TopicsVerb.Create));
        host.RegisterCommandPalette(new VerbPalette(BrokerPalettes.Transactions, broker, TransactionsVerb.Create));
        host.RegisterCommandPalette(new VerbPalette(BrokerPalettes.Partitions, broker, PartitionsVerb.Create));
        host.RegisterCommandPalette(new VerbPalette(BrokerPalettes.Brokers, broker, BrokersVerb.Create));
        host.RegisterCommandPalette(new VerbPalette(BrokerPalettes.Controller, broker, ControllerVerb.Create));
        host.RegisterCommandPalette(new VerbPalette(BrokerPalettes.Elect, broker, ElectVerb.Create));
        host.RegisterCommandPalette(new VerbPalette(BrokerPalettes.Metadata, broker, MetadataVerb.Create));
        host.RegisterCommandPalette(new VerbPalette(BrokerPalettes.Reassign, broker, ReassignVerb.Create));
        host.RegisterCommandPalette(new VerbPalette(BrokerPalettes.Broker, broker, BrokerVerb.Create));
        if (broker.HasCluster)
        {
            host.RegisterCommandPalette(ClusterCommands.Instance);
            host.RegisterCommandPalette(ClusterShardingCommands.Instance);
        }

        host.Start();
    }
}
