using Xunit.Abstractions;

namespace AkkaStream.Tests.Support;

/// <summary>Programs of others that some tests need.</summary>
internal static class Tools
{
    /// <summary>The program that an environment variable names, or the one on the path; null with one line in the test's output that says what was left out.</summary>
    /// <param name="name">The program.</param>
    /// <param name="variable">The environment variable.</param>
    /// <param name="output">The test's output.</param>
    public static string? Find(string name, string variable, ITestOutputHelper output)
    {
        var named = Environment.GetEnvironmentVariable(variable);
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var found = string.IsNullOrEmpty(named) ? folders.Select(f => Path.Combine(f, name)).FirstOrDefault(File.Exists) : File.Exists(named) ? named : null;
        if (found is null) output.WriteLine($"left out: {name} is not there (set {variable} to its path)");
        return found;
    }
}
