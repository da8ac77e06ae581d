namespace AkkaStream.Actors;

public static partial class Limits
{
    /// <summary>Calls from other brokers that are handled at a time; more are refused at once, and whoever asked tries again.</summary>
    public const int PeerCallsHandled = 10_000;

    /// <summary>Calls to other brokers that wait for an answer; more are refused at once.</summary>
    public const int PeerCallsOpen = 10_000;
}
