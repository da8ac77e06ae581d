using AkkaStream.Actors.Partitions;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Requests.Fetching;

/// <summary>One partition that a fetch asks for, whatever version it came in.</summary>
internal sealed class FetchItem
{
    public string Topic = "";
    public Guid TopicId;
    public int Partition;
    public long Offset;
    public int MaxBytes;
    public int LeaderEpoch = -1;
    public int LastFetchedEpoch = -1;
    public bool ById;

    /// <summary>What the client of a session was told last; -1 before the first time.</summary>
    public long ToldHighWatermark = -1;

    /// <summary>What the client of a session was told last; -1 before the first time.</summary>
    public long ToldLogStart = -1;

    public bool IsSame(FetchItem other) => Partition == other.Partition && (ById ? TopicId == other.TopicId : Topic == other.Topic);

    public bool IsOf(FetchResponse.FetchableTopicResponse topic) => ById ? topic.TopicId == TopicId : topic.Topic == Topic;

    public PartitionHandle? Find(PartitionRegistry registry) => ById ? registry.Find(TopicId, Partition) : registry.Find(Topic, Partition);

    /// <summary>Takes over what a later request of the session says of the partition.</summary>
    public void Update(FetchItem newer)
    {
        Offset = newer.Offset;
        MaxBytes = newer.MaxBytes;
        LeaderEpoch = newer.LeaderEpoch;
        LastFetchedEpoch = newer.LastFetchedEpoch;
    }

    public static List<FetchItem> Of(FetchRequest request, bool byId)
    {
        var items = new List<FetchItem>();
        foreach (var topic in request.Topics)
        {
            foreach (var p in topic.Partitions)
            {
                items.Add(new FetchItem
                {
                    Topic = topic.Topic,
                    TopicId = topic.TopicId,
                    ById = byId,
                    Partition = p.Partition,
                    Offset = p.FetchOffset,
                    MaxBytes = p.PartitionMaxBytes,
                    LeaderEpoch = p.CurrentLeaderEpoch,
                    LastFetchedEpoch = p.LastFetchedEpoch,
                });
            }
        }

        return items;
    }
}
