using Akka.Actor;
using Akka.Configuration;

namespace Akka.Persistence;

/// <summary>What persistence reads of the configuration below <c>akka.persistence</c>.</summary>
public sealed class PersistenceSettings : Settings
{
    /// <summary>The settings of a system.</summary>
    public PersistenceSettings(ActorSystem system, Config config)
        : base(system, config)
        => AtLeastOnceDelivery = new AtLeastOnceDeliverySettings(config.GetConfig("akka.persistence.at-least-once-delivery"));

    /// <summary>Of actors that deliver at least once.</summary>
    public AtLeastOnceDeliverySettings AtLeastOnceDelivery { get; set; }

    /// <summary>How messages are sent again.</summary>
    public sealed class AtLeastOnceDeliverySettings
    {
        /// <summary>From the section <c>at-least-once-delivery</c>.</summary>
        public AtLeastOnceDeliverySettings(Config config)
            : this(
                config.GetTimeSpan("redeliver-interval", TimeSpan.FromSeconds(5)),
                config.GetInt("redelivery-burst-limit", 10_000),
                config.GetInt("warn-after-number-of-unconfirmed-attempts", 5),
                config.GetInt("max-unconfirmed-messages", 100_000))
        {
        }

        /// <summary>By values.</summary>
        public AtLeastOnceDeliverySettings(TimeSpan redeliverInterval, int redeliveryBurstLimit, int warnAfterNumberOfUnconfirmedAttempts, int maxUnconfirmedMessages)
        {
            RedeliverInterval = redeliverInterval;
            RedeliveryBurstLimit = redeliveryBurstLimit;
            WarnAfterNumberOfUnconfirmedAttempts = warnAfterNumberOfUnconfirmedAttempts;
            MaxUnconfirmedMessages = maxUnconfirmedMessages;
        }

        /// <summary>Time after which a message is sent again; 5 s.</summary>
        public TimeSpan RedeliverInterval { get; }

        /// <summary>Most messages sent again at a time; 10,000. The others follow with the next time.</summary>
        public int RedeliveryBurstLimit { get; }

        /// <summary>Attempts after which the actor is warned; 5.</summary>
        public int WarnAfterNumberOfUnconfirmedAttempts { get; }

        /// <summary>Most messages that may be unconfirmed; 100,000. One more throws.</summary>
        public int MaxUnconfirmedMessages { get; }

        /// <summary>With another interval.</summary>
        public AtLeastOnceDeliverySettings WithRedeliverInterval(TimeSpan redeliverInterval)
            => new(redeliverInterval, RedeliveryBurstLimit, WarnAfterNumberOfUnconfirmedAttempts, MaxUnconfirmedMessages);

        /// <summary>With another burst.</summary>
        public AtLeastOnceDeliverySettings WithRedeliveryBurstLimit(int redeliveryBurstLimit)
            => new(RedeliverInterval, redeliveryBurstLimit, WarnAfterNumberOfUnconfirmedAttempts, MaxUnconfirmedMessages);

        /// <summary>With other attempts.</summary>
        public AtLeastOnceDeliverySettings WithUnconfirmedAttemptsToWarn(int unconfirmedAttemptsToWarn)
            => new(RedeliverInterval, RedeliveryBurstLimit, unconfirmedAttemptsToWarn, MaxUnconfirmedMessages);

        /// <summary>With another limit.</summary>
        public AtLeastOnceDeliverySettings WithMaxUnconfirmedMessages(int maxUnconfirmedMessages)
            => new(RedeliverInterval, RedeliveryBurstLimit, WarnAfterNumberOfUnconfirmedAttempts, maxUnconfirmedMessages);
    }
}

/// <summary>Selections as destinations.</summary>
internal static class Destinations
{
    /// <summary>The one path that a selection names; throws <see cref="NotSupportedException"/> for one with wildcards.</summary>
    public static ActorPath SinglePath(this ActorSelection selection)
    {
        var path = selection.Anchor.Path;
        foreach (var step in selection.Path)
        {
            path = step switch
            {
                SelectChildName { Name: "" } => path,
                SelectChildName child => path / child.Name,
                SelectParent => path.Parent,
                _ => throw new NotSupportedException("Delivering to wildcard actor selections is not supported: nobody can tell when all have confirmed. Deliver to an actor that sends it on, and confirms when all have."),
            };
        }

        return path;
    }
}
