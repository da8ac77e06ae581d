namespace AkkaStream.Actors;

public static partial class Limits
{
    /// <summary>Characters of a subscription's pattern; a longer one is refused with INVALID_REGULAR_EXPRESSION.</summary>
    public const int TopicPatternLength = 4096;

    /// <summary>Steps that a pattern has when its counted repetitions are written out; one with more is refused with INVALID_REGULAR_EXPRESSION.</summary>
    public const int TopicPatternUnfolded = 10_000;
}
