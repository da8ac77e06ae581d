using System.Runtime.CompilerServices;
using Xunit.Abstractions;

namespace AkkaStream.Tests.Support;

/// <summary>Where the repository's sources and the material beside it lie.</summary>
public static class Repository
{
    /// <summary>The repository's root folder.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>
    /// The folder with Kafka itself, recorded cases and client checks: <c>AKKASTREAM_SHARED</c>, or <c>shared</c> beside the repository;
    /// null where there is none.
    /// </summary>
    public static string? Shared { get; } = FindShared();

    /// <summary>A path below <see cref="Shared"/>, or null with one line in the test's output that says what was left out.</summary>
    public static string? SharedPath(string relative, ITestOutputHelper? output)
    {
        var path = Shared is null ? null : Path.Combine(Shared, relative);
        if (path is not null && (File.Exists(path) || Directory.Exists(path))) return path;
        output?.WriteLine($"left out: {relative} is not there (set AKKASTREAM_SHARED to the folder that holds it)");
        return null;
    }

    private static string? FindShared()
    {
        var named = Environment.GetEnvironmentVariable("AKKASTREAM_SHARED");
        if (!string.IsNullOrEmpty(named)) return Directory.Exists(named) ? Path.GetFullPath(named) : null;
        var beside = Path.GetFullPath(Path.Combine(Root, "..", "shared"));
        return Directory.Exists(beside) ? beside : null;
    }

    private static string FindRoot([CallerFilePath] string source = "")
    {
        // The sources' own place is certain on the machine that compiled them; the output folder's parents are the fallback.
        foreach (var start in new[] { Path.GetDirectoryName(source), AppContext.BaseDirectory })
        {
            for (var dir = start; dir is not null; dir = Path.GetDirectoryName(dir))
            {
                if (File.Exists(Path.Combine(dir, "AkkaStream.sln"))) return dir;
            }
        }

        throw new InvalidOperationException("AkkaStream.sln is in none of the folders above the tests.");
    }
}
