namespace AkkaStream.Client;

public static partial class Limits
{
    /// <summary>Objects behind awaited sends that are kept for the next ones. More are left to the garbage collector.</summary>
    public const int IdleSends = 16_384;

    /// <summary>Exceptions of a producer's callbacks that are kept until somebody flushes. More are dropped.</summary>
    public const int KeptCallbackFailures = 16;
}
