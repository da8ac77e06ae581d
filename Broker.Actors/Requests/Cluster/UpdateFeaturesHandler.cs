using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Requests.Cluster;

/// <summary>What clients look for among a broker's features, and at which level each is in force: as of Kafka 4.3.</summary>
internal static class BrokerFeatures
{
    /// <summary>Name, lowest and highest level that is understood, and the one in force (0 for none).</summary>
    public static readonly (string Name, short Lowest, short Highest, short Finalized)[] All =
    [
        ("group.version", 0, 1, 1),
        ("metadata.version", 7, 29, 29),
        ("transaction.version", 0, ApiVersionsHandler.TransactionVersion, ApiVersionsHandler.TransactionVersion),
    ];
}

/// <summary>
/// UpdateFeatures: the levels in force are those that this broker is made for. Asking for one of them is fine, every other change is refused with the
/// reason.
/// </summary>
public sealed class UpdateFeaturesHandler : IRequestHandler
{
    private const short LastWithResults = 1;
    private const sbyte Upgrade = 1;

    /// <inheritdoc/>
    public void Handle(RequestSlot slot)
    {
        var request = (UpdateFeaturesRequest)slot.Request;
        var answer = new UpdateFeaturesResponse();
        foreach (var update in request.FeatureUpdates)
        {
            if (Problem(update, slot.Header.Version) is { } problem)
            {
                slot.Complete(new UpdateFeaturesResponse { ErrorCode = ErrorCode.InvalidUpdateVersion, ErrorMessage = problem });
                return;
            }

            if (slot.Header.Version <= LastWithResults) answer.Results.Add(new() { Feature = update.Feature });
        }

        slot.Complete(answer);
    }

    private static string? Problem(UpdateFeaturesRequest.FeatureUpdateKey update, short version)
    {
        foreach (var (name, lowest, highest, finalized) in BrokerFeatures.All)
        {
            if (name != update.Feature) continue;
            var level = update.MaxVersionLevel;
            if (level == finalized) return null;
            if (level < lowest || level > highest) return $"{name} has levels {lowest} to {highest} here, not {level}";
            var isDowngrade = version == 0 ? update.AllowDowngrade : update.UpgradeType != Upgrade;
            return level < finalized && !isDowngrade
                ? $"{name} is at level {finalized}; a lower one is a downgrade and has to be asked for as one"
                : $"{name} stays at level {finalized}: this broker serves no other";
        }

        return $"there is no feature {update.Feature}";
    }
}
