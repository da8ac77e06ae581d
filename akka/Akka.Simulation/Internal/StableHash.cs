using System.Numerics;

namespace Akka.Simulation.Internal;

/// <summary>Hashes that are the same in every process, unlike those of the runtime.</summary>
internal static class StableHash
{
    /// <summary>The hash of nothing.</summary>
    public const ulong Start = 0xCBF29CE484222325;

    private const ulong Prime = 0x9E3779B97F4A7C15;

    public static ulong Mix(ulong hash, ulong value) => (BitOperations.RotateLeft(hash, 23) ^ value) * Prime;

    /// <summary>What dice begin with. The dice themselves go on by adding <see cref="Prime"/>: without this, neighbouring seeds would throw the same a few throws apart.</summary>
    public static ulong Seed(string what, ulong seed)
    {
        var z = Mix(Mix(Start, what), seed);
        z = (z ^ (z >> 33)) * 0xFF51AFD7ED558CCD;
        z = (z ^ (z >> 33)) * 0xC4CEB9FE1A85EC53;
        return z ^ (z >> 33);
    }

    public static ulong Mix(ulong hash, string text)
    {
        foreach (var letter in text) hash = (hash ^ letter) * 0x100000001B3;
        return Mix(hash, (ulong)text.Length);
    }

    public static ulong Mix(ulong hash, ReadOnlySpan<byte> bytes)
    {
        foreach (var one in bytes) hash = (hash ^ one) * 0x100000001B3;
        return Mix(hash, (ulong)bytes.Length);
    }
}
