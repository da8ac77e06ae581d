namespace Akka.TestKit.Internal;

/// <summary>Kinds of durations.</summary>
public static class TimeSpanExtensions
{
    /// <summary>Whether it is neither zero nor infinite.</summary>
    public static bool IsPositiveFinite(this TimeSpan timeSpan) => timeSpan > TimeSpan.Zero;

    /// <summary>Whether it is given and neither zero nor infinite.</summary>
    public static bool IsPositiveFinite(this TimeSpan? timeSpan) => timeSpan is { } given && given.IsPositiveFinite();

    /// <summary>Whether it is zero.</summary>
    public static bool IsZero(this TimeSpan timeSpan) => timeSpan == TimeSpan.Zero;

    /// <summary>Whether it is given and zero.</summary>
    public static bool IsZero(this TimeSpan? timeSpan) => timeSpan is { } given && given.IsZero();

    /// <summary>Whether it is infinite: anything below zero.</summary>
    public static bool IsInfinite(this TimeSpan timeSpan) => timeSpan < TimeSpan.Zero;

    /// <summary>Whether it is given and infinite.</summary>
    public static bool IsInfinite(this TimeSpan? timeSpan) => timeSpan is { } given && given.IsInfinite();

    /// <summary>Whether it is <see cref="Timeout.InfiniteTimeSpan"/>.</summary>
    public static bool IsInfiniteTimeout(this TimeSpan timeSpan) => timeSpan == Timeout.InfiniteTimeSpan;

    /// <summary>Whether it is given and <see cref="Timeout.InfiniteTimeSpan"/>.</summary>
    public static bool IsInfiniteTimeout(this TimeSpan? timeSpan) => timeSpan is { } given && given.IsInfiniteTimeout();

    /// <summary>Whether it is not given.</summary>
    public static bool IsUndefined(this TimeSpan? timeSpan) => !timeSpan.HasValue;

    /// <summary>Throws <see cref="ArgumentException"/> unless it is neither zero nor infinite.</summary>
    public static void EnsureIsPositiveFinite(this TimeSpan timeSpan, string parameterName)
    {
        if (!timeSpan.IsPositiveFinite()) throw new ArgumentException($"the duration must be greater than zero, not {timeSpan}", parameterName);
    }

    /// <summary>The lesser of both, infinite being the greatest.</summary>
    public static TimeSpan Min(this TimeSpan a, TimeSpan? b)
    {
        if (b is not { } other || other.IsInfinite()) return a;
        return a.IsInfinite() || other < a ? other : a;
    }
}
