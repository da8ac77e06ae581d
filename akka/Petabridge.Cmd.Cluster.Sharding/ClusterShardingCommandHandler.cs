using System.Globalization;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Petabridge.Cmd.Host;
using Petabridge.Cmd.Host.Palettes;

namespace Petabridge.Cmd.Cluster.Sharding;

/// <summary>Handles <see cref="ClusterShardingCommands"/> on one node: asks its regions, which ask the others.</summary>
internal sealed class ClusterShardingCommandHandler : CommandHandlerActor
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ClusterSharding _sharding = ClusterSharding.Get(Context.System);

    public ClusterShardingCommandHandler()
        : base(ClusterShardingCommands.Instance.Palette)
    {
        Process(ClusterShardingCommands.ListRegions, (_, arguments) => Answer(Regions(Tables.WantsJson(arguments))));
        Process(ClusterShardingCommands.RegionStats, (_, arguments) => OfKind(arguments, Stats));
        Process(ClusterShardingCommands.Shards, (_, arguments) => OfKind(arguments, Shards));
    }

    private static async Task<CommandResponse> Stats(IActorRef region, bool asJson)
    {
        // Regions that do not answer in time are left out by the one that is asked, so it is waited for a little longer.
        var stats = await region.Ask<ClusterShardingStats>(new GetClusterShardingStats(Patience), Patience * 2).ConfigureAwait(false);
        var rows = stats.Regions.OrderBy(r => r.Key.ToString(), StringComparer.Ordinal).Select(r => (Node: r.Key.ToString(), Shards: r.Value.Stats.Count, Entities: r.Value.Stats.Values.Sum())).ToList();
        if (!asJson)
        {
            return new CommandResponse(Tables.Text(["NODE", "SHARDS", "ENTITIES"], rows.ConvertAll(r => new[] { r.Node, Text(r.Shards), Text(r.Entities) }))
                + $"\n{Text(rows.Sum(r => r.Shards))} shards, {Text(rows.Sum(r => r.Entities))} entities");
        }

        return new CommandResponse(Tables.WriteJson(json =>
        {
            json.WriteStartArray();
            foreach (var (node, shards, entities) in rows)
            {
                json.WriteStartObject();
                json.WriteString("node", node);
                json.WriteNumber("shards", shards);
                json.WriteNumber("entities", entities);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }));
    }

    private static async Task<CommandResponse> Shards(IActorRef region, bool asJson)
    {
        var state = await region.Ask<CurrentShardRegionState>(GetShardRegionState.Instance, Patience).ConfigureAwait(false);
        var shards = state.Shards.OrderBy(s => s.ShardId, StringComparer.Ordinal).ToList();
        if (!asJson)
        {
            var lines = shards.ConvertAll(s => new[] { s.ShardId, Text(s.EntityIds.Count), string.Join(',', s.EntityIds.Order(StringComparer.Ordinal)) });
            return new CommandResponse(lines.Count == 0 ? "this node has no shards of it" : Tables.Text(["SHARD", "ENTITIES", "IDS"], lines));
        }

        return new CommandResponse(Tables.WriteJson(json =>
        {
            json.WriteStartArray();
            foreach (var shard in shards)
            {
                json.WriteStartObject();
                json.WriteString("shard", shard.ShardId);
                json.WriteStartArray("entities");
                foreach (var id in shard.EntityIds.Order(StringComparer.Ordinal)) json.WriteStringValue(id);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private async Task<CommandResponse> Regions(bool asJson)
    {
        var kinds = _sharding.ShardTypeNames.Order(StringComparer.Ordinal).Select(kind => (Kind: kind, Region: _sharding.ShardRegion(kind))).ToList();
        var answers = await Task.WhenAll(kinds.Select(k => k.Region.Ask<CurrentRegions>(GetCurrentRegions.Instance, Patience))).ConfigureAwait(false);
        var rows = kinds.Zip(answers, (k, a) => (k.Kind, Nodes: a.Regions.Select(r => r.ToString()).Order(StringComparer.Ordinal).ToList())).ToList();
        if (!asJson)
        {
            return new CommandResponse(rows.Count == 0 ? "this node has no regions" : Tables.Text(["TYPE", "NODES"], rows.ConvertAll(r => new[] { r.Kind, string.Join(", ", r.Nodes) })));
        }

        return new CommandResponse(Tables.WriteJson(json =>
        {
            json.WriteStartArray();
            foreach (var (kind, nodes) in rows)
            {
                json.WriteStartObject();
                json.WriteString("type", kind);
                json.WriteStartArray("nodes");
                foreach (var node in nodes) json.WriteStringValue(node);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }));
    }

    private void OfKind(CommandArguments arguments, Func<IActorRef, bool, Task<CommandResponse>> ask)
    {
        var kind = arguments.ArgumentValues("type")[^1];
        if (_sharding.ShardTypeNames.Contains(kind)) Answer(ask(_sharding.ShardRegion(kind), Tables.WantsJson(arguments)));
        else Sender.Tell(new ErroredCommandResponse($"this node has no region of '{kind}'. It has: {string.Join(", ", _sharding.ShardTypeNames.Order(StringComparer.Ordinal))}"), Self);
    }

    private void Answer(Task<CommandResponse> answer)
        => answer.PipeTo(Sender, Self, failure: fault => new ErroredCommandResponse(fault is AskTimeoutException ? "the region did not answer within the time; is its coordinator's node alive?" : fault.Message));
}
