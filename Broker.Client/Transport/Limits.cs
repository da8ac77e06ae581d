namespace AkkaStream.Client;

public static partial class Limits
{
    /// <summary>Requests that wait for a place on one connection and are let go when it is lost.</summary>
    public const int RequestsWaiting = 1 << 20;
}
