using Akka.Configuration;

namespace Akka.Cluster.SBR;

/// <summary>How a side of a partition is chosen to go on.</summary>
internal enum DowningStrategy
{
    /// <summary>The side with more members; of two equal ones that with the lowest address.</summary>
    KeepMajority,

    /// <summary>A side that has a given number of members.</summary>
    StaticQuorum,

    /// <summary>The side of the oldest member.</summary>
    KeepOldest,

    /// <summary>None.</summary>
    DownAll,
}

/// <summary>The split brain resolver's configuration.</summary>
internal sealed class DowningSettings
{
    public DowningSettings(Config config)
    {
        var name = config.GetString("active-strategy", "")!;
        Strategy = name switch
        {
            "keep-majority" => DowningStrategy.KeepMajority,
            "static-quorum" => DowningStrategy.StaticQuorum,
            "keep-oldest" => DowningStrategy.KeepOldest,
            "down-all" => DowningStrategy.DownAll,
            _ => throw new ConfigurationException($"akka.cluster.split-brain-resolver.active-strategy: '{name}' is none of keep-majority, static-quorum, keep-oldest, down-all"),
        };
        StableAfter = config.GetTimeSpan("stable-after", allowInfinite: false);
        CrashStableAfter = config.GetTimeSpan("crash-stable-after", allowInfinite: false);
        QuorumSize = config.GetInt("static-quorum.quorum-size");
        if (Strategy == DowningStrategy.StaticQuorum && QuorumSize < 1) throw new ConfigurationException("akka.cluster.split-brain-resolver.static-quorum.quorum-size: static-quorum needs one, of at least 1");
        DownIfAlone = config.GetBoolean("keep-oldest.down-if-alone", true);
        Role = config.GetString($"{name}.role", "")!;
    }

    public DowningStrategy Strategy { get; }

    /// <summary>How long nothing may change before a decision.</summary>
    public TimeSpan StableAfter { get; }

    /// <summary>The same where all that are unreachable are known to have crashed.</summary>
    public TimeSpan CrashStableAfter { get; }

    public int QuorumSize { get; }

    public bool DownIfAlone { get; }

    /// <summary>Only members with this role count; all where it is empty.</summary>
    public string Role { get; }
}
