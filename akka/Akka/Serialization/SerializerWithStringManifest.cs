using Akka.Actor;

namespace Akka.Serialization;

/// <summary>A serialiser that names the types of its messages itself, so that classes can be renamed and moved.</summary>
public abstract class SerializerWithStringManifest(ExtendedActorSystem system) : Serializer(system)
{
    /// <summary>Always.</summary>
    public sealed override bool IncludeManifest => true;

    /// <summary>The object of these bytes by its type's name.</summary>
    public sealed override object FromBinary(byte[] bytes, Type type) => FromBinary(bytes, type.AssemblyQualifiedName!);

    /// <summary>The object of these bytes, of the kind that <see cref="Manifest"/> named.</summary>
    public abstract object FromBinary(byte[] bytes, string manifest);

    /// <summary>The name of the object's kind.</summary>
    public abstract string Manifest(object o);
}
