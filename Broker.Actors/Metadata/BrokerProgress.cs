namespace AkkaStream.Actors.Metadata;

/// <summary>
/// How far each broker has followed the metadata, as its heartbeats say. Not durable: a new controller knows nothing until the brokers spoke to it. One entry a registered
/// broker.
/// </summary>
public sealed class BrokerProgress
{
    private readonly Dictionary<int, (long Epoch, long Offset)> reported = [];
    private readonly Dictionary<int, (long Epoch, long Offset)> leaving = [];

    /// <summary>A broker has everything up to that offset.</summary>
    public void Report(int broker, long epoch, long offset) => reported[broker] = (epoch, offset);

    /// <summary>The last event that a broker said it has, in this life of it; -1 where it has not said.</summary>
    public long OffsetOf(int broker, long epoch) => reported.TryGetValue(broker, out var at) && at.Epoch == epoch ? at.Offset : -1;

    /// <summary>A broker that shuts down handed over its last leadership with the event of that offset. The first word on a life of it counts.</summary>
    public void HandedOver(int broker, long epoch, long offset)
    {
        if (!leaving.TryGetValue(broker, out var known) || known.Epoch != epoch) leaving[broker] = (epoch, offset);
    }

    /// <summary>Whether every active broker that spoke has what a broker handed over, so that those who ask any of them are sent to the new leaders.</summary>
    public bool IsKnown(int broker, MetadataImage image)
    {
        if (!leaving.TryGetValue(broker, out var left)) return false;
        foreach (var other in image.Brokers.Values)
        {
            if (other.IsActive && reported.TryGetValue(other.Id, out var at) && at.Epoch == other.Epoch && at.Offset < left.Offset) return false;
        }

        return true;
    }

    /// <summary>A broker is not registered any more.</summary>
    public void Forget(int broker)
    {
        reported.Remove(broker);
        leaving.Remove(broker);
    }
}
