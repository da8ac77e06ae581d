namespace Petabridge.Cmd;

/// <summary>Commands of one subject under one name: <c>pbm NAME COMMAND</c>.</summary>
public sealed class CommandPalette
{
    /// <summary>A palette. Throws <see cref="ArgumentException"/> for a bad name, two commands of one name, or more commands than the limit.</summary>
    public CommandPalette(string moduleName, IEnumerable<CommandDefinition> commands)
    {
        Names.Check("a palette's name", moduleName);
        ModuleName = moduleName;
        var all = new List<CommandDefinition>(commands);
        Names.CheckCount($"palette {moduleName}: commands", all.Count);
        var byName = new Dictionary<string, CommandDefinition>(StringComparer.Ordinal);
        foreach (var command in all)
        {
            if (!byName.TryAdd(command.Name, command)) throw new ArgumentException($"palette {moduleName} has two commands '{command.Name}'");
        }

        Commands = all;
        CommandsByName = byName;
    }

    /// <summary>The name as it is typed.</summary>
    public string ModuleName { get; }

    /// <summary>Its commands in the order in which help shows them.</summary>
    public IReadOnlyList<CommandDefinition> Commands { get; }

    /// <summary>Its commands by their names.</summary>
    public IReadOnlyDictionary<string, CommandDefinition> CommandsByName { get; }
}
