using System.Text;

namespace AkkaStream.Client.Protocol;

/// <summary>
/// Names that come again and again (topics, client ids) are the same string object each time, so that a request allocates none.
/// One small table per thread; a name that hashes to a taken place takes it over, so hostile names cost nothing but a miss.
/// </summary>
internal static class StringCache
{
    private const int Places = 256;
    private const int LongestName = 64;

    [ThreadStatic]
    private static string?[]? table;

    public static string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length == 0) return "";
        if (utf8.Length > LongestName) return Encoding.UTF8.GetString(utf8);
        var places = table ??= new string?[Places];
        ref var place = ref places[Hash(utf8) & (Places - 1)];
        if (place is { } known && Same(known, utf8)) return known;
        return place = Encoding.UTF8.GetString(utf8);
    }

    // Only plain ASCII is compared without decoding; everything else is a miss.
    private static bool Same(string known, ReadOnlySpan<byte> utf8) => known.Length == utf8.Length && Ascii.Equals(known, utf8);

    private static int Hash(ReadOnlySpan<byte> utf8)
    {
        var hash = 2166136261u;
        foreach (var b in utf8) hash = (hash ^ b) * 16777619;
        return (int)(hash ^ (hash >> 15));
    }
}
