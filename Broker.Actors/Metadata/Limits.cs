namespace AkkaStream.Actors;

/// <summary>What is bounded, and by how much.</summary>
public static partial class Limits
{
    /// <summary>The most partitions of a topic; a request for more is refused with INVALID_PARTITIONS.</summary>
    public const int PartitionsPerTopic = 100_000;

    /// <summary>Producer ids that a broker takes at once; a block that is not used up by a stop is lost, of which there are enough.</summary>
    public const int ProducerIdBlock = 1000;

    /// <summary>Deleted topics of which the metadata remembers the ids; directories of those deleted before are set aside by a broker that was away meanwhile, and not removed.</summary>
    public const int RemovedTopics = 4096;

    /// <summary>Lists of broker ids that are kept to be shared between partitions; one that two lists compete for is in memory more than once.</summary>
    internal const int SharedBrokerLists = 1024;

    /// <summary>Leaders that one look at the balance moves; the rest waits for the next, so that no broker's clients all move at once.</summary>
    public const int ElectionsPerBalance = 1000;
}
