using AkkaStream.Actors.Configuration;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Requests.Configs;

/// <summary>
/// What a broker refuses by itself of AlterConfigs and IncrementalAlterConfigs before it hands them on to the controller: settings of another broker. They are changed through that broker,
/// so that who may reach it decides, and what holds there is what was asked for there.
/// </summary>
internal static class ForeignSettings
{
    /// <summary>Takes what is refused out of the request.</summary>
    /// <param name="request">Either request; others are left alone.</param>
    /// <param name="state">What this broker knows.</param>
    /// <returns>The answer for what was taken out; null where all can go on.</returns>
    public static IApiMessage? Take(IApiMessage request, IConfigState state)
    {
        switch (request)
        {
            case IncrementalAlterConfigsRequest incremental:
                var refused = new IncrementalAlterConfigsResponse();
                incremental.Resources.RemoveAll(r =>
                {
                    if (WhyNot(r.ResourceType, r.ResourceName, state) is not { } why) return false;
                    refused.Responses.Add(new() { ErrorCode = ErrorCode.InvalidRequest, ErrorMessage = why, ResourceType = r.ResourceType, ResourceName = r.ResourceName });
                    return true;
                });
                return refused.Responses.Count > 0 ? refused : null;
            case AlterConfigsRequest whole:
                var denied = new AlterConfigsResponse();
                whole.Resources.RemoveAll(r =>
                {
                    if (WhyNot(r.ResourceType, r.ResourceName, state) is not { } why) return false;
                    denied.Responses.Add(new() { ErrorCode = ErrorCode.InvalidRequest, ErrorMessage = why, ResourceType = r.ResourceType, ResourceName = r.ResourceName });
                    return true;
                });
                return denied.Responses.Count > 0 ? denied : null;
            default:
                return null;
        }
    }

    /// <summary>Whether nothing of a request is left for the controller.</summary>
    public static bool IsEmpty(IApiMessage request) => request is IncrementalAlterConfigsRequest { Resources.Count: 0 } or AlterConfigsRequest { Resources.Count: 0 };

    /// <summary>The controller's answer with what was refused before.</summary>
    public static IApiMessage Merge(IApiMessage answer, IApiMessage? refused)
    {
        if (answer is IncrementalAlterConfigsResponse incremental && refused is IncrementalAlterConfigsResponse also) incremental.Responses.AddRange(also.Responses);
        else if (answer is AlterConfigsResponse whole && refused is AlterConfigsResponse too) whole.Responses.AddRange(too.Responses);
        return answer;
    }

    private static string? WhyNot(sbyte type, string name, IConfigState state)
    {
        var resource = new ConfigResource((ConfigResourceType)type, name);
        var isBrokers = resource.Type == ConfigResourceType.BrokerLogger || (resource.Type == ConfigResourceType.Broker && name.Length > 0);
        return isBrokers ? ConfigChanges.OtherBroker(resource, state) : null;
    }
}
