namespace Akka.Actor.Internal;

/// <summary>A system's dice (SplitMix64): any thread may throw them; with one thread and one seed they always fall the same.</summary>
internal sealed class SystemDice(ulong seed)
{
    private ulong _state = seed;

    /// <summary>64 random bits.</summary>
    public ulong Next()
    {
        var z = Interlocked.Add(ref _state, 0x9E3779B97F4A7C15);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>From 0 up to below <paramref name="limit"/>.</summary>
    public int Below(int limit) => (int)((Next() >> 32) * (ulong)limit >> 32);

    /// <summary>From 0 up to below 1.</summary>
    public double Fraction() => (Next() >> 11) * (1.0 / (1UL << 53));
}
