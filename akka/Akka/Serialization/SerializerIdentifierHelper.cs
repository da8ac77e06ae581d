using Akka.Actor;
using Akka.Configuration;

namespace Akka.Serialization;

/// <summary>Looks up identifiers of serialisers that do not fix their own.</summary>
public static class SerializerIdentifierHelper
{
    /// <summary>The identifier in <c>akka.actor.serialization-identifiers</c>; throws <see cref="ConfigurationException"/> where the type has none.</summary>
    public static int GetSerializerIdentifierFromConfig(Type type, ExtendedActorSystem system)
    {
        foreach (var (name, value) in system.Settings.Config.GetConfig("akka.actor.serialization-identifiers").AsEnumerable())
        {
            if (Type.GetType(name) == type) return value.GetInt();
        }

        throw new ConfigurationException($"the serializer {type.FullName} has no identifier: override Identifier, or set akka.actor.serialization-identifiers");
    }
}
