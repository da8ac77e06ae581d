using Petabridge.Cmd;

namespace Pbm;

/// <summary>What a line may go on with.</summary>
internal sealed class Completion(IReadOnlyList<CommandPalette> palettes)
{
    /// <summary>Words that pbm itself understands at the beginning of a line.</summary>
    public static readonly string[] Own = ["clear", "exit", "help", "quit"];

    /// <summary>The whole words that the last word of <paramref name="line"/> may become, sorted.</summary>
    public IReadOnlyList<string> Of(string line)
    {
        var (words, isWithin) = Words.Split(line);
        var begun = isWithin ? words[^1] : "";
        var before = isWithin ? words[..^1] : words;
        return Candidates(before).Where(c => c.StartsWith(begun, StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal).ToList();
    }

    /// <summary>What all candidates have in common beyond what is there: what the Tab key adds.</summary>
    public static string CommonBeginning(IReadOnlyList<string> candidates)
    {
        if (candidates.Count == 0) return "";
        var common = candidates[0].Length;
        foreach (var candidate in candidates)
        {
            var same = 0;
            while (same < common && same < candidate.Length && candidate[same] == candidates[0][same]) same++;
            common = same;
        }

        return candidates[0][..common];
    }

    private IEnumerable<string> Candidates(List<string> before)
    {
        if (before.Count == 0) return palettes.Select(p => p.ModuleName).Concat(Own);
        if (palettes.FirstOrDefault(p => p.ModuleName == before[0]) is not { } palette) return [];
        if (before.Count == 1) return palette.CommandsByName.Keys;
        if (!palette.CommandsByName.TryGetValue(before[1], out var command)) return [];
        if (before.Count > 2 && ArgumentOf(command, before[^1]) is { } begun && !IsFlag(begun)) return begun.DefaultValues;
        return command.Arguments.Where(a => !before.Exists(a.Switch.Contains)).SelectMany(a => a.Switch).Append("--help");
    }

    private static ArgumentDefinition? ArgumentOf(CommandDefinition command, string word) => command.Arguments.FirstOrDefault(a => a.Switch.Contains(word));

    // One that takes a value says so by suggesting some, by having one, or by being needed; another may stand alone.
    private static bool IsFlag(ArgumentDefinition argument) => argument.DefaultValues.Count == 0 && argument.DefaultValue is null && !argument.IsMandatory;
}
