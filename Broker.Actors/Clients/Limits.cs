namespace AkkaStream.Actors;

/// <content>The limits of clients that are actors.</content>
public static partial class Limits
{
    /// <summary>Sessions of actor clients at a time; one more is refused, and the client goes elsewhere or tries again.</summary>
    public const int Sessions = 4096;

    /// <summary>Bytes of requests that any session may have sent and not completed, whatever others do: a piece. Never taken from <see cref="SessionsRequestBytes"/>; with all <see cref="Sessions"/> at it, 256 MiB.</summary>
    public const int SessionOwnBytes = 64 * 1024;

    /// <summary>Bytes of requests that one session may have sent and not completed; the client waits for more. A longer request is taken alone.</summary>
    public const int SessionRequestBytes = 2 * 1024 * 1024;

    /// <summary>Bytes of requests beyond <see cref="SessionOwnBytes"/> of all sessions together; who wants more waits in turn. One request may exceed it when nothing else is there.</summary>
    public const long SessionsRequestBytes = 32L * 1024 * 1024;

    /// <summary>Requests of one session that may wait for their answers; at the limit no more are handed in.</summary>
    public const int SessionUnanswered = 1024;

    /// <summary>Bytes of answers that may be on their way to one client, however much more it grants.</summary>
    public const long SessionAnswerBytes = 16L * 1024 * 1024;

    /// <summary>Bytes of answers in memory that one session may have unsent; at the limit no more requests are handed in.</summary>
    public const long SessionUnsentBytes = 2L * 1024 * 1024;

    /// <summary>A session that was granted memory while others wait for it, and sends nothing, is closed after this long.</summary>
    public static readonly TimeSpan SessionStalled = TimeSpan.FromSeconds(10);
}
