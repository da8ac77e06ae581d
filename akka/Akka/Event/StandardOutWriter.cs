namespace Akka.Event;

/// <summary>The console, for the loggers that write to it.</summary>
internal static class StandardOutWriter
{
#pragma warning disable RS0030 // The engine's only way to the console.
    /// <summary>Writes a line.</summary>
    public static void WriteLine(string line) => Console.Out.WriteLine(line);
#pragma warning restore RS0030
}
