using System.Text.RegularExpressions;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.House;

/// <summary>What must not stand in the sources.</summary>
public sealed partial class ContentRules
{
    // Time, threads, files, sockets and dice each have one owner; only there may the ban be lifted.
    private static readonly string[] Owners = File.ReadAllLines(Path.Combine(Repository.Root, "build", "AmbientOwners.txt"))
        .Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(' ')[0]).ToArray();

    [Fact]
    public void The_ban_on_ambient_calls_is_lifted_only_by_their_owners()
    {
        var lifted = SourceTree.Files
            .Where(f => f.Path.StartsWith("akka/", StringComparison.Ordinal) || f.Path.StartsWith("Broker.Actors/", StringComparison.Ordinal))
            .Where(f => f.Text.Contains("RS0030", StringComparison.Ordinal)).Select(f => f.Path).ToList();
        Assert.Equal([], lifted.Except(Owners));
        Assert.Equal([], Owners.Except(lifted));
    }

    [Fact]
    public void No_project_turns_a_rule_off()
    {
        var broken = from path in SourceTree.Paths("*.csproj")
                     let text = File.ReadAllText(Path.Combine(Repository.Root, path))
                     where path != "Broker.Tests/Broker.Tests.csproj"
                     where text.Contains("NoWarn", StringComparison.Ordinal) || text.Contains("TreatWarningsAsErrors", StringComparison.Ordinal)
                     select path;
        Assert.Equal([], broken);
    }

    [Fact]
    public void The_projects_that_must_not_fetch_time_and_dice_ban_the_calls()
    {
        var open = from path in SourceTree.Paths("*.csproj")
                   where path.StartsWith("akka/", StringComparison.Ordinal) || path == "Broker.Actors/Broker.Actors.csproj"
                   let text = File.ReadAllText(Path.Combine(Repository.Root, path))
                   where !text.Contains("<BanAmbientCalls>true</BanAmbientCalls>", StringComparison.Ordinal)
                   select path;
        Assert.Equal([], open);
    }

    [Fact]
    public void Nothing_is_left_unfinished()
        => Report(Unfinished(), file => !file.Path.StartsWith("Broker.Tests/House/", StringComparison.Ordinal));

    [Fact]
    public void No_test_sleeps_or_is_skipped()
        => Report(SleepsOrSkips(), file => file.Path.StartsWith("Broker.Tests/", StringComparison.Ordinal)
            && !file.Path.StartsWith("Broker.Tests/House/", StringComparison.Ordinal)
            && !file.Path.StartsWith("Broker.Tests/Benchmarks/", StringComparison.Ordinal));

    [Fact]
    public void No_exception_is_swallowed()
        => Report(Swallowed(), _ => true);

    private static void Report(Regex pattern, Func<SourceFile, bool> where)
    {
        var lines = (from file in SourceTree.Files
                     where @where(file)
                     from Match match in pattern.Matches(file.Text)
                     select $"{file.Path}:{file.Text.AsSpan(0, match.Index).Count('\n') + 1}: {match.Value.Trim()}").ToList();
        Assert.True(lines.Count == 0, $"{lines.Count} place(s):\n{string.Join('\n', lines)}");
    }

    [GeneratedRegex(@"NotImplementedException|\bTODO\b|\bFIXME\b|\bHACK\b|\bXXX\b")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"Thread\.Sleep|Task\.Delay|\bSkip\s*=\s*""")]
    private static partial Regex SleepsOrSkips();

    [GeneratedRegex(@"catch\s*(\(Exception[^)]*\))?\s*\{\s*\}")]
    private static partial Regex Swallowed();
}
