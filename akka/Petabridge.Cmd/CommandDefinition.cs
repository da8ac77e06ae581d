namespace Petabridge.Cmd;

/// <summary>A command: its name, what it does, and what arguments it takes.</summary>
public sealed class CommandDefinition
{
    internal CommandDefinition(string name, string description, IReadOnlyList<ArgumentDefinition> arguments)
    {
        Name = name;
        Description = description;
        Arguments = arguments;
        var byName = new Dictionary<string, ArgumentDefinition>(StringComparer.Ordinal);
        foreach (var argument in arguments) byName.Add(argument.Name, argument);
        ArgumentsByName = byName;
    }

    /// <summary>The name as it is typed.</summary>
    public string Name { get; }

    /// <summary>One sentence for people.</summary>
    public string Description { get; }

    /// <summary>Its arguments in the order in which help shows them.</summary>
    public IReadOnlyList<ArgumentDefinition> Arguments { get; }

    /// <summary>Its arguments by their names.</summary>
    public IReadOnlyDictionary<string, ArgumentDefinition> ArgumentsByName { get; }
}

/// <summary>Builds a <see cref="CommandDefinition"/>.</summary>
public sealed class CommandDefinitionBuilder
{
    private readonly List<ArgumentDefinition> _arguments = [];
    private string _name = "";
    private string _description = "";

    /// <summary>The name as it is typed.</summary>
    public CommandDefinitionBuilder WithName(string name)
    {
        _name = name;
        return this;
    }

    /// <summary>One sentence for people.</summary>
    public CommandDefinitionBuilder WithDescription(string description)
    {
        _description = description;
        return this;
    }

    /// <summary>Adds an argument.</summary>
    public CommandDefinitionBuilder WithArgument(Func<ArgumentDefinitionBuilder, ArgumentDefinitionBuilder> argument)
    {
        _arguments.Add(argument(new ArgumentDefinitionBuilder()).Build());
        return this;
    }

    /// <summary>The command. Throws <see cref="ArgumentException"/> for one without a name, with two arguments of one name or switch, or over a limit.</summary>
    public CommandDefinition Build()
    {
        Names.Check("a command's name", _name);
        Names.CheckDescription($"command {_name}", _description);
        Names.CheckCount($"command {_name}: arguments", _arguments.Count);
        var names = new HashSet<string>(StringComparer.Ordinal);
        var switches = new HashSet<string>(StringComparer.Ordinal);
        foreach (var argument in _arguments)
        {
            if (!names.Add(argument.Name)) throw new ArgumentException($"command {_name} has two arguments '{argument.Name}'");
            foreach (var text in argument.Switch)
            {
                if (!switches.Add(text)) throw new ArgumentException($"command {_name} has two switches '{text}'");
            }
        }

        return new CommandDefinition(_name, _description, [.. _arguments]);
    }
}
