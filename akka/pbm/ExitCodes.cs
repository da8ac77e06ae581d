namespace Pbm;

/// <summary>How the process ends, for scripts.</summary>
internal static class ExitCodes
{
    /// <summary>It was done.</summary>
    public const int Done = 0;

    /// <summary>The command failed on the host.</summary>
    public const int Failed = 1;

    /// <summary>The words were not understood, here or by the host.</summary>
    public const int Misused = 2;

    /// <summary>No host could be reached, or the connection broke.</summary>
    public const int NoHost = 3;
}
