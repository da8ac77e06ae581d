using Akka.TestKit.Internal;

namespace Akka.TestKit.TestEvent;

/// <summary>Has a <see cref="TestEventListener"/> not print what matches any of the filters.</summary>
public sealed class Mute : Akka.Actor.INoSerializationVerificationNeeded
{
    /// <summary>Sets these filters in force.</summary>
    public Mute(params EventFilterBase[] filters) => Filters = filters;

    /// <summary>Sets these filters in force.</summary>
    public Mute(IReadOnlyCollection<EventFilterBase> filters) => Filters = filters;

    /// <summary>The filters.</summary>
    public IReadOnlyCollection<EventFilterBase> Filters { get; }
}

/// <summary>Ends what <see cref="Mute"/> began.</summary>
public sealed class Unmute : Akka.Actor.INoSerializationVerificationNeeded
{
    /// <summary>Ends these filters.</summary>
    public Unmute(params EventFilterBase[] filters) => Filters = filters;

    /// <summary>Ends these filters.</summary>
    public Unmute(IReadOnlyCollection<EventFilterBase> filters) => Filters = filters;

    /// <summary>The filters.</summary>
    public IReadOnlyCollection<EventFilterBase> Filters { get; }
}
