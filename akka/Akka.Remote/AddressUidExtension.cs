using Akka.Actor;
using Akka.Actor.Internal;

namespace Akka.Remote;

/// <summary>The number that tells incarnations of a system apart: drawn when the system starts, never 0.</summary>
public class AddressUid : IExtension
{
    /// <summary>The number.</summary>
    public readonly int Uid;

    internal AddressUid(int uid) => Uid = uid;
}

/// <summary>Finds a system's <see cref="AddressUid"/>.</summary>
public class AddressUidExtension : ExtensionIdProvider<AddressUid>
{
    /// <summary>The number of a system's incarnation.</summary>
    public static int Uid(ActorSystem system) => system.WithExtension<AddressUid, AddressUidExtension>().Uid;

    /// <inheritdoc/>
    public override AddressUid CreateExtension(ExtendedActorSystem system) => new((int)((((ActorSystemImpl)system).Dice.Next() >> 33) | 1));
}
