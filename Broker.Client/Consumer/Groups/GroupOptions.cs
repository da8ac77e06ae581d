using AkkaStream.Client.Cluster;

namespace AkkaStream.Client.Consumer.Groups;

/// <summary>Who divides a group's partitions; the names are those of <c>group.protocol</c>.</summary>
public enum GroupProtocol
{
    /// <summary>A member does, by an assignor that all members know.</summary>
    Classic,

    /// <summary>The coordinator does (KIP-848): members are moved one by one, and nobody stops for it.</summary>
    Consumer,
}

/// <summary>Told, during a poll, of partitions that come or go; the poll goes on when it has ended. It may commit and seek, but not poll.</summary>
/// <param name="partitions">The partitions.</param>
/// <param name="cancellation">The poll is given up.</param>
public delegate ValueTask RebalanceCallback(IReadOnlyList<TopicPartition> partitions, CancellationToken cancellation);

/// <summary>How a consumer belongs to a group.</summary>
public sealed record GroupOptions
{
    /// <summary>The group's id.</summary>
    public required string GroupId { get; init; }

    /// <summary>The topics that are read; at least one, unless <see cref="Pattern"/> says which.</summary>
    public required IReadOnlyCollection<string> Topics { get; init; }

    /// <summary>Who divides the partitions. Both kinds of member can be in one group, where the broker allows it.</summary>
    public GroupProtocol Protocol { get; init; } = GroupProtocol.Classic;

    /// <summary>
    /// Read every topic whose whole name this expression matches, those to come included; null for none. With <see cref="GroupProtocol.Consumer"/> the broker matches, in RE2's language; with
    /// <see cref="GroupProtocol.Classic"/> this member does, by .NET's expressions without backtracking, and looks every <see cref="TopicsInterval"/> whether there are others.
    /// </summary>
    public string? Pattern { get; init; }

    /// <summary>The coordinator's way of dividing, such as <c>uniform</c> or <c>range</c>; null to leave it to the broker. Only with <see cref="GroupProtocol.Consumer"/>.</summary>
    public string? ServerAssignor { get; init; }

    /// <summary>The rack that the consumer runs in, which assignors prefer partitions of; null for none.</summary>
    public string? RackId { get; init; }

    /// <summary>A name that outlives the process: with it a restart within the session timeout moves no partitions (KIP-345). Null for none.</summary>
    public string? InstanceId { get; init; }

    /// <summary>Silence after which the coordinator takes the consumer for dead. With <see cref="GroupProtocol.Consumer"/> the broker says.</summary>
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>How often the coordinator hears from the consumer. With <see cref="GroupProtocol.Consumer"/> the broker says.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>A consumer that is not polled for so long leaves the group; also how long a rebalance waits for it.</summary>
    public TimeSpan MaxPollInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The ways of dividing partitions that the consumer knows, the preferred one first. All cooperative, or the first one not.</summary>
    public IReadOnlyList<GroupAssignor> Assignors { get; init; } = [new CooperativeStickyAssignor(), new RangeAssignor()];

    /// <summary>How often positions are committed while the consumer is polled; zero to leave it to the application.</summary>
    public TimeSpan AutoCommitInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Where a partition begins that the group has no offset for, or whose offset is no longer there (auto.offset.reset).</summary>
    public AutoOffsetReset Reset { get; init; } = AutoOffsetReset.Latest;

    /// <summary>How often the member that divides partitions looks whether there are more of them (metadata.max.age.ms). With <see cref="GroupProtocol.Consumer"/> the broker does.</summary>
    public TimeSpan TopicsInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The pause before a refused request is repeated.</summary>
    public TimeSpan RetryBackoff { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Dice for the id that a member of <see cref="GroupProtocol.Consumer"/> chooses; its own where left out.</summary>
    public Random? Dice { get; init; }
}
