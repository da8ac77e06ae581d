using System.Globalization;
using Akka.Actor;
using Akka.Event;

namespace Akka.Persistence;

/// <summary>
/// Sends messages again until they are confirmed. What is to be sent and what was confirmed are events of the persistent actor around it, so both survive a restart;
/// messages may come twice, and out of order after the first time. Not for use outside of such an actor's turns.
/// </summary>
public class AtLeastOnceDeliverySemantic
{
    private readonly IActorContext _context;
    private readonly PersistenceSettings.AtLeastOnceDeliverySettings _settings;
    private SortedDictionary<long, Delivery> _unconfirmed = [];
    private ICancelable? _ticks;
    private long _lastId;

    /// <summary>For the actor of <paramref name="context"/>.</summary>
    public AtLeastOnceDeliverySemantic(IActorContext context, PersistenceSettings.AtLeastOnceDeliverySettings settings)
    {
        _context = context;
        _settings = settings;
    }

    /// <summary>Time after which a message is sent again.</summary>
    public virtual TimeSpan RedeliverInterval => _settings.RedeliverInterval;

    /// <summary>Most messages sent again at a time; the others follow with the next time.</summary>
    public virtual int RedeliveryBurstLimit => _settings.RedeliveryBurstLimit;

    /// <summary>Attempts after which the actor gets an <see cref="UnconfirmedWarning"/>.</summary>
    public virtual int WarnAfterNumberOfUnconfirmedAttempts => _settings.WarnAfterNumberOfUnconfirmedAttempts;

    /// <summary>Most messages that may be unconfirmed; one more throws <see cref="MaxUnconfirmedMessagesExceededException"/>.</summary>
    public virtual int MaxUnconfirmedMessages => _settings.MaxUnconfirmedMessages;

    /// <summary>How many messages are unconfirmed.</summary>
    public int UnconfirmedCount => _unconfirmed.Count;

    /// <summary>
    /// Sends a message, whose number the mapper gets, until <see cref="ConfirmDelivery"/> is called with that number; during a recovery at its end, and only where it was
    /// not confirmed till then. Throws <see cref="MaxUnconfirmedMessagesExceededException"/> where too many are unconfirmed.
    /// </summary>
    public void Deliver(ActorPath destination, Func<long, object> deliveryMessageMapper, bool isRecovering)
    {
        if (_unconfirmed.Count >= MaxUnconfirmedMessages)
        {
            throw new MaxUnconfirmedMessagesExceededException($"{_context.Self} has too many unconfirmed messages. Maximum allowed is {MaxUnconfirmedMessages}");
        }

        var id = ++_lastId;
        // What is recovered is due at once when the recovery is through.
        var now = isRecovering ? Now - RedeliverInterval : Now;
        var delivery = new Delivery(destination, deliveryMessageMapper(id), now, 0);
        if (isRecovering) _unconfirmed.Add(id, delivery);
        else Send(id, delivery, now);
    }

    /// <summary>A message has arrived; false where it was confirmed before, or never sent.</summary>
    public bool ConfirmDelivery(long deliveryId) => _unconfirmed.Remove(deliveryId);

    /// <summary>What is unconfirmed, to be kept in a snapshot of the actor.</summary>
    public AtLeastOnceDeliverySnapshot GetDeliverySnapshot()
        => new(_lastId, [.. _unconfirmed.Select(d => new UnconfirmedDelivery(d.Key, d.Value.Destination, d.Value.Message))]);

    /// <summary>Goes on from a snapshot.</summary>
    public void SetDeliverySnapshot(AtLeastOnceDeliverySnapshot snapshot)
    {
        _lastId = snapshot.CurrentDeliveryId;
        var due = Now - RedeliverInterval;
        _unconfirmed = new SortedDictionary<long, Delivery>(snapshot.UnconfirmedDeliveries.ToDictionary(d => d.DeliveryId, d => new Delivery(d.Destination, d.Message, due, 0)));
    }

    /// <summary>The recovery is through: sends what is unconfirmed, and from now on again and again.</summary>
    public void OnReplaySuccess()
    {
        RedeliverOverdue();
        StartTicks();
    }

    /// <summary>Ends the repetitions; the actor stops or restarts.</summary>
    public void Cancel()
    {
        _ticks?.Cancel();
        _ticks = null;
    }

    /// <summary>Takes a message of its own; false for any other one.</summary>
    public bool AroundReceive(Receive receive, object message)
    {
        if (message is not RedeliveryTick) return false;
        RedeliverOverdue();
        return true;
    }

    private DateTime Now => _context.System.Scheduler.Now.UtcDateTime;

    private void StartTicks()
    {
        if (_ticks is not null) return;
        var interval = TimeSpan.FromTicks(Math.Max(TimeSpan.TicksPerMillisecond, RedeliverInterval.Ticks / 2));
        _ticks = _context.System.Scheduler.ScheduleTellRepeatedlyCancelable(interval, interval, _context.Self, RedeliveryTick.Instance, _context.Self);
    }

    private void Send(long id, Delivery delivery, DateTime now)
    {
        _context.ActorSelection(delivery.Destination).Tell(delivery.Message, _context.Self);
        _unconfirmed[id] = new Delivery(delivery.Destination, delivery.Message, now, delivery.Attempt + 1);
    }

    private void RedeliverOverdue()
    {
        var now = Now;
        var deadline = now - RedeliverInterval;
        var overdue = _unconfirmed.Where(d => d.Value.Timestamp <= deadline).Take(RedeliveryBurstLimit).ToList();
        var warnings = new List<UnconfirmedDelivery>();
        foreach (var (id, delivery) in overdue)
        {
            Send(id, delivery, now);
            if (delivery.Attempt == WarnAfterNumberOfUnconfirmedAttempts) warnings.Add(new UnconfirmedDelivery(id, delivery.Destination, delivery.Message));
        }

        if (warnings.Count > 0) _context.Self.Tell(new UnconfirmedWarning([.. warnings]), _context.Self);
    }

    /// <summary>A message on its way.</summary>
    public sealed class Delivery : IEquatable<Delivery>
    {
        /// <summary>To <paramref name="destination"/>, sent so many times, the last time at <paramref name="timestamp"/> (UTC).</summary>
        public Delivery(ActorPath destination, object message, DateTime timestamp, int attempt)
        {
            Destination = destination;
            Message = message;
            Timestamp = timestamp;
            Attempt = attempt;
        }

        /// <summary>How often it was sent.</summary>
        public int Attempt { get; }

        /// <summary>Where to.</summary>
        public ActorPath Destination { get; }

        /// <summary>What.</summary>
        public object Message { get; }

        /// <summary>When it was sent last, UTC.</summary>
        public DateTime Timestamp { get; }

        /// <summary>As it is after one more attempt.</summary>
        public Delivery IncrementedCopy() => new(Destination, Message, Timestamp, Attempt + 1);

        /// <inheritdoc/>
        public bool Equals(Delivery? other)
            => other is not null && Attempt == other.Attempt && Timestamp == other.Timestamp && Equals(Destination, other.Destination) && Equals(Message, other.Message);

        /// <inheritdoc/>
        public override bool Equals(object? obj) => Equals(obj as Delivery);

        /// <inheritdoc/>
        public override int GetHashCode() => HashCode.Combine(Attempt, Timestamp, Destination, Message);

        /// <inheritdoc/>
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"Delivery(to {Destination}, {Message}, attempt {Attempt})");
    }

    /// <summary>Time to look what is overdue.</summary>
    public sealed class RedeliveryTick : INotInfluenceReceiveTimeout, IDeadLetterSuppression
    {
        private RedeliveryTick()
        {
        }

        /// <summary>The only one.</summary>
        public static RedeliveryTick Instance { get; } = new();

        /// <inheritdoc/>
        public override bool Equals(object? obj) => obj is RedeliveryTick;

        /// <inheritdoc/>
        public override int GetHashCode() => 1;
    }
}
