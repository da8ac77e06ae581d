namespace AkkaStream.Client;

/// <summary>What a message may cost its reader.</summary>
public static partial class Limits
{
    /// <summary>
    /// Bytes of objects that the arrays and unknown tags of any message may become, however short it is. Where a message needs more than this and
    /// <see cref="DecodedBytesPerByte"/> allow, it is refused as malformed.
    /// </summary>
    public const int DecodedBytesFree = 1 << 20;

    /// <summary>
    /// Bytes of objects for each byte of the message on top of that. Honest messages take up to 10 (a partition of many in a metadata answer);
    /// an array of empty structs would take over 50.
    /// </summary>
    public const int DecodedBytesPerByte = 16;
}
