namespace Petabridge.Cmd;

/// <summary>A command as somebody typed it: a message to the actor that handles it.</summary>
public sealed class Command
{
    /// <summary>The command <paramref name="name"/> with its arguments.</summary>
    public Command(string name, IReadOnlyList<Tuple<string, string>> arguments)
    {
        Name = name;
        Arguments = arguments;
    }

    /// <summary>Which command.</summary>
    public string Name { get; }

    /// <summary>Switches and values as they were written; a switch that stood alone has the value <c>true</c>.</summary>
    public IReadOnlyList<Tuple<string, string>> Arguments { get; }

    /// <inheritdoc/>
    public override string ToString() => Arguments.Count == 0 ? Name : $"{Name} {string.Join(' ', Arguments.Select(a => $"{a.Item1} {a.Item2}"))}";
}

/// <summary>The arguments of a <see cref="Command"/> by the names of its definition.</summary>
public sealed class CommandArguments
{
    private readonly CommandDefinition _definition;
    private readonly Command _command;

    internal CommandArguments(CommandDefinition definition, Command command)
    {
        _definition = definition;
        _command = command;
    }

    /// <summary>What was written for an argument, its default where nothing was; empty where there is neither. Throws <see cref="KeyNotFoundException"/> for an argument that the command has not.</summary>
    public IReadOnlyList<string> ArgumentValues(string name)
    {
        var argument = _definition.ArgumentsByName[name];
        var values = new List<string>();
        foreach (var (text, value) in _command.Arguments)
        {
            if (argument.Switch.Contains(text)) values.Add(value);
        }

        if (values.Count == 0 && argument.DefaultValue is { } given) values.Add(given);
        return values;
    }
}
