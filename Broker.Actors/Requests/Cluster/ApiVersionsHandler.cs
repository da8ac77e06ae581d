using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Requests.Cluster;

/// <summary>ApiVersions: promises exactly what is served.</summary>
public sealed class ApiVersionsHandler(BrokerServices broker) : IRequestHandler
{
    /// <summary>The version of transactions that is in force: every transaction has an epoch of its own (KIP-890).</summary>
    public const short TransactionVersion = 2;

    private const short FirstWithSoftware = 3;

    /// <inheritdoc/>
    public void Handle(RequestSlot slot)
    {
        var request = (ApiVersionsRequest)slot.Request;
        if (slot.Header.Version >= FirstWithSoftware)
        {
            if (!IsSoftwareName(request.ClientSoftwareName) || !IsSoftwareName(request.ClientSoftwareVersion))
            {
                slot.Complete(new ApiVersionsResponse { ErrorCode = ErrorCode.InvalidRequest });
                return;
            }

            slot.Connection.ClientSoftware = $"{request.ClientSoftwareName} {request.ClientSoftwareVersion}";
        }

        slot.Complete(Answer(slot.Header.Version));
    }

    private ApiVersionsResponse Answer(short version)
    {
        var answer = new ApiVersionsResponse();
        foreach (var key in broker.Versions.Served)
        {
            var range = broker.Versions.Of(key);
            answer.ApiKeys.Add(new() { ApiKey = (short)key, MinVersion = range.Lowest, MaxVersion = range.Highest });
        }

        if (version < FirstWithSoftware) return answer;
        answer.FinalizedFeaturesEpoch = Math.Max(0, broker.Metadata.Image.Offset);
        foreach (var (name, lowest, highest, finalized) in BrokerFeatures.All)
        {
            // Before version 4 a lowest version of 0 is not understood (KIP-1022).
            if (version >= 4 || lowest > 0) answer.SupportedFeatures.Add(new() { Name = name, MinVersion = lowest, MaxVersion = highest });
            if (finalized > 0) answer.FinalizedFeatures.Add(new() { Name = name, MinVersionLevel = finalized, MaxVersionLevel = finalized });
        }

        return answer;
    }

    // Letters, digits, dots and dashes, neither beginning nor ending with a dot or dash (KIP-511).
    private static bool IsSoftwareName(string name)
    {
        if (name.Length == 0 || !char.IsAsciiLetterOrDigit(name[0]) || !char.IsAsciiLetterOrDigit(name[^1])) return false;
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-')) return false;
        }

        return true;
    }
}
