namespace AkkaStream.Host;

/// <content>The limits of a broker in this process.</content>
public static partial class Limits
{
    /// <summary>Requests of one embedded connection that are under way; more wait.</summary>
    public const int EmbeddedRequestsInFlight = 256;
}
