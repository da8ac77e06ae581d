namespace AkkaStream.Client;

public static partial class Limits
{
    /// <summary>Bytes of a thread's buffer for serialised records that are kept; one that grew larger goes back to the pool after its record.</summary>
    public const int KeptSerializationBytes = 64 << 10;
}
