using System.Runtime.CompilerServices;

namespace AkkaStream.Tests.Support;

/// <summary>
/// Threads enough for the tests that compute. Each of them holds a thread of the pool from its first line to its last, and xunit runs as many at a time as there are cores: then
/// the pool has none left, adds one only every few seconds on a busy machine, and what waits for a dozen turns of actors waits for half a minute.
/// </summary>
internal static class PoolSize
{
    private const int Least = 16;

    [ModuleInitializer]
    internal static void Raise()
    {
        ThreadPool.GetMinThreads(out var workers, out var completions);
        ThreadPool.SetMinThreads(Math.Max(workers, Least), completions);
    }
}
