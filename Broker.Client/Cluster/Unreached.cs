using AkkaStream.Client.Transport;

namespace AkkaStream.Client.Cluster;

/// <summary>For whoever comes back to the same question anyway.</summary>
internal static class Unreached
{
    /// <summary>Ends as if it was well where no broker is to be reached: brokers come back, and whoever polls decides how long to wait for them.</summary>
    public static async ValueTask OrUnreached(this ValueTask question)
    {
        try
        {
            await question.ConfigureAwait(false);
        }
        catch (TransportException)
        {
            // It is asked again.
            return;
        }
    }
}
