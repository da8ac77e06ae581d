namespace AkkaStream.Host;

/// <content>Limits of the verbs.</content>
public static partial class Limits
{
    /// <summary>Bytes of the longest line that <c>produce</c> reads; no broker takes a larger record anyway.</summary>
    public const int LineBytes = 128 << 20;

    /// <summary>Batches whose answers <c>produce</c> waits for before it reads on.</summary>
    public const int UnansweredBatches = 256;

    /// <summary>Partitions whose moves <c>reassign</c> and <c>broker drain</c> begin with one request; the others follow.</summary>
    public const int MovesAtOnce = 1000;

    /// <summary>Brokers that `consume` and `produce` watch at once for an answer.</summary>
    public const int WatchedBrokers = 1000;
}
