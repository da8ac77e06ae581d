using Akka.Simulation;
using AkkaStream.Actors.Storage;

namespace AkkaStream.Host.Simulation;

/// <summary>A disk that keeps all at some crashes: the process was killed, the machine went on.</summary>
internal sealed class KeepingDisk(SimulatedDisk inner, Func<bool> mayLose) : ISimulatedDevice
{
    public IDisk Files => inner.Files;

    public void Crash()
    {
        if (mayLose()) inner.Crash();
    }

    public void Fail(DeviceFault fault) => inner.Fail(fault);

    public void Heal() => inner.Heal();
}
