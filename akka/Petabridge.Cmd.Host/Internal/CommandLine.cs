using System.Text;
using Petabridge.Cmd.Wire;

namespace Petabridge.Cmd.Host.Internal;

/// <summary>What a console's words mean: a command of a palette, or a text that tells what exists.</summary>
/// <param name="Handler">Who handles the command; null where <paramref name="Text"/> is the whole answer.</param>
/// <param name="Command">The command; null likewise.</param>
/// <param name="Text">Help, or what was wrong.</param>
/// <param name="IsMisuse">Whether the words were not understood.</param>
/// <param name="IsJson">Whether the command answers in JSON, as it was asked for.</param>
internal sealed record Resolved(CommandPaletteHandler? Handler, Command? Command, string Text, bool IsMisuse, bool IsJson)
{
    public static Resolved Help(string text) => new(null, null, text, false, false);

    public static Resolved Misuse(string text) => new(null, null, text, true, false);
}

/// <summary>Reads a console's words.</summary>
internal static class CommandLine
{
    /// <summary>The word that asks for help; no palette may be called so.</summary>
    public const string Help = "help";

    /// <summary>The switch by which a command is asked for JSON; a command that takes it names it among its switches.</summary>
    public const string JsonSwitch = "--json";

    public static Resolved Resolve(PetabridgeCmd host, RunRequest request)
    {
        var words = request.Words;
        // help PALETTE COMMAND is the same as PALETTE COMMAND --help.
        if (words.Count > 1 && words[0] == Help) return Resolve(host, request with { Words = [.. words.Skip(1), "--help"] });
        if (words.Count == 0 || words[0] is Help or "--help") return Resolved.Help(Overview(host.Palettes(), "PALETTE"));
        if (host.HandlerOf(words[0]) is not { } handler) return Resolved.Misuse($"There is no palette '{words[0]}'. There are: {string.Join(", ", host.Palettes().Select(p => p.ModuleName))}.");
        var palette = handler.Palette;
        if (words.Count == 1 || words[1] is Help or "--help") return Resolved.Help(Overview([palette], palette.ModuleName));
        if (!palette.CommandsByName.TryGetValue(words[1], out var command)) return Resolved.Misuse($"{palette.ModuleName} has no command '{words[1]}'. It has: {string.Join(", ", palette.Commands.Select(c => c.Name))}.");
        return words.Skip(2).Contains("--help") ? Resolved.Help(Describe(palette, command)) : Arguments(handler, command, request);
    }

    private static Resolved Arguments(CommandPaletteHandler handler, CommandDefinition command, RunRequest request)
    {
        var words = request.Words;
        var arguments = new List<Tuple<string, string>>();
        for (var i = 2; i < words.Count; i++)
        {
            if (ArgumentOf(command, words[i]) is not { } argument) return Resolved.Misuse($"{Name(handler.Palette, command)} does not know '{words[i]}'.\n{Describe(handler.Palette, command)}");
            var hasValue = i + 1 < words.Count && ArgumentOf(command, words[i + 1]) is null;
            if (!hasValue && (argument.IsMandatory || argument.HasValue)) return Resolved.Misuse($"{Name(handler.Palette, command)}: {words[i]} needs {WithArticle(argument.Name.TrimStart('-'))}.\n{Describe(handler.Palette, command)}");
            arguments.Add(Tuple.Create(words[i], hasValue ? words[i + 1] : "true"));
            if (hasValue) i++;
        }

        foreach (var argument in command.Arguments)
        {
            if (argument.IsMandatory && argument.DefaultValue is null && !arguments.Exists(a => argument.Switch.Contains(a.Item1)))
            {
                return Resolved.Misuse($"{Name(handler.Palette, command)} needs {argument.Switch[0]} ({argument.Name}).\n{Describe(handler.Palette, command)}");
            }
        }

        var json = ArgumentOf(command, JsonSwitch);
        if (request.Json && json is not null && !arguments.Exists(a => a.Item1 == JsonSwitch)) arguments.Add(Tuple.Create(JsonSwitch, "true"));
        return new Resolved(handler, new Command(command.Name, arguments), "", false, arguments.Exists(a => a.Item1 == JsonSwitch));
    }

    private static string Name(CommandPalette palette, CommandDefinition command) => $"{palette.ModuleName} {command.Name}";

    private static string WithArticle(string name) => name.Length > 0 && "aeiou".Contains(name[0]) ? $"an {name}" : $"a {name}";

    private static ArgumentDefinition? ArgumentOf(CommandDefinition command, string word)
    {
        foreach (var argument in command.Arguments)
        {
            if (argument.Switch.Contains(word)) return argument;
        }

        return null;
    }

    private static string Overview(IReadOnlyList<CommandPalette> palettes, string name)
    {
        var text = new StringBuilder();
        var width = palettes.SelectMany(p => p.Commands.Select(c => p.ModuleName.Length + 1 + c.Name.Length)).DefaultIfEmpty(0).Max();
        foreach (var palette in palettes)
        {
            foreach (var command in palette.Commands) text.Append(Name(palette, command).PadRight(width + 2)).Append(command.Description).Append('\n');
        }

        return text.Append($"\nMore about one of them: {name} COMMAND --help").ToString();
    }

    private static string Describe(CommandPalette palette, CommandDefinition command)
    {
        var text = new StringBuilder($"{Name(palette, command)}: {command.Description}");
        var switches = command.Arguments.Select(a => string.Join(", ", a.Switch)).ToList();
        var width = switches.Select(s => s.Length).DefaultIfEmpty(0).Max();
        for (var i = 0; i < switches.Count; i++)
        {
            var argument = command.Arguments[i];
            text.Append($"\n  {switches[i].PadRight(width)}  {argument.Description}");
            if (argument.IsMandatory) text.Append(" Needed.");
            if (argument.DefaultValue is { } value) text.Append($" {value} where nothing is said.");
            if (argument.DefaultValues.Count > 0) text.Append($" Such as {string.Join(", ", argument.DefaultValues)}.");
        }

        return text.ToString();
    }
}
