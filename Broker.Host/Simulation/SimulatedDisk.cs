using Akka.Simulation;
using AkkaStream.Actors.Storage.Memory;

namespace AkkaStream.Host.Simulation;

/// <summary>A node's disk: a <see cref="MemoryDisk"/> that loses what was not flushed when the node crashes, and fails when a schedule says so.</summary>
public sealed class SimulatedDisk : ISimulatedDevice
{
    private const double FlipsOfReads = 0.001;

    /// <summary>A disk with an empty directory that is there for good.</summary>
    /// <param name="directory">The directory, such as <c>/data</c>.</param>
    /// <param name="dice">Decides what a crash loses.</param>
    public SimulatedDisk(string directory, Random dice)
    {
        Files = new MemoryDisk(dice);
        Files.CreateDirectory(directory);
        Files.SyncDirectory("/");
    }

    /// <summary>The files.</summary>
    public MemoryDisk Files { get; }

    /// <inheritdoc/>
    public void Crash() => Files.Crash();

    /// <inheritdoc/>
    public void Fail(DeviceFault fault)
    {
        if (fault == DeviceFault.Full) Files.Capacity = 0;
        else if (fault == DeviceFault.Failing) Files.FailAfter(0);
        else Files.FlippedReads = FlipsOfReads;
    }

    /// <inheritdoc/>
    public void Heal() => Files.Heal();
}
