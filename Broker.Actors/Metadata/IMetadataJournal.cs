using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Metadata;

/// <summary>
/// Where the controller's events are durable before anyone hears of them. Today one local log; later a quorum of brokers behind the same
/// members, which is why an append answers by callback.
/// </summary>
public interface IMetadataJournal
{
    /// <summary>Gives every event in order, from the first one on, with the offset of the last of each batch.</summary>
    void Replay(Action<IReadOnlyList<IApiMessage>, long> batch);

    /// <summary>An image with all that was appended: a snapshot of it may take the place of the events, where there are many.</summary>
    void Offer(MetadataImage image);

    /// <summary>Makes events durable, all or none, and says so: the last one's offset, or what went wrong. One append at a time.</summary>
    void Append(IReadOnlyList<IApiMessage> events, Action<long, Exception?> done);
}
