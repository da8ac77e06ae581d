namespace AkkaStream.Client;

public static partial class Limits
{
    /// <summary>Exceptions of a producer's callbacks that are kept until somebody flushes. More are dropped.</summary>
    public const int KeptCallbackFailures = 16;
}
