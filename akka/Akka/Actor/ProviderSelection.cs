namespace Akka.Actor;

/// <summary>Which provider of actor references a system starts with.</summary>
public abstract class ProviderSelection
{
    private protected ProviderSelection(string identifier, string provider, bool hasCluster)
    {
        Identifier = identifier;
        Fqn = provider;
        HasCluster = hasCluster;
    }

    /// <summary>The name in <c>akka.actor.provider</c>.</summary>
    internal string Identifier { get; }

    /// <summary>The provider's type name.</summary>
    internal string Fqn { get; }

    internal bool HasCluster { get; }

    /// <summary>Actors of this process only.</summary>
    public sealed class Local : ProviderSelection
    {
        /// <summary>The only value.</summary>
        public static readonly Local Instance = new();

        private Local()
            : base("local", "Akka.Actor.LocalActorRefProvider", false)
        {
        }
    }

    /// <summary>Actors of other processes too.</summary>
    public sealed class Remote : ProviderSelection
    {
        /// <summary>The only value.</summary>
        public static readonly Remote Instance = new();

        private Remote()
            : base("remote", "Akka.Remote.RemoteActorRefProvider, Akka.Remote", false)
        {
        }
    }

    /// <summary>Actors of a cluster's processes.</summary>
    public sealed class Cluster : ProviderSelection
    {
        /// <summary>The only value.</summary>
        public static readonly Cluster Instance = new();

        private Cluster()
            : base("cluster", "Akka.Cluster.ClusterActorRefProvider, Akka.Cluster", true)
        {
        }
    }

    /// <summary>A provider by its type name.</summary>
    public sealed class Custom(string fqn, string? identifier = null, bool hasCluster = false) : ProviderSelection(identifier ?? fqn, fqn, hasCluster);
}
