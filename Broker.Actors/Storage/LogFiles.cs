using System.Globalization;

namespace AkkaStream.Actors.Storage;

/// <summary>Names of the files in a partition's directory.</summary>
internal static class LogFiles
{
    public const string Log = ".log";
    public const string Index = ".index";
    public const string TimeIndex = ".timeindex";
    public const string TransactionIndex = ".txnindex";
    public const string Snapshot = ".snapshot";
    public const string Deleted = ".deleted";
    public const string Cleaned = ".cleaned";
    public const string Swap = ".swap";
    public const string Epochs = "leader-epoch-checkpoint";
    public const string Metadata = "partition.metadata";

    private const int Digits = 20;

    /// <summary>All that belongs to a segment, the log last: a segment exists as long as its log does.</summary>
    public static readonly string[] OfSegment = [Index, TimeIndex, TransactionIndex, Log];

    /// <summary>What every segment has: its log and the indexes that searches use.</summary>
    public static readonly string[] Searched = [Log, Index, TimeIndex];

    public static string Path(string directory, long offset, string suffix)
        => string.Create(CultureInfo.InvariantCulture, $"{directory}/{offset:D20}{suffix}");

    /// <summary>The offset in a name of 20 digits and a suffix.</summary>
    public static bool TryParse(string name, string suffix, out long offset)
    {
        offset = -1;
        return name.Length == Digits + suffix.Length && name.EndsWith(suffix, StringComparison.Ordinal)
            && long.TryParse(name.AsSpan(0, Digits), NumberStyles.None, CultureInfo.InvariantCulture, out offset);
    }
}
