using System.CommandLine;
using System.CommandLine.Parsing;

namespace AkkaStream.Host.Verbs;

/// <summary>What is wrong with a command line, in sentences: the parser library's own name .NET types, and say of one mistake two things.</summary>
internal static class CommandFaults
{
    /// <summary>The sentences; the last one says where help is.</summary>
    internal static IEnumerable<string> Of(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var path = PathOf(parsed.CommandResult);
        foreach (var fault in command.Subcommands.Count > 0 ? [Verb(parsed, command, path)] : parsed.Errors.Select(Sentence).Distinct()) yield return fault;
        yield return path.Length == 0 ? "See: --help" : $"See: {path} --help";
    }

    private static string Verb(ParseResult parsed, Command command, string path)
    {
        var known = string.Join(", ", command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name));
        if (parsed.UnmatchedTokens.Count > 0) return $"'{parsed.UnmatchedTokens[0]}' is no {(path.Length == 0 ? "verb" : $"verb or option of '{path}'")}: there are {known}";
        var ownFault = parsed.Errors.FirstOrDefault(error => error.SymbolResult is OptionResult);
        return ownFault is not null ? Sentence(ownFault) : $"say what to do{(path.Length == 0 ? "" : $" behind '{path}'")}: {known}";
    }

    private static string Sentence(ParseError error) => error.SymbolResult switch
    {
        OptionResult { Tokens.Count: > 0 } option when Expected(option.Option.ValueType) is { } expected && !Fits(option.Tokens[^1].Value, option.Option.ValueType)
            => $"{option.Option.Name} {option.Tokens[^1].Value}: expected {expected}",
        ArgumentResult { Tokens.Count: > 0 } argument when argument.Parent is OptionResult of && Expected(of.Option.ValueType) is { } expected && !Fits(argument.Tokens[^1].Value, of.Option.ValueType)
            => $"{of.Option.Name} {argument.Tokens[^1].Value}: expected {expected}",
        ArgumentResult { Tokens.Count: 0, Parent: CommandResult } missing => $"the {missing.Argument.Name} is missing",
        _ => error.Message,
    };

    private static string? Expected(Type type)
    {
        var (lowest, highest) = BoundsOf(type);
        if (highest != 0) return $"a whole number from {lowest} to {highest}";
        return type == typeof(double) ? "a number" : null;
    }

    private static bool Fits(string text, Type type)
    {
        if (type == typeof(double)) return double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out _);
        var (lowest, highest) = BoundsOf(type);
        return long.TryParse(text, System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out var number) && number >= lowest && number <= highest;
    }

    private static (long Lowest, long Highest) BoundsOf(Type type)
    {
        var element = type.IsArray ? type.GetElementType()! : Nullable.GetUnderlyingType(type) ?? type;
        return Type.GetTypeCode(element) switch
        {
            TypeCode.Int16 => (short.MinValue, short.MaxValue),
            TypeCode.Int32 => (int.MinValue, int.MaxValue),
            TypeCode.Int64 => (long.MinValue, long.MaxValue),
            _ => (0, 0),
        };
    }

    private static string PathOf(CommandResult of)
    {
        var names = new List<string>();
        for (SymbolResult? at = of; at is not null; at = at.Parent)
        {
            if (at is CommandResult { Command: not RootCommand } command) names.Insert(0, command.Command.Name);
        }

        return string.Join(' ', names);
    }
}
