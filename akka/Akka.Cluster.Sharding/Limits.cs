namespace Akka.Cluster.Sharding;

/// <summary>Sharding's limits, and what happens at each.</summary>
internal static class Limits
{
    /// <summary>Shards in one message off the wire: 1,000,000. One with more is not read.</summary>
    public const int Shards = 1_000_000;

    /// <summary>Characters of a shard's or an entity's name: 512. A message for a longer one is dropped, and that is said.</summary>
    public const int NameLength = 512;

    /// <summary>Those who wait for one shard's place at the coordinator: 10,000 regions and proxies. One more has to ask again.</summary>
    public const int WaitingForShard = 10_000;

    /// <summary>Entities of one shard, or shards of one kind, that are remembered: 1,000,000. A message for one more is dropped, and that is said.</summary>
    public const int Remembered = 1_000_000;

    /// <summary>Names in one event of a store: 1,000, which is far below what a journal takes. What is more waits for the next one.</summary>
    public const int NamesInOneWrite = 1_000;
}
