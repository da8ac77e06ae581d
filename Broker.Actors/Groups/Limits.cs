namespace AkkaStream.Actors;

public static partial class Limits
{
    /// <summary>How long the answer to a heartbeat with nothing to say waits for something, milliseconds, at most; and no more than a twelfth of the member's session timeout, so that the member is heard of in time.</summary>
    public const int HeartbeatHoldMs = 3000;

    /// <summary>How long, at most and in milliseconds, a member that comes while others are given their assignment waits until they have it, before it has them all join again.</summary>
    public const int NewcomerWaitMs = 500;

    /// <summary>Characters of a subscription's pattern; a longer one is refused with INVALID_REGULAR_EXPRESSION.</summary>
    public const int TopicPatternLength = 4096;

    /// <summary>Steps that a pattern has when its counted repetitions are written out; one with more is refused with INVALID_REGULAR_EXPRESSION.</summary>
    public const int TopicPatternUnfolded = 10_000;
}
