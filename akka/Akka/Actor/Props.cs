using System.Linq.Expressions;
using System.Reflection;
using Akka.Routing;

namespace Akka.Actor;

/// <summary>Makes actors in a way of its own.</summary>
public interface IIndirectActorProducer
{
    /// <summary>What it makes.</summary>
    Type ActorType { get; }

    /// <summary>A new actor, another one each time.</summary>
    ActorBase Produce();

    /// <summary>The actor ended.</summary>
    void Release(ActorBase actor);
}

/// <summary>
/// The recipe of an actor: class, constructor arguments, and how it is set up. Immutable; one recipe makes any number of actors.
/// <see cref="CreateBy(IIndirectActorProducer, object[])"/> is the cheapest way, an expression the dearest.
/// </summary>
public class Props : IEquatable<Props>
{
    /// <summary>No actor: such a recipe cannot be run.</summary>
    public static readonly Props None = new(Deploy.Nothing, new TypeProducer(typeof(NoActor), []), null);

    private readonly IIndirectActorProducer _producer;

    private Props(Deploy deploy, IIndirectActorProducer producer, SupervisorStrategy? strategy)
    {
        Deploy = deploy;
        _producer = producer;
        SupervisorStrategy = strategy;
    }

    /// <summary>An actor without behaviour.</summary>
    public static Props Empty { get; } = new(Deploy.Nothing, new TypeProducer(typeof(NoActor), []), null);

    /// <summary>The actor's class.</summary>
    public Type Type => _producer.ActorType;

    /// <summary>The class's name.</summary>
    public string TypeName => Type.AssemblyQualifiedName ?? Type.Name;

    /// <summary>How it is set up.</summary>
    public Deploy Deploy { get; protected set; }

    /// <summary>The dispatcher's name in the configuration; null where none is named.</summary>
    public string? Dispatcher => Deploy.Dispatcher == Deploy.NoDispatcherGiven ? null : Deploy.Dispatcher;

    /// <summary>The mailbox's name in the configuration; null where none is named.</summary>
    public string? Mailbox => Deploy.Mailbox == Deploy.NoMailboxGiven ? null : Deploy.Mailbox;

    /// <summary>How it handles failures of its children; null leaves that to the class.</summary>
    public SupervisorStrategy? SupervisorStrategy { get; protected set; }

    /// <summary>How messages are spread, for a router.</summary>
    public RouterConfig RouterConfig => Deploy.RouterConfig;

    /// <summary>From <c>() => new X(a, b)</c>; the arguments are computed now, once.</summary>
    public static Props Create<TActor>(Expression<Func<TActor>> factory, SupervisorStrategy? supervisorStrategy = null)
        where TActor : ActorBase
    {
        if (factory.Body is not NewExpression created) throw new ArgumentException("The create function must be a 'new T (args)' expression", nameof(factory));
        return new Props(Deploy.Nothing, new TypeProducer(created.Type, ExpressionArguments.Of(created)), supervisorStrategy);
    }

    /// <summary>By its class and arguments of its constructor.</summary>
    public static Props Create<TActor>(params object[] args)
        where TActor : ActorBase
        => Create(typeof(TActor), args);

    /// <summary>By its class with the parameterless constructor.</summary>
    public static Props Create<TActor>(SupervisorStrategy supervisorStrategy)
        where TActor : ActorBase, new()
        => new(Deploy.Nothing, new TypeProducer(typeof(TActor), []), supervisorStrategy);

    /// <summary>By its class and arguments of its constructor. Throws <see cref="ArgumentException"/> for a type that is no actor.</summary>
    public static Props Create(Type type, params object[] args)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (!typeof(ActorBase).IsAssignableFrom(type)) throw new ArgumentException($"{type} is not an actor: it does not derive from ActorBase", nameof(type));
        if (type.IsAbstract) throw new ArgumentException($"{type} is abstract", nameof(type));
        return new Props(Deploy.Nothing, new TypeProducer(type, args ?? []), null);
    }

    /// <summary>By a producer.</summary>
    public static Props CreateBy(IIndirectActorProducer producer, params object[] args)
    {
        ArgumentNullException.ThrowIfNull(producer);
        return new Props(Deploy.Nothing, producer, null);
    }

    /// <summary>By a producer of a class, made with these arguments.</summary>
    public static Props CreateBy<TProducer>(params object[] args)
        where TProducer : class, IIndirectActorProducer
        => CreateBy((IIndirectActorProducer)Activator.CreateInstance(typeof(TProducer), args)!);

    /// <summary>With another mailbox.</summary>
    public Props WithMailbox(string mailbox) => With(Deploy.WithMailbox(mailbox));

    /// <summary>On another dispatcher.</summary>
    public Props WithDispatcher(string dispatcher) => With(Deploy.WithDispatcher(dispatcher));

    /// <summary>Behind a router.</summary>
    public Props WithRouter(RouterConfig routerConfig) => With(Deploy.WithRouterConfig(routerConfig));

    /// <summary>With another capacity of the stash.</summary>
    public Props WithStashCapacity(int stashCapacity) => With(Deploy.WithStashCapacity(stashCapacity));

    /// <summary>With what <paramref name="deploy"/> says, over what it says itself.</summary>
    public Props WithDeploy(Deploy deploy) => With(ReferenceEquals(Deploy, Deploy.Nothing) ? deploy : deploy.WithFallback(Deploy));

    /// <summary>With another way to handle failures of its children.</summary>
    public Props WithSupervisorStrategy(SupervisorStrategy? supervisorStrategy) => new(Deploy, _producer, supervisorStrategy);

    /// <summary>A new actor; only an actor cell may ask.</summary>
    public virtual ActorBase NewActor() => _producer.Produce();

    /// <inheritdoc/>
    public bool Equals(Props? other)
        => ReferenceEquals(this, other)
           || (other is not null && Deploy.Equals(other.Deploy) && Equals(SupervisorStrategy, other.SupervisorStrategy) && _producer.Equals(other._producer));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Props);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Type, Deploy.Dispatcher, Deploy.Mailbox);

    internal void Release(ActorBase actor) => _producer.Release(actor);

    private Props With(Deploy deploy) => new(deploy, _producer, SupervisorStrategy);

    private sealed class NoActor : ActorBase
    {
        protected override bool Receive(object message) => false;
    }

    private sealed class TypeProducer(Type type, object[] args) : IIndirectActorProducer, IEquatable<TypeProducer>
    {
        private const int FewActors = 8;

        private ConstructorInvoker? _constructor;
        private int _made;

        public Type ActorType { get; } = type;

        private object[] Arguments { get; } = args;

        public ActorBase Produce()
        {
            // Looking for the constructor anew takes longer than all else of an actor's beginning; compiling a call of it longer still, which only pays for a recipe of many.
            if (_constructor is not null) return (ActorBase)_constructor.Invoke(new Span<object?>(Arguments));
            if (_made < FewActors && ++_made == FewActors) _constructor = OnlyConstructor();
            const BindingFlags any = BindingFlags.Instance | BindingFlags.Public
                | BindingFlags.NonPublic | BindingFlags.CreateInstance | BindingFlags.DoNotWrapExceptions
                | BindingFlags.OptionalParamBinding;
            return (ActorBase)Activator.CreateInstance(ActorType, any, null, Arguments, null)!;
        }

        public void Release(ActorBase actor)
        {
        }

        // The one that takes these arguments as they are, where no other takes as many; which of several it is, and what can be turned into what, Activator knows.
        private ConstructorInvoker? OnlyConstructor()
        {
            ConstructorInfo? found = null;
            foreach (var constructor in ActorType.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            {
                var parameters = constructor.GetParameters();
                if (parameters.Any(parameter => parameter.IsOptional || parameter.IsDefined(typeof(ParamArrayAttribute)))) return null;
                if (parameters.Length != Arguments.Length) continue;
                if (found is not null) return null;
                found = constructor;
            }

            return found is not null && found.GetParameters().Zip(Arguments).All(pair => pair.First.ParameterType.IsInstanceOfType(pair.Second)) ? ConstructorInvoker.Create(found) : null;
        }

        public bool Equals(TypeProducer? other) => other is not null && ActorType == other.ActorType && Arguments.SequenceEqual(other.Arguments);

        public override bool Equals(object? obj) => Equals(obj as TypeProducer);

        public override int GetHashCode() => ActorType.GetHashCode();
    }
}

/// <summary>The values of the arguments in <c>() => new X(a, b)</c>.</summary>
internal static class ExpressionArguments
{
    public static object[] Of(NewExpression created)
    {
        var values = new object[created.Arguments.Count];
        for (var i = 0; i < values.Length; i++) values[i] = Value(created.Arguments[i])!;
        return values;
    }

    // Constants and captured variables are read directly; only what computes something has to be compiled.
    private static object? Value(Expression expression) => expression switch
    {
        ConstantExpression constant => constant.Value,
        MemberExpression { Member: FieldInfo field } member => field.GetValue(member.Expression is null ? null : Value(member.Expression)),
        MemberExpression { Member: PropertyInfo property } member => property.GetValue(member.Expression is null ? null : Value(member.Expression)),
        _ => Expression.Lambda<Func<object>>(Expression.Convert(expression, typeof(object))).Compile(preferInterpretation: true)(),
    };
}
