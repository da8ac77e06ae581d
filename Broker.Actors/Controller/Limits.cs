namespace AkkaStream.Actors;

public static partial class Limits
{
    /// <summary>Commands and calls that wait for the controller's journal; of more, the caller hears NOT_CONTROLLER and asks again.</summary>
    public const int ControllerWaiting = 10_000;

    /// <summary>Events after which no further command is taken into the same write.</summary>
    public const int ControllerGroupEvents = 10_000;

    /// <summary>Events that a rebuilding controller or a broker that catches up gathers before they become an image.</summary>
    internal const int ReplayEvents = 65_536;

    /// <summary>Calls to the controller that a broker has under way; more are refused with REQUEST_TIMED_OUT at once.</summary>
    public const int ControllerCalls = 10_000;

    /// <summary>Proposals of a broker's leaders that wait; more hear REQUEST_TIMED_OUT at once, and ask again.</summary>
    public const int InSyncProposals = 200_000;

    /// <summary>Proposals that go into one AlterPartition call; the rest waits for the next one.</summary>
    public const int InSyncProposalsOfCall = 5_000;

    /// <summary>Replicas of a broker that cannot go on of which the controller has not been told yet; more are told of when they say so again.</summary>
    public const int ReplicaTroubles = 200_000;

    /// <summary>Such replicas that go into one AssignReplicasToDirs call.</summary>
    public const int ReplicaTroublesOfCall = 5_000;

    /// <summary>Who waits on a broker for an event to arrive; more hear at once that it did not.</summary>
    public const int MetadataWaiters = 10_000;
}
