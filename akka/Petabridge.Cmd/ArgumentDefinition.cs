namespace Petabridge.Cmd;

/// <summary>One argument of a command: a switch on the command line and the value behind it.</summary>
public sealed class ArgumentDefinition
{
    internal ArgumentDefinition(string name, string description, bool isMandatory, IReadOnlyList<string> switches, IReadOnlyList<string> suggestions, string? defaultValue, bool hasValue)
    {
        Name = name;
        Description = description;
        IsMandatory = isMandatory;
        Switch = switches;
        DefaultValues = suggestions;
        DefaultValue = defaultValue;
        HasValue = hasValue;
    }

    /// <summary>The name by which handlers know it.</summary>
    public string Name { get; }

    /// <summary>One sentence for people.</summary>
    public string Description { get; }

    /// <summary>Whether the command is refused without it.</summary>
    public bool IsMandatory { get; }

    /// <summary>How it is written: one or more switches such as <c>-s</c> and <c>--start</c>.</summary>
    public IReadOnlyList<string> Switch { get; }

    /// <summary>Values that a console suggests; any other is taken too.</summary>
    public IReadOnlyList<string> DefaultValues { get; }

    /// <summary>The value where none is written; null where there is none.</summary>
    public string? DefaultValue { get; }

    /// <summary>Whether its switch means nothing without a value behind it. A host's own knowledge: consoles are not told.</summary>
    internal bool HasValue { get; }
}

/// <summary>Builds an <see cref="ArgumentDefinition"/>.</summary>
public sealed class ArgumentDefinitionBuilder
{
    private readonly List<string> _switches = [];
    private readonly List<string> _suggestions = [];
    private string _name = "";
    private string _description = "";
    private string? _defaultValue;
    private bool _isMandatory;
    private bool _hasValue;

    /// <summary>The name by which handlers know it.</summary>
    public ArgumentDefinitionBuilder WithName(string name)
    {
        _name = name;
        return this;
    }

    /// <summary>One sentence for people.</summary>
    public ArgumentDefinitionBuilder WithDescription(string description)
    {
        _description = description;
        return this;
    }

    /// <summary>Whether the command is refused without it; not where nothing is said.</summary>
    public ArgumentDefinitionBuilder IsMandatory(bool isMandatory)
    {
        _isMandatory = isMandatory;
        return this;
    }

    /// <summary>Adds a way to write it, such as <c>-s</c>.</summary>
    public ArgumentDefinitionBuilder WithSwitch(string @switch)
    {
        _switches.Add(@switch);
        return this;
    }

    /// <summary>Adds values that a console suggests.</summary>
    public ArgumentDefinitionBuilder WithDefaultValues(params string[] values)
    {
        _suggestions.AddRange(values);
        return this;
    }

    /// <summary>The value where none is written.</summary>
    public ArgumentDefinitionBuilder WithDefaultValue(string value)
    {
        _defaultValue = value;
        return this;
    }

    /// <summary>Its switch is refused where no value stands behind it, also where the argument is not mandatory.</summary>
    internal ArgumentDefinitionBuilder HasValue()
    {
        _hasValue = true;
        return this;
    }

    /// <summary>The argument. Throws <see cref="ArgumentException"/> for one without a name or a switch, a switch without a leading dash, or a text over its limit.</summary>
    public ArgumentDefinition Build()
    {
        Names.Check("an argument's name", _name);
        Names.CheckDescription($"argument {_name}", _description);
        Names.CheckCount($"argument {_name}: switches", _switches.Count);
        Names.CheckCount($"argument {_name}: suggestions", _suggestions.Count);
        if (_switches.Count == 0) throw new ArgumentException($"argument {_name} has no switch");
        foreach (var text in _switches)
        {
            Names.Check($"a switch of argument {_name}", text);
            if (text[0] != '-') throw new ArgumentException($"argument {_name}: the switch '{text}' does not begin with a dash");
        }

        foreach (var text in _suggestions) Names.CheckDescription($"a suggestion of argument {_name}", text);
        if (_defaultValue is not null) Names.CheckDescription($"the default of argument {_name}", _defaultValue);
        return new ArgumentDefinition(_name, _description, _isMandatory, [.. _switches], [.. _suggestions], _defaultValue, _hasValue);
    }
}
