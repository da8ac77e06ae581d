namespace Pbm;

/// <summary>The console's limits, and what happens at each.</summary>
internal static class Limits
{
    /// <summary>Lines of history that are kept: 1,000. The next one takes the place of the oldest.</summary>
    public const int HistoryLines = 1000;

    /// <summary>Characters of one line: 8,192. More are not taken.</summary>
    public const int LineChars = 8192;

    /// <summary>Characters of a host's name: 255, as names of hosts have at most. A longer one is no name.</summary>
    public const int HostChars = 255;

    /// <summary>Completions that are listed at once: 100. How many more there are is told.</summary>
    public const int ShownCompletions = 100;
}
