namespace AkkaStream.Actors.Storage;

/// <summary>What is another after every change to a file or to a directory's names, by whomever.</summary>
/// <param name="Id">Which file it is: a copy is another one.</param>
/// <param name="Length">Bytes of a file; of a directory what the disk says.</param>
/// <param name="Changed">When contents, name or rights changed last, in a unit of the disk's. Nobody can set it back.</param>
public readonly record struct FileStamp(ulong Id, long Length, long Changed);

/// <summary>Many stamps in one number: a difference in any of them makes another number, as far as chance goes.</summary>
internal struct FileSeal()
{
    // The fraction of the golden ratio: it spreads neighbouring numbers over all bits.
    private const ulong Spread = 0x9E3779B97F4A7C15;

    /// <summary>Never 0.</summary>
    public ulong Value { get; private set; } = Spread;

    /// <summary>Takes the next one in; null is a file that is not there.</summary>
    public void Add(FileStamp? stamp)
    {
        Mix(stamp is null ? 0UL : 1);
        if (stamp is not { } there) return;
        Mix(there.Id);
        Mix((ulong)there.Length);
        Mix((ulong)there.Changed);
    }

    private void Mix(ulong part)
    {
        var mixed = (Value ^ part) * Spread;
        mixed = (mixed ^ (mixed >> 32)) * Spread;
        mixed ^= mixed >> 29;
        Value = mixed == 0 ? Spread : mixed;
    }
}
