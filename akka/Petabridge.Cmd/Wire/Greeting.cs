namespace Petabridge.Cmd.Wire;

/// <summary>
/// The first eight bytes of both sides: <c>PBM</c>, 0, then from the console its lowest and highest version; from the host the version that is spoken
/// (0 where none is common), its highest one, and whether it has room.
/// </summary>
internal static class Greeting
{
    /// <summary>Bytes of a greeting.</summary>
    public const int Bytes = 8;

    /// <summary>The only version there is.</summary>
    public const byte Version = 1;

    private static ReadOnlySpan<byte> Magic => "PBM\0"u8;

    public static byte[] OfConsole() => [.. Magic, Version, Version, 0, 0];

    /// <summary>The host's answer; null where the other side is no console at all.</summary>
    public static byte[]? OfHost(ReadOnlySpan<byte> console, bool isFull)
    {
        if (console.Length != Bytes || !console.StartsWith(Magic)) return null;
        var spoken = Version >= console[4] && Version <= console[5] ? Version : (byte)0;
        return [.. Magic, spoken, Version, isFull ? (byte)1 : (byte)0, 0];
    }

    /// <summary>Whether the connection goes on after the host's answer.</summary>
    public static bool Goes(ReadOnlySpan<byte> host) => host[4] != 0 && host[6] == 0;

    /// <summary>Null where the host speaks with us, else a sentence.</summary>
    public static string? Refusal(ReadOnlySpan<byte> host)
    {
        if (host.Length != Bytes || !host.StartsWith(Magic)) return "what listens there is no Petabridge.Cmd host";
        if (host[6] != 0) return "the host has as many consoles as it takes; end one of them";
        return host[4] == 0 ? $"the host speaks version {host[5]} of the protocol at most, this pbm speaks {Version}" : null;
    }
}
