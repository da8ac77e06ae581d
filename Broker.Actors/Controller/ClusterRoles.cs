namespace AkkaStream.Actors.Controller;

/// <summary>The roles of a broker's process in the cluster.</summary>
public static class ClusterRoles
{
    /// <summary>It serves partitions: it hears of the controller's decisions.</summary>
    public const string Broker = "broker";

    /// <summary>It may run the controller: it keeps the controller's log.</summary>
    public const string Controller = "controller";
}
