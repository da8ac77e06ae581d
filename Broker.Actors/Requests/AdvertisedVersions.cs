using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Requests;

/// <summary>
/// The versions that this broker serves: those that ApiVersions promises, and a few older ones for clients that never ask for its answer.
/// A door hands in nothing else.
/// </summary>
public sealed class AdvertisedVersions
{
    private readonly ApiVersionRange[] ranges;
    private readonly Dictionary<ApiKey, ApiVersionRange> unpromised = [];

    /// <summary>A table of the given APIs.</summary>
    /// <param name="served">What is promised.</param>
    /// <param name="older">What is served without being promised, below what is.</param>
    /// <exception cref="ArgumentException">The codec has no such versions.</exception>
    public AdvertisedVersions(IReadOnlyDictionary<ApiKey, (short Lowest, short Highest)> served, IReadOnlyDictionary<ApiKey, (short Lowest, short Highest)>? older = null)
    {
        var highest = -1;
        foreach (var key in served.Keys) highest = Math.Max(highest, (short)key);
        ranges = new ApiVersionRange[highest + 1];
        Array.Fill(ranges, ApiVersionRange.Empty);
        foreach (var (key, (lowest, last)) in served)
        {
            ranges[(short)key] = Range(key, lowest, last);
        }

        if (older is null) return;
        foreach (var (key, (lowest, last)) in older) unpromised[key] = Range(key, lowest, last);
    }

    /// <summary>The promised versions of an API; empty where it is not served.</summary>
    public ApiVersionRange Of(ApiKey key) => (ushort)key < ranges.Length ? ranges[(short)key] : ApiVersionRange.Empty;

    /// <summary>Whether this version of this API is served.</summary>
    public bool Has(ApiKey key, short version) => Of(key).Has(version) || (unpromised.TryGetValue(key, out var range) && range.Has(version));

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

    private static ApiVersionRange Range(ApiKey key, short lowest, short highest)
    {
        var known = ApiMessages.Versions(key);
        if (!known.Has(lowest) || !known.Has(highest)) throw new ArgumentException($"{key} has no versions {lowest} to {highest}", nameof(key));
        return known with { Lowest = lowest, Highest = highest };
    }
}
