using System.Globalization;

namespace AkkaStream.Actors.Storage;

/// <summary>A topic and the number of one of its partitions; as text <c>topic-0</c>, the name of its directory.</summary>
/// <param name="Topic">The topic's name.</param>
/// <param name="Partition">The number, from 0.</param>
public readonly record struct PartitionName(string Topic, int Partition)
{
    internal const string DeleteSuffix = "-delete";
    internal const string FutureSuffix = "-future";
    internal const string StraySuffix = "-stray";

    /// <summary>Reads a directory's name; false where it is not that of a live partition.</summary>
    public static bool TryParse(string name, out PartitionName partition)
    {
        partition = default;
        var dash = name.LastIndexOf('-');
        if (dash <= 0 || name.EndsWith(DeleteSuffix, StringComparison.Ordinal)) return false;
        if (!int.TryParse(name.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
        partition = new PartitionName(name[..dash], number);
        return true;
    }

    /// <summary>Reads the name of a copy that is being moved, <c>topic-0.id-future</c>; false where it is not one.</summary>
    public static bool TryParseFuture(string name, out PartitionName partition)
    {
        partition = default;
        if (!name.EndsWith(FutureSuffix, StringComparison.Ordinal)) return false;
        var dot = name.LastIndexOf('.');
        return dot > 0 && TryParse(name[..dot], out partition);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Topic}-{Partition}");
}
