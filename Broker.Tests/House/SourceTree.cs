using AkkaStream.Tests.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace AkkaStream.Tests.House;

/// <summary>Every C# source of the repository, parsed once for the house rules.</summary>
internal static class SourceTree
{
    private static readonly CSharpParseOptions Options = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview);

    private static readonly Lazy<IReadOnlyList<SourceFile>> All = new(() => Paths("*.cs").Select(Parse).ToList());

    /// <summary>All sources that people write (nothing from bin or obj).</summary>
    public static IReadOnlyList<SourceFile> Files => All.Value;

    /// <summary>Paths of all files with a name like <paramref name="pattern"/>, relative to the root.</summary>
    public static IEnumerable<string> Paths(string pattern)
        => Directory.EnumerateFiles(Repository.Root, pattern, SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Repository.Root, path))
            .Where(path => !path.Split('/', '\\').Any(part => part is "bin" or "obj" or ".git" or "data" or "node_modules"))
            .Order(StringComparer.Ordinal);

    private static SourceFile Parse(string path)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, path));
        return new SourceFile(path, text, CSharpSyntaxTree.ParseText(text, Options, path).GetRoot());
    }
}

/// <summary>One source: its path from the root, its text, its syntax.</summary>
internal sealed record SourceFile(string Path, string Text, SyntaxNode Syntax)
{
    /// <summary>The 1-based line at which a node begins.</summary>
    public static int Line(SyntaxNode node) => node.GetLocation().GetLineSpan().StartLinePosition.Line + 1;

    /// <summary>How many lines a node takes.</summary>
    public static int Lines(SyntaxNode node)
    {
        var span = node.GetLocation().GetLineSpan();
        return span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
    }
}
