using System.Diagnostics;
using System.Globalization;

namespace AkkaStream.Host.Verbs;

/// <summary>A line on stderr every second while something takes long. On a terminal it overwrites itself; elsewhere it comes every ten seconds.</summary>
internal sealed class Progress(TextWriter error, string what, bool isQuiet)
{
    private const int CheckEvery = 1024;
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly bool isTerminal = error == Console.Error && !Console.IsErrorRedirected;
    private long count;
    private long bytes;
    private long next = 2_000;
    private bool shown;

    /// <summary>One more, of so many bytes.</summary>
    internal void Add(int size)
    {
        count++;
        bytes += size;
        if (isQuiet || count % CheckEvery != 0 || clock.ElapsedMilliseconds < next) return;
        next = clock.ElapsedMilliseconds + (isTerminal ? 1_000 : 10_000);
        shown = true;
        error.Write((isTerminal ? "\r" : "") + Line() + (isTerminal ? "   " : "\n"));
    }

    /// <summary>The last line, where there was one before.</summary>
    internal void End()
    {
        if (shown) error.WriteLine((isTerminal ? "\r" : "") + Line() + "   ");
    }

    private string Line()
    {
        var seconds = Math.Max(clock.Elapsed.TotalSeconds, 0.001);
        return string.Create(CultureInfo.InvariantCulture, $"{count:N0} {what}, {bytes / 1e6:N1} MB, {seconds:N1} s, {count / seconds:N0}/s, {bytes / 1e6 / seconds:N1} MB/s");
    }
}
