namespace AkkaStream.Client.Protocol;

/// <summary>Versions and factories of the APIs.</summary>
public static partial class ApiMessages
{
    private const ApiKey FirstOfHighHalf = ApiKey.DescribeClientQuotas;

    /// <summary>The versions of every API that has any.</summary>
    public static IEnumerable<ApiKey> All => Enumerable.Range(0, Ranges.Length).Select(key => (ApiKey)key).Where(key => !Versions(key).IsEmpty);

    /// <summary>An API's versions; empty where the key is no API.</summary>
    public static ApiVersionRange Versions(ApiKey key) => (ushort)key < Ranges.Length ? Ranges[(short)key] : ApiVersionRange.Empty;

    /// <summary>A new, empty request of an API; null where the key is no API.</summary>
    public static IApiMessage? CreateRequest(ApiKey key) => key < FirstOfHighHalf ? RequestLow(key) : RequestHigh(key);

    /// <summary>A new, empty answer of an API; null where the key is no API.</summary>
    public static IApiMessage? CreateResponse(ApiKey key) => key < FirstOfHighHalf ? ResponseLow(key) : ResponseHigh(key);
}

/// <summary>The versions of an API.</summary>
/// <param name="Lowest">The lowest that can be read and written.</param>
/// <param name="Highest">The highest, unstable ones included; below <paramref name="Lowest"/> where there is none.</param>
/// <param name="FlexibleFrom">The first with compact lengths and tagged fields.</param>
/// <param name="HighestStable">The highest that may be advertised by default.</param>
public readonly record struct ApiVersionRange(short Lowest, short Highest, short FlexibleFrom, short HighestStable)
{
    /// <summary>No version at all.</summary>
    public static ApiVersionRange Empty => new(0, -1, short.MaxValue, -1);

    /// <summary>Whether there is no version.</summary>
    public bool IsEmpty => Highest < Lowest;

    /// <summary>Whether there is this version.</summary>
    public bool Has(short version) => version >= Lowest && version <= Highest;

    /// <summary>The version of the header before a request: 2 is the first with tagged fields.</summary>
    public short RequestHeaderVersion(short version) => version >= FlexibleFrom ? (short)2 : (short)1;
}
