using Akka.Simulation.Faults;

namespace Akka.Simulation;

/// <summary>How a simulation runs.</summary>
public sealed record SimulationOptions
{
    /// <summary>The virtual time within which the body must end; one hour by default. A run that takes longer fails.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromHours(1);

    /// <summary>From which faults are drawn by the seed; none by default.</summary>
    public FaultPlan? Plan { get; init; }

    /// <summary>The faults themselves, in the place of those drawn from <see cref="Plan"/>: to replay a written schedule.</summary>
    public FaultSchedule? Schedule { get; init; }

    /// <summary>Whether a failed run is repeated with fewer faults until none of them can be spared for the same failure (its kind and what it says, numbers apart); off by default. The body must be able to run again.</summary>
    public bool Minimize { get; init; }

    /// <summary>The least level of log events that the trace of a failure shows: DEBUG, INFO, WARNING (default), ERROR or OFF.</summary>
    public string LogLevel { get; init; } = "WARNING";

    /// <summary>The command that replays a failed run, for its message; <c>{0}</c> is the seed. Null by default: the message names the test that called.</summary>
    public string? Replay { get; init; }
}

/// <summary>What a run was.</summary>
/// <param name="Seed">What it was drawn from.</param>
/// <param name="TraceHash">A hash over every step; the same seed and body give the same one, on every machine.</param>
/// <param name="Steps">How many steps ran.</param>
/// <param name="VirtualTime">How much virtual time it took.</param>
/// <param name="Faults">The faults that were injected.</param>
public sealed record SimulationReport(ulong Seed, ulong TraceHash, long Steps, TimeSpan VirtualTime, FaultSchedule Faults);

/// <summary>A run failed. The message holds seed, virtual time, faults, the last events and the command that replays it.</summary>
public sealed class SimulationFailedException : Exception
{
    internal SimulationFailedException(string message, Exception? cause, SimulationReport report, string kind)
        : base(message, cause)
    {
        Report = report;
        Kind = kind;
    }

    /// <summary>The run up to the failure.</summary>
    public SimulationReport Report { get; }

    /// <summary>What went wrong, without numbers: equal for the same failure with other faults.</summary>
    internal string Kind { get; }
}
