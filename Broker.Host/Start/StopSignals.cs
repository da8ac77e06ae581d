using System.Runtime.InteropServices;

namespace AkkaStream.Host.Start;

/// <summary>Ctrl-C and SIGTERM: the first one asks for a graceful stop, the second one ends the process.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<PosixSignalRegistration> registrations = [];

    internal StopSignals()
    {
        registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, Received));
        registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, Received));
    }

    /// <summary>Done when the broker shall stop.</summary>
    internal Task Asked => asked.Task;

    public void Dispose()
    {
        foreach (var registration in registrations) registration.Dispose();
    }

    private void Received(PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (asked.TrySetResult()) return;
        Environment.Exit(signal.Signal == PosixSignal.SIGINT ? 130 : 143);
    }
}
