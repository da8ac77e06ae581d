using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Coordinators;
using AkkaStream.Actors.Metadata;

namespace AkkaStream.Actors.Groups;

/// <summary>What a group coordinator needs from its broker.</summary>
/// <param name="Config">The broker's configuration now.</param>
/// <param name="Image">The newest metadata.</param>
/// <param name="NewId">Fresh random ids.</param>
public sealed record GroupEnvironment(Func<BrokerConfig> Config, Func<MetadataImage> Image, Func<Guid> NewId)
{
    /// <summary>The rack of a broker, or null where it has none; null where no broker has one.</summary>
    public Func<int, string?>? RackOf { get; init; }
}

/// <summary>What a deadline of a group is for.</summary>
internal enum GroupTimerKind
{
    /// <summary>A classic member is silent.</summary>
    Session,

    /// <summary>A member that was given an id does not come back with it.</summary>
    PendingJoin,

    /// <summary>The join phase of a group that was empty ends.</summary>
    InitialRebalance,

    /// <summary>The join phase ends.</summary>
    Rebalance,

    /// <summary>Members did not ask for their assignment.</summary>
    Sync,

    /// <summary>No new member has come into the join phase for a while.</summary>
    Gather,

    /// <summary>New members have waited long enough for others' assignment.</summary>
    Newcomers,

    /// <summary>A classic member's heartbeat has been held back long enough.</summary>
    HeldHeartbeat,

    /// <summary>A member of a consumer group is silent.</summary>
    ConsumerSession,

    /// <summary>A member of a consumer group does not give its partitions back.</summary>
    ConsumerRebalance,

    /// <summary>A consumer group may be assigned anew.</summary>
    ConsumerAssignment,

    /// <summary>Old offsets are looked for. Of the coordinator, not of a group.</summary>
    OffsetExpiry,
}

/// <summary>Whose deadline it is.</summary>
/// <param name="Kind">What it is for.</param>
/// <param name="Group">The group's id.</param>
/// <param name="Member">The member's id; empty where it is the group's.</param>
internal readonly record struct GroupTimer(GroupTimerKind Kind, string Group, string Member);

/// <summary>What the parts of one group coordinator share: its groups, its deadlines, and the way to the log.</summary>
internal sealed class GroupSpace(GroupEnvironment environment)
{
    private GroupSettings? settings;
    private ICoordinatorEffects? effects;

    /// <summary>The groups by id.</summary>
    public Dictionary<string, Group> Groups { get; } = new(StringComparer.Ordinal);

    /// <summary>What is due when.</summary>
    public Deadlines<GroupTimer> Timers { get; } = new();

    /// <summary>What a group coordinator needs from its broker.</summary>
    public GroupEnvironment Environment => environment;

    /// <summary>Records for the log.</summary>
    public GroupRecords Records { get; } = new();

    /// <summary>What may be done now; set while something is handled.</summary>
    public ICoordinatorEffects Effects
    {
        get => effects ?? throw new InvalidOperationException("nothing is handled now");
        set => effects = value;
    }

    /// <summary>Milliseconds since 1970.</summary>
    public long NowMs => Effects.NowMs;

    /// <summary>The configuration now.</summary>
    public GroupSettings Settings
    {
        get
        {
            var now = environment.Config();
            if (settings is null || !ReferenceEquals(settings.Source, now)) settings = new GroupSettings(now);
            return settings;
        }
    }

    /// <summary>A deadline so many milliseconds from now.</summary>
    public void After(long delayMs, GroupTimer timer) => Timers.Set(timer, NowMs + Math.Max(0, delayMs));

    /// <summary>A fresh id for a member, as Kafka makes them: a name, a dash, a uuid.</summary>
    public string NewMemberId(string name) => $"{name}-{environment.NewId()}";
}
