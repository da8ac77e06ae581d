namespace Akka.Simulation;

/// <summary>What can happen to a device.</summary>
public enum DeviceFault
{
    /// <summary>No room for more.</summary>
    Full,

    /// <summary>Every change fails.</summary>
    Failing,

    /// <summary>Some reads return a flipped bit.</summary>
    FlippedBits,
}

/// <summary>A device of a node that outlives its crashes, such as a disk: it loses what a real one would lose, and fails when a schedule says so.</summary>
public interface ISimulatedDevice
{
    /// <summary>The node crashed: what was not made durable may be gone, wholly or in part.</summary>
    void Crash();

    /// <summary>From here on it has a fault.</summary>
    void Fail(DeviceFault fault);

    /// <summary>All faults end.</summary>
    void Heal();
}
