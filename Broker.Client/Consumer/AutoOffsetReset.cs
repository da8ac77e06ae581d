using System.Globalization;
using System.Xml;
using AkkaStream.Client.Cluster;

namespace AkkaStream.Client.Consumer;

/// <summary>auto.offset.reset: where a reader begins in a partition that has no committed offset, or whose offset is no longer there.</summary>
public readonly record struct AutoOffsetReset
{
    private enum Way : byte
    {
        Latest,
        Earliest,
        None,
        Duration,
    }

    private readonly Way way;
    private readonly TimeSpan duration;

    private AutoOffsetReset(Way way, TimeSpan duration = default)
    {
        this.way = way;
        this.duration = duration;
    }

    /// <summary>At the end: with what comes from now on.</summary>
    public static AutoOffsetReset Latest => new(Way.Latest);

    /// <summary>With the first record that is still there.</summary>
    public static AutoOffsetReset Earliest => new(Way.Earliest);

    /// <summary>Nowhere: the reader gets an error (<see cref="NoOffsetException"/>).</summary>
    public static AutoOffsetReset None => new(Way.None);

    /// <summary>Whether nothing is begun without an offset.</summary>
    internal bool IsNone => way == Way.None;

    /// <summary>With the first record that is no older than so long; at the end where there is none.</summary>
    /// <param name="duration">At least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public static AutoOffsetReset ByDuration(TimeSpan duration)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.Zero);
        return new(Way.Duration, duration);
    }

    /// <summary>Reads Kafka's words: <c>earliest</c>, <c>latest</c>, <c>none</c>, or <c>by_duration:</c> and a duration of ISO 8601 such as <c>PT1H</c>.</summary>
    /// <exception cref="FormatException">The text is none of these; the message says what was expected.</exception>
    public static AutoOffsetReset Parse(string text)
    {
        const string Prefix = "by_duration:";
        if (text.Equals("latest", StringComparison.OrdinalIgnoreCase)) return Latest;
        if (text.Equals("earliest", StringComparison.OrdinalIgnoreCase)) return Earliest;
        if (text.Equals("none", StringComparison.OrdinalIgnoreCase)) return None;
        try
        {
            if (text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && XmlConvert.ToTimeSpan(text[Prefix.Length..]) is { Ticks: >= 0 } duration) return ByDuration(duration);
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw Unknown(text);
        }

        throw Unknown(text);
    }

    /// <inheritdoc/>
    public override string ToString() => way == Way.Duration ? "by_duration:" + XmlConvert.ToString(duration) : way.ToString().ToLower(CultureInfo.InvariantCulture);

    /// <summary>What to ask a leader for: a value of <see cref="Admin.OffsetSpec"/>, or a time in milliseconds since 1970.</summary>
    /// <param name="now">The present time.</param>
    internal long SpecAt(DateTimeOffset now) => way switch
    {
        Way.Earliest => Admin.OffsetSpec.Earliest,
        Way.Duration => Math.Max(0, now.ToUnixTimeMilliseconds() - (long)duration.TotalMilliseconds),
        _ => Admin.OffsetSpec.Latest,
    };

    private static FormatException Unknown(string text) => new($"'{text}' is no auto.offset.reset: expected earliest, latest, none, or by_duration: and a duration such as PT1H");
}

/// <summary>Partitions have no committed offset, and <see cref="AutoOffsetReset.None"/> says that nothing is begun without one.</summary>
public sealed class NoOffsetException : Exception, IClientError
{
    /// <summary>An error about these partitions.</summary>
    public NoOffsetException(IReadOnlyCollection<TopicPartition> partitions)
        : base($"{string.Join(", ", partitions)}: there is no committed offset, and auto.offset.reset=none; commit one, or say where to begin") => Partitions = partitions;

    /// <summary>The partitions.</summary>
    public IReadOnlyCollection<TopicPartition> Partitions { get; }

    /// <inheritdoc/>
    public ErrorKind Kind => ErrorKind.Refused;
}
