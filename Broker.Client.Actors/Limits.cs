namespace AkkaStream.Client.Actors;

/// <summary>The named limits of the client's actors: how much of anything there may be, and what happens then.</summary>
public static class Limits
{
    /// <summary>Records that a producer actor keeps while the producer's buffer is full. One more is answered with <see cref="ProducerMessages.Refused"/> at once.</summary>
    public const int WaitingProduces = 10_000;

    /// <summary>The most records that a consumer actor's receiver may ask for ahead; more counts as this many.</summary>
    public const int Credit = 100_000;
}
