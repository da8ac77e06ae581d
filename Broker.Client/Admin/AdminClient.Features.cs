using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Transport;

namespace AkkaStream.Client.Admin;

/// <content>What the cluster can do, and who has configurations.</content>
public sealed partial class AdminClient
{
    /// <summary>The features that a broker knows, and the levels that the cluster has settled on.</summary>
    public async ValueTask<IReadOnlyList<ClusterFeature>> DescribeFeaturesAsync(CancellationToken cancellation = default)
    {
        var answer = await cluster.SendAsync<ApiVersionsResponse>(ServedVersions.Introduction(), cancellation: cancellation).ConfigureAwait(false);
        BrokerException.ThrowIf(answer.ErrorCode, "the features");
        var levels = answer.FinalizedFeatures.ToDictionary(f => f.Name, f => f.MaxVersionLevel);
        return answer.SupportedFeatures.OrderBy(f => f.Name, StringComparer.Ordinal).Select(f => new ClusterFeature(f.Name, levels.GetValueOrDefault(f.Name), f.MinVersion, f.MaxVersion)).ToList();
    }

    /// <summary>Raises or lowers features, all or none.</summary>
    /// <param name="levels">New levels by name; 0 turns a feature off.</param>
    /// <param name="how">What may be done to them.</param>
    /// <param name="validateOnly">Only says what would happen.</param>
    /// <param name="cancellation">Gives up waiting; it may still happen.</param>
    /// <exception cref="BrokerException">It was refused; the message says which feature and why.</exception>
    public async ValueTask UpdateFeaturesAsync(IReadOnlyDictionary<string, short> levels, FeatureUpgrade how = FeatureUpgrade.Upgrade, bool validateOnly = false, CancellationToken cancellation = default)
    {
        var request = new UpdateFeaturesRequest { TimeoutMs = TimeoutMs, ValidateOnly = validateOnly };
        // The first version knows only whether a level may fall.
        var isFirst = (await cluster.AnyAsync(cancellation).ConfigureAwait(false)).VersionOf(ApiKey.UpdateFeatures) == 0;
        foreach (var (name, level) in levels) request.FeatureUpdates.Add(new() { Feature = name, MaxVersionLevel = level, UpgradeType = (sbyte)(isFirst ? FeatureUpgrade.Upgrade : how), AllowDowngrade = isFirst && how != FeatureUpgrade.Upgrade });
        var answer = await cluster.SendAsync<UpdateFeaturesResponse>(request, cancellation: cancellation).ConfigureAwait(false);
        foreach (var result in answer.Results) BrokerException.ThrowIf(result.ErrorCode, $"feature {result.Feature}", result.ErrorMessage);
        BrokerException.ThrowIf(answer.ErrorCode, "the features", answer.ErrorMessage);
    }

    /// <summary>Everything that has a configuration of its own: topics, brokers, groups, client metrics.</summary>
    /// <param name="types">Only of these types; all where empty.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <exception cref="BrokerException">The request was refused.</exception>
    public async ValueTask<IReadOnlyList<ConfigResource>> ListConfigResourcesAsync(IReadOnlyCollection<ConfigResourceType>? types = null, CancellationToken cancellation = default)
    {
        var request = new ListConfigResourcesRequest { ResourceTypes = [.. (types ?? []).Select(t => (sbyte)t)] };
        var answer = await cluster.SendAsync<ListConfigResourcesResponse>(request, cancellation: cancellation).ConfigureAwait(false);
        BrokerException.ThrowIf(answer.ErrorCode, "the configurations");
        return answer.ConfigResources.ConvertAll(r => new ConfigResource((ConfigResourceType)r.ResourceType, r.ResourceName));
    }

    /// <summary>Puts members out of a classic group: static ones that will not come back.</summary>
    /// <param name="group">The group.</param>
    /// <param name="instanceIds">Their instance ids.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>What came of each.</returns>
    /// <exception cref="BrokerException">There is no such group.</exception>
    public ValueTask<IReadOnlyList<ItemResult<string>>> RemoveGroupMembersAsync(string group, IReadOnlyCollection<string> instanceIds, CancellationToken cancellation = default)
        => AtCoordinator("LeaveGroup", group, async (link, token) =>
        {
            var request = new LeaveGroupRequest { GroupId = group, Members = [.. instanceIds.Select(id => new LeaveGroupRequest.MemberIdentity { MemberId = "", GroupInstanceId = id, Reason = "an operator put it out" })] };
            using var got = await link.Send(request, cluster.Options.RequestTimeout, group, token).ConfigureAwait(false);
            var answer = got.As<LeaveGroupResponse>();
            BrokerException.ThrowIf(answer.ErrorCode, $"group {group}");
            return (IReadOnlyList<ItemResult<string>>)answer.Members.ConvertAll(m => new ItemResult<string>(m.GroupInstanceId ?? m.MemberId, m.ErrorCode, null));
        }, cancellation);
}
