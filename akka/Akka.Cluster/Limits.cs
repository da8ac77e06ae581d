namespace Akka.Cluster;

/// <summary>The cluster's limits, and what happens at each.</summary>
internal static class Limits
{
    /// <summary>Members in a gossip off the wire: 5,000. One with more is not read.</summary>
    public const int Members = 5000;

    /// <summary>Members that are remembered as removed, so that no late gossip brings them back: 2,000. Beyond it, the oldest is forgotten.</summary>
    public const int Tombstones = 2000;

    /// <summary>Peers that are told of a change at once: 5. The others hear of it from those.</summary>
    public const int Fanout = 5;

    /// <summary>Members whose heartbeats one node checks are configured; this is how many rows of others' findings are read at most for each member: 64.</summary>
    public const int RecordsPerMember = 64;

    /// <summary>Roles of a member: 64. A member with more cannot join.</summary>
    public const int Roles = 64;
}
