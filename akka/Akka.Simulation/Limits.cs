namespace Akka.Simulation;

/// <summary>What a simulation may hold and take. At each limit the run fails with a sentence that names it, or, where it says so, what is over it waits.</summary>
internal static class Limits
{
    /// <summary>Steps without the end of the body; more than any sensible run takes.</summary>
    public const long Steps = 200_000_000;

    /// <summary>Lines that the trace keeps; older ones are forgotten.</summary>
    public const int TraceLines = 400;

    /// <summary>Bytes on their way in one direction of a connection; a sender beyond is told to wait.</summary>
    public const int BytesUnderWay = 1 << 20;

    /// <summary>How long the loop waits, in real milliseconds, for work that may come from another thread before it says that the run is stuck.</summary>
    public const int StrayMilliseconds = 3000;

    /// <summary>Stack of the simulation's thread in bytes: what was awaited goes on inside of what completed it, chain upon chain.</summary>
    public const int StackBytes = 16 << 20;
}
