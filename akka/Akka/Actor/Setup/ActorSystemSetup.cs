using Akka.Util;

namespace Akka.Actor.Setup;

/// <summary>All set-ups that an actor system is created with, by their types. Immutable.</summary>
public sealed class ActorSystemSetup
{
    /// <summary>No set-ups.</summary>
    public static readonly ActorSystemSetup Empty = new([]);

    private readonly Dictionary<Type, Setup> _setups;

    private ActorSystemSetup(Dictionary<Type, Setup> setups) => _setups = setups;

    /// <summary>The given set-ups; of two of one type the later counts.</summary>
    public static ActorSystemSetup Create(params Setup[] setups)
    {
        var all = new Dictionary<Type, Setup>();
        foreach (var setup in setups) all[setup.GetType()] = setup;
        return new ActorSystemSetup(all);
    }

    /// <summary>The set-up of a type, if there is one.</summary>
    public Option<T> Get<T>()
        where T : Setup
        => _setups.TryGetValue(typeof(T), out var setup) ? new Option<T>((T)setup) : Option<T>.None;

    /// <summary>These and <paramref name="setup"/>, in the place of an earlier one of its type.</summary>
    public ActorSystemSetup WithSetup<T>(T setup)
        where T : Setup
        => new(new Dictionary<Type, Setup>(_setups) { [setup.GetType()] = setup });

    /// <summary>These and <paramref name="setup"/>, in the place of an earlier one of its type.</summary>
    public ActorSystemSetup And<T>(T setup)
        where T : Setup
        => WithSetup(setup);

    /// <inheritdoc/>
    public override string ToString() => $"ActorSystemSetup({string.Join(", ", _setups.Keys)})";
}
