using System.Collections.Concurrent;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Serialization;

/// <summary>
/// A system's serialisers: by their identifiers, and by the types that they write. A type is written by the serialiser that is bound to
/// it, or to the nearest of its base types and interfaces. Bytes from a stranger choose among registered serialisers and bound types only.
/// </summary>
public class Serialization
{
    [ThreadStatic]
    private static Information? _transport;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Serializer> _byName = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Type, Serializer> _found = new();
    private readonly NullSerializer _null;
    // Plain arrays of references: there are few of them, and collections of values would have to be compiled at every start.
    private volatile Serializer[] _all = [];
    private volatile Binding[] _bindings = [];

    /// <summary>The serialisers of a system: the built-in ones, those of its configuration and those of its <see cref="SerializationSetup"/>.</summary>
    public Serialization(ExtendedActorSystem system)
    {
        System = system;
        AddSerializer("null", _null = new NullSerializer(system));
        var bytes = new ByteArraySerializer(system);
        AddSerializer("bytes", bytes);
        AddSerializationMap(typeof(byte[]), bytes);
        var primitives = new PrimitiveSerializers(system);
        AddSerializer("primitive", primitives);
        AddSerializationMap(typeof(string), primitives);
        AddSerializationMap(typeof(int), primitives);
        AddSerializationMap(typeof(long), primitives);
        Configured(system.Settings.Config);
        var setup = system.Settings.Setup.Get<SerializationSetup>();
        if (!setup.HasValue) return;
        foreach (var details in setup.Value.CreateSerializers(system))
        {
            AddSerializer(details.Alias, details.Serializer);
            foreach (var type in details.UseFor) AddSerializationMap(type, details.Serializer);
        }
    }

    /// <summary>The system.</summary>
    public ExtendedActorSystem System { get; }

    /// <summary>Runs <paramref name="action"/> with local actors written as actors of <paramref name="address"/>.</summary>
    public static T WithTransport<T>(ActorSystem system, Address address, Func<T> action)
    {
        var before = _transport;
        try
        {
            _transport = new Information(address, system);
            return action();
        }
        finally
        {
            _transport = before;
        }
    }

    /// <summary>Runs <paramref name="action"/> with local actors written under the system's own address.</summary>
    public static T WithTransport<T>(ExtendedActorSystem system, Func<T> action) => WithTransport(system, action, static run => run());

    /// <summary>Runs <paramref name="action"/> with local actors written under the system's own address, unless a transport is set already.</summary>
    public static T WithTransport<TState, T>(ExtendedActorSystem system, TState state, Func<TState, T> action)
    {
        var before = _transport;
        try
        {
            _transport ??= new Information(system.Provider.DefaultAddress, system);
            return action(state);
        }
        finally
        {
            _transport = before;
        }
    }

    /// <summary>For whom this thread serialises. Throws <see cref="InvalidOperationException"/> outside of <see cref="WithTransport{T}(ExtendedActorSystem, Func{T})"/>.</summary>
    public static Information GetCurrentTransportInformation()
        => _transport ?? throw new InvalidOperationException("no transport is set: serialize within Serialization.WithTransport");

    /// <summary>An actor's path as text, with the address under which the other side knows it. Empty for null.</summary>
    public static string SerializedActorPath(IActorRef actorRef)
    {
        if (actorRef is null || actorRef.Equals(ActorRefs.Nobody)) return "";
        return _transport is { } transport ? actorRef.Path.ToSerializationFormatWithAddress(transport.Address) : actorRef.Path.ToSerializationFormat();
    }

    /// <summary>What has to go with an object's bytes for its serialiser to read them; empty where nothing has.</summary>
    public static string ManifestFor(Serializer s, object msg) => s switch
    {
        SerializerWithStringManifest named => named.Manifest(msg),
        { IncludeManifest: true } => TypeName(msg.GetType()),
        _ => "",
    };

    /// <summary>The actor that <see cref="SerializedActorPath"/> wrote.</summary>
    public IActorRef DeserializeActorRef(string path) => System.Provider.ResolveActorRef(path);

    /// <summary>Registers a serialiser by its identifier. Throws <see cref="ConfigurationException"/> where another one has it.</summary>
    public void AddSerializer(Serializer serializer)
    {
        lock (_lock)
        {
            var index = Array.FindIndex(_all, known => known.Identifier == serializer.Identifier);
            if (index < 0)
            {
                _all = [.. _all, serializer];
                return;
            }

            var other = _all[index];
            if (other.GetType() != serializer.GetType())
            {
                throw new ConfigurationException($"the serializers {other.GetType().FullName} and {serializer.GetType().FullName} have the same identifier {serializer.Identifier}");
            }

            var all = (Serializer[])_all.Clone();
            all[index] = serializer;
            _all = all;
        }
    }

    /// <summary>Registers a serialiser by its identifier and its name.</summary>
    public void AddSerializer(string name, Serializer serializer)
    {
        AddSerializer(serializer);
        lock (_lock) _byName[name] = serializer;
    }

    /// <summary>Has a type, and those derived from it, written by a serialiser.</summary>
    public void AddSerializationMap(Type type, Serializer serializer)
    {
        lock (_lock)
        {
            _bindings = [.. Array.FindAll(_bindings, binding => binding.Type != type), new Binding(type, serializer)];
            _found.Clear();
        }
    }

    /// <summary>The serialiser of an object. Throws <see cref="SerializationException"/> where its type is bound to none and there is no default.</summary>
    public Serializer FindSerializerFor(object? obj, string? defaultSerializerName = null)
        => obj is null ? _null : FindSerializerForType(obj.GetType(), defaultSerializerName);

    /// <summary>The serialiser of a type. Throws <see cref="SerializationException"/> where it is bound to none and there is no default.</summary>
    public Serializer FindSerializerForType(Type objectType, string? defaultSerializerName = null)
    {
        if (_found.TryGetValue(objectType, out var known)) return known;
        if (Nearest(objectType) is { } nearest) return _found[objectType] = nearest;
        if (defaultSerializerName is not null)
        {
            lock (_lock)
            {
                if (_byName.TryGetValue(defaultSerializerName, out var named)) return named;
            }
        }

        throw new SerializationException($"no serializer is bound to {objectType.FullName}: see akka.actor.serialization-bindings");
    }

    /// <summary>An object's bytes, by the serialiser of its type.</summary>
    public byte[] Serialize(object o) => WithTransport(System, (Serializer: FindSerializerFor(o), Object: o), static s => s.Serializer.ToBinary(s.Object));

    /// <summary>
    /// The object that the serialiser <paramref name="serializerId"/> wrote. Throws <see cref="SerializationException"/> where there is no such
    /// serialiser, or the manifest names a type that is not bound to it.
    /// </summary>
    public object Deserialize(byte[] bytes, int serializerId, string manifest)
    {
        var serializer = ById(serializerId);
        var input = (serializer, bytes, manifest);
        if (serializer is SerializerWithStringManifest) return WithTransport(System, input, static s => ((SerializerWithStringManifest)s.serializer).FromBinary(s.bytes, s.manifest));
        return Deserialize(bytes, serializerId, string.IsNullOrEmpty(manifest) ? null : BoundType(serializer, manifest));
    }

    /// <summary>The object that the serialiser <paramref name="serializerId"/> wrote, of this type. Throws <see cref="SerializationException"/> where there is no such serialiser.</summary>
    public object Deserialize(byte[] bytes, int serializerId, Type? type)
        => WithTransport(System, (Serializer: ById(serializerId), bytes, type), static s => s.Serializer.FromBinary(s.bytes, s.type!));

    private static string TypeName(Type type) => $"{type.FullName}, {type.Assembly.GetName().Name}";

    private Serializer ById(int id)
    {
        foreach (var serializer in _all)
        {
            if (serializer.Identifier == id) return serializer;
        }

        throw new SerializationException($"there is no serializer with the identifier {id}");
    }

    // A name off the wire is compared with the names of what is known; it never loads a type.
    private Type BoundType(Serializer serializer, string manifest)
    {
        foreach (var binding in _bindings)
        {
            var (type, bound) = (binding.Type, binding.Serializer);
            if (ReferenceEquals(bound, serializer) && TypeName(type) == manifest) return type;
        }

        foreach (var (type, bound) in _found)
        {
            if (ReferenceEquals(bound, serializer) && TypeName(type) == manifest) return type;
        }

        throw new SerializationException($"the serializer {serializer.Identifier} is bound to no type '{manifest}'");
    }

    private Serializer? Nearest(Type type)
    {
        Binding? nearest = null;
        foreach (var binding in _bindings)
        {
            if (!binding.Type.IsAssignableFrom(type)) continue;
            if (nearest is null || nearest.Type.IsAssignableFrom(binding.Type)) nearest = binding;
        }

        return nearest?.Serializer;
    }

    private void Configured(Config config)
    {
        foreach (var (name, value) in config.GetConfig("akka.actor.serializers").AsEnumerable())
        {
            var typeName = value.GetString()!;
            var type = Type.GetType(typeName) ?? throw new ConfigurationException($"akka.actor.serializers.{name}: there is no type '{typeName}'");
            AddSerializer(name, Create(type, config.GetConfig($"akka.actor.serialization-settings.\"{name}\"")));
        }

        foreach (var (typeName, value) in config.GetConfig("akka.actor.serialization-bindings").AsEnumerable())
        {
            var name = value.GetString()!;
            if (!_byName.TryGetValue(name, out var serializer)) throw new ConfigurationException($"akka.actor.serialization-bindings: '{typeName}' is bound to '{name}', which is not in akka.actor.serializers");
            if (Type.GetType(typeName) is { } type) AddSerializationMap(type, serializer);
            else System.Log.Warning("akka.actor.serialization-bindings: there is no type [{0}]; its binding to [{1}] has no effect", typeName, name);
        }
    }

    private Serializer Create(Type type, Config settings)
    {
        var withSettings = type.GetConstructor([typeof(ExtendedActorSystem), typeof(Config)]);
        if (withSettings is not null && !settings.IsEmpty) return (Serializer)withSettings.Invoke([System, settings]);
        return (Serializer)(Activator.CreateInstance(type, System) ?? throw new ConfigurationException($"{type} cannot be created"));
    }

    private sealed record Binding(Type Type, Serializer Serializer);
}
