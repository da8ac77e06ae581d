namespace AkkaStream.Actors.Configuration.Keys;

internal static partial class KeyTables
{
    /// <summary>Keys of client metrics subscriptions.</summary>
    internal static ReadOnlySpan<byte> ClientMetrics =>
        """
        interval.ms | int | 300000 |  | MC |  | How often, in ms, clients push their metrics.
        match | list | '' | list | MC |  | Clients that are meant, as name=pattern.
        metrics | list | '' | list | MC |  | Prefixes of the metrics that are asked for; * means all.
        """u8;
}
