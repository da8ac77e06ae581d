namespace Petabridge.Cmd.Host;

/// <summary>The host's limits, and what happens at each.</summary>
internal static class HostLimits
{
    /// <summary>Consoles at a time: 16. One more is told so and closed.</summary>
    public const int Consoles = 16;

    /// <summary>Time for a console to greet: 5 s. Then it is closed.</summary>
    public static readonly TimeSpan GreetingTime = TimeSpan.FromSeconds(5);

    /// <summary>Time in which a console takes some of what was sent: 10 s. Then it is closed.</summary>
    public static readonly TimeSpan WriteTime = TimeSpan.FromSeconds(10);

    /// <summary>Bytes for one console that it has not taken yet: 4 MiB. A console that lets more pile up is closed.</summary>
    public const int UnsentBytes = 4 << 20;

    /// <summary>Characters of one answer: 1 Mi. The rest is cut off, and said so.</summary>
    public const int AnswerChars = 1 << 20;

    /// <summary>While a command runs, the console hears of it every 10 s, whether it says something or not; so both sides notice when the other one is gone.</summary>
    public static readonly TimeSpan AliveTime = TimeSpan.FromSeconds(10);

    /// <summary>A console that runs nothing and says nothing: 30 minutes. Then it is closed; an interactive pbm connects again when it is needed.</summary>
    public static readonly TimeSpan IdleTime = TimeSpan.FromMinutes(30);

    /// <summary>Actors in one answer of <c>actor hierarchy</c>: 10,000. How many more there are is told in place of them.</summary>
    public const int ShownActors = 10_000;

    /// <summary>Events that <c>log peek</c> can show: 500. The next one takes the place of the oldest.</summary>
    public const int KeptEvents = 500;

    /// <summary>Characters of one kept event: 2,000. The rest is cut off.</summary>
    public const int EventChars = 2000;

    /// <summary>Consoles that follow the log: 16. One more is refused.</summary>
    public const int Followers = 16;
}
