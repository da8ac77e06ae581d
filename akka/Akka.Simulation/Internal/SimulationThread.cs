using System.Runtime.ExceptionServices;

namespace Akka.Simulation.Internal;

/// <summary>The thread of a simulation: its own, so that nothing of the caller's (contexts, schedulers of tasks, what is kept by thread) reaches into it.</summary>
internal static class SimulationThread
{
    /// <summary>Runs to the end on a thread of its own; what it throws is thrown here.</summary>
    public static T Run<T>(Func<T> run)
    {
        T result = default!;
        ExceptionDispatchInfo? failure = null;
#pragma warning disable RS0030 // A simulation owns its thread.
        var thread = new Thread(
            () =>
            {
                try
                {
                    result = run();
                }
                catch (Exception e)
                {
                    failure = ExceptionDispatchInfo.Capture(e);
                }
            },
            Limits.StackBytes)
        {
            IsBackground = true,
            Name = "simulation",
        };
        thread.UnsafeStart();
        thread.Join();
#pragma warning restore RS0030
        failure?.Throw();
        return result;
    }

    /// <summary>Gives work that is on its way from other threads a moment to show itself.</summary>
    public static bool Eventually(Func<bool> holds)
    {
        return SpinWait.SpinUntil(holds, Limits.StrayMilliseconds);
    }
}
