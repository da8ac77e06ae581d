namespace AkkaStream.Client.Consumer.Groups;

/// <summary>How a consumer belongs to a group.</summary>
public sealed record GroupOptions
{
    /// <summary>The group's id.</summary>
    public required string GroupId { get; init; }

    /// <summary>The topics that are read; at least one.</summary>
    public required IReadOnlyCollection<string> Topics { get; init; }

    /// <summary>A name that outlives the process: with it a restart within the session timeout moves no partitions (KIP-345). Null for none.</summary>
    public string? InstanceId { get; init; }

    /// <summary>Silence after which the coordinator takes the consumer for dead.</summary>
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>How often the coordinator hears from the consumer.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>A consumer that is not polled for so long leaves the group; also how long a rebalance waits for it.</summary>
    public TimeSpan MaxPollInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The ways of dividing partitions that the consumer knows, the preferred one first. All cooperative, or the first one not.</summary>
    public IReadOnlyList<GroupAssignor> Assignors { get; init; } = [new CooperativeStickyAssignor(), new RangeAssignor()];

    /// <summary>How often positions are committed while the consumer is polled; zero to leave it to the application.</summary>
    public TimeSpan AutoCommitInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Where a partition begins that the group has no offset for: a value of <see cref="Admin.OffsetSpec"/>.</summary>
    public long StartAt { get; init; } = Admin.OffsetSpec.Latest;

    /// <summary>The pause before a refused request is repeated.</summary>
    public TimeSpan RetryBackoff { get; init; } = TimeSpan.FromMilliseconds(100);
}
