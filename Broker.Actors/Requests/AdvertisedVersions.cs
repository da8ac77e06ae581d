using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Requests;

/// <summary>
/// The versions that this broker serves: exactly those that ApiVersions promises. A door hands in nothing else.
/// </summary>
public sealed class AdvertisedVersions
{
    private readonly ApiVersionRange[] ranges;

    /// <summary>A table of the given APIs.</summary>
    public AdvertisedVersions(IReadOnlyDictionary<ApiKey, (short Lowest, short Highest)> served)
    {
        var highest = -1;
        foreach (var key in served.Keys) highest = Math.Max(highest, (short)key);
        ranges = new ApiVersionRange[highest + 1];
        Array.Fill(ranges, ApiVersionRange.Empty);
        foreach (var (key, (lowest, last)) in served)
        {
            var known = ApiMessages.Versions(key);
            if (!known.Has(lowest) || !known.Has(last)) throw new ArgumentException($"{key} has no versions {lowest} to {last}", nameof(served));
            ranges[(short)key] = known with { Lowest = lowest, Highest = last };
        }
    }

    /// <summary>The versions of an API; empty where it is not served.</summary>
    public ApiVersionRange Of(ApiKey key) => (ushort)key < ranges.Length ? ranges[(short)key] : ApiVersionRange.Empty;

    /// <summary>Whether this version of this API is served.</summary>
    public bool Has(ApiKey key, short version) => Of(key).Has(version);

    /// <summary>Every API that is served, by key.</summary>
    public IEnumerable<ApiKey> Served
    {
        get
        {
            for (var key = 0; key < ranges.Length; key++)
            {
                if (!ranges[key].IsEmpty) yield return (ApiKey)key;
            }
        }
    }
}
