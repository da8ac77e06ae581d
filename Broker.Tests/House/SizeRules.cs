using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AkkaStream.Tests.House;

/// <summary>Methods, files and nesting stay small enough to be read in one go.</summary>
public sealed class SizeRules
{
    private const int LinesOfAMethod = 70;
    private const int LinesOfAFile = 600;
    private const int NestingOfAMethod = 3;

    [Fact]
    public void No_file_is_longer_than_600_lines()
        => Report(SourceTree.Files.Select(file => (file, lines: file.Text.Count(c => c == '\n')))
            .Where(f => f.lines > LinesOfAFile)
            .Select(f => $"{f.file.Path}: {f.lines} lines"));

    [Fact]
    public void No_method_is_longer_than_70_lines()
        => Report(from file in SourceTree.Files
                  from method in Methods(file)
                  let lines = SourceFile.Lines(method)
                  where lines > LinesOfAMethod
                  select $"{file.Path}:{SourceFile.Line(method)}: {Name(method)} has {lines} lines");

    [Fact]
    public void No_method_nests_deeper_than_3()
        => Report(from file in SourceTree.Files
                  from method in Methods(file)
                  let depth = Depth(method, 0)
                  where depth > NestingOfAMethod
                  select $"{file.Path}:{SourceFile.Line(method)}: {Name(method)} nests {depth} deep");

    private static IEnumerable<SyntaxNode> Methods(SourceFile file)
        => file.Syntax.DescendantNodes().Where(n => n is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AccessorDeclarationSyntax);

    private static string Name(SyntaxNode method) => method switch
    {
        MethodDeclarationSyntax m => m.Identifier.Text,
        ConstructorDeclarationSyntax c => c.Identifier.Text,
        LocalFunctionStatementSyntax l => l.Identifier.Text,
        _ => method.Kind().ToString(),
    };

    // A branch or loop inside another one is one level; "else if" chains, blocks and switch sections of one statement are not.
    private static int Depth(SyntaxNode node, int level)
    {
        var deepest = level;
        foreach (var child in node.ChildNodes())
        {
            if (child is LocalFunctionStatementSyntax) continue;
            var opens = child is ForStatementSyntax or CommonForEachStatementSyntax or WhileStatementSyntax or DoStatementSyntax or SwitchStatementSyntax
                or TryStatementSyntax or LockStatementSyntax or (IfStatementSyntax and { Parent: not ElseClauseSyntax });
            deepest = Math.Max(deepest, Depth(child, opens ? level + 1 : level));
        }

        return deepest;
    }

    private static void Report(IEnumerable<string> broken)
    {
        var lines = broken.ToList();
        Assert.True(lines.Count == 0, $"{lines.Count} place(s):\n{string.Join('\n', lines)}");
    }
}

/// <summary>Syntax kinds by name.</summary>
internal static class SyntaxKinds
{
    public static Microsoft.CodeAnalysis.CSharp.SyntaxKind Kind(this SyntaxNode node)
        => (Microsoft.CodeAnalysis.CSharp.SyntaxKind)node.RawKind;
}
