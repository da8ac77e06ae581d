namespace AkkaStream.Client.Actors;

/// <summary>The named limits of the client's actors: how much of anything there may be, and what happens then.</summary>
public static class Limits
{
    /// <summary>Records that a producer actor keeps while the producer's buffer is full. One more is answered with <see cref="ProducerMessages.Refused"/> at once.</summary>
    public const int WaitingProduces = 10_000;

    /// <summary>The most records that a consumer actor's receiver may ask for ahead; more counts as this many.</summary>
    public const int Credit = 100_000;

    /// <summary>Requests under way on one connection of the actor transport; more wait.</summary>
    public const int RequestsInFlight = 1024;

    /// <summary>Bytes of a frame in one message of the actor transport, with the message's head 64 KiB; less where a side's <c>maximum-frame-size</c> is smaller. Longer frames go in several.</summary>
    public const int PieceBytes = (64 * 1024) - Sessions.Piece.HeadBytes;

    /// <summary>Arrays of pieces that a session keeps for the next ones, 64 KiB each; those that were not needed for some seconds go.</summary>
    public const int IdlePieces = 32;

    /// <summary>Bytes that a piece of a frame has at least, however small <c>maximum-frame-size</c> is; a side that wants less is refused.</summary>
    public const int SmallestPieceBytes = 4 * 1024;

    /// <summary>Bytes that are left of <c>maximum-frame-size</c> for a message's paths and the rest of its head.</summary>
    public const int RemoteHeadBytes = 8 * 1024;

    /// <summary>Bytes of answers that may be on their way to one connection of the actor transport; the broker sends no more until some were taken.</summary>
    public const int AnswerWindowBytes = 2 * 1024 * 1024;

    /// <summary>Bytes of requests that a connection asks the broker to take at a time; one longer request counts alone.</summary>
    public const int WantedBytes = 1024 * 1024;

    /// <summary>Characters of a reason that one side of a session tells the other; the rest is cut off.</summary>
    public const int SessionTextLength = 1000;

    /// <summary>How often both sides of a session say that they are there.</summary>
    public static readonly TimeSpan SessionHeartbeat = TimeSpan.FromSeconds(5);

    /// <summary>How long the other side of a session may say nothing; then it counts as gone.</summary>
    public static readonly TimeSpan SessionSilence = TimeSpan.FromSeconds(15);

    /// <summary>How often a connection asks for its session until it is answered.</summary>
    public static readonly TimeSpan SessionAskAgain = TimeSpan.FromSeconds(1);
}
