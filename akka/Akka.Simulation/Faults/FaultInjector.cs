namespace Akka.Simulation.Faults;

/// <summary>Has the faults of a schedule happen, and end.</summary>
internal sealed class FaultInjector(Simulation simulation)
{
    public void Schedule(FaultSchedule faults)
    {
        foreach (var fault in faults) simulation.After(fault.At, () => Begin(fault));
    }

    private void Begin(Fault fault)
    {
        simulation.Loop.Trace.Event(simulation.Loop.Now, "fault", fault.ToString());
        var network = simulation.Network;
        switch (fault.Kind)
        {
            case FaultKind.Cut or FaultKind.CutOneWay:
                network.Cut(fault.Node, fault.Peer, fault.Kind == FaultKind.Cut);
                Later(fault, () => network.Mend(fault.Node, fault.Peer, fault.Kind == FaultKind.Cut));
                break;
            case FaultKind.Slow:
                network.Slow(fault.Node, fault.Peer, fault.By);
                Later(fault, () => network.Slow(fault.Node, fault.Peer, TimeSpan.Zero));
                break;
            case FaultKind.Break:
                network.Break(fault.Node, fault.Peer);
                break;
            default:
                BeginAt(simulation.Node(fault.Node), fault);
                break;
        }
    }

    private void BeginAt(SimulatedNode node, Fault fault)
    {
        switch (fault.Kind)
        {
            case FaultKind.Crash or FaultKind.PowerLoss:
                node.Crash(fault.Kind == FaultKind.PowerLoss);
                Later(fault, node.Restart);
                break;
            case FaultKind.Pause:
                node.Pause();
                Later(fault, node.Resume);
                break;
            case FaultKind.ClockJump:
                node.ClockSkew += fault.By;
                Later(fault, () => node.ClockSkew -= fault.By);
                break;
            default:
                node.FailDevices(fault.Kind switch
                {
                    FaultKind.DiskFull => DeviceFault.Full,
                    FaultKind.DiskFailing => DeviceFault.Failing,
                    _ => DeviceFault.FlippedBits,
                });
                Later(fault, node.HealDevices);
                break;
        }
    }

    private void Later(Fault fault, Action end) => simulation.After(fault.For, end);
}
