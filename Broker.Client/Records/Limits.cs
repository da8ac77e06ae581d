namespace AkkaStream.Client;

public static partial class Limits
{
    /// <summary>Bytes of the window through which a compressed batch is checked. It is all that a batch takes, whatever it unfolds to.</summary>
    public const int RecordWindow = 64 << 10;

    /// <summary>Records of a refused batch that are named one by one in the answer. The rest is refused without being named.</summary>
    public const int RecordErrors = 1000;
}
