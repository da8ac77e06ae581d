using Akka.Actor;

namespace Akka.Event;

/// <summary>
/// Events to whom they concern: subscribers name a classifier, an event has one, and classifiers may contain each other. Publishing takes no lock and
/// allocates nothing once a classifier was seen.
/// </summary>
public abstract class EventBus<TEvent, TClassifier, TSubscriber>
    where TClassifier : notnull
    where TSubscriber : notnull
{
    private readonly Lock _lock = new();
    private readonly List<Subscription> _subscriptions = [];
    private volatile Dictionary<TClassifier, TSubscriber[]> _receivers = [];

    /// <summary>Subscribes; false where that is so already.</summary>
    public virtual bool Subscribe(TSubscriber subscriber, TClassifier classifier)
    {
        lock (_lock)
        {
            foreach (var (by, known) in _subscriptions)
            {
                if (EqualityComparer<TSubscriber>.Default.Equals(by, subscriber) && IsSubClassification(known, classifier) && IsSubClassification(classifier, known)) return false;
            }

            _subscriptions.Add(new Subscription(subscriber, classifier));
            _receivers = [];
            return true;
        }
    }

    /// <summary>Ends all subscriptions of a subscriber; false where there were none.</summary>
    public virtual bool Unsubscribe(TSubscriber subscriber)
    {
        lock (_lock)
        {
            var removed = _subscriptions.RemoveAll(s => EqualityComparer<TSubscriber>.Default.Equals(s.Subscriber, subscriber));
            if (removed > 0) _receivers = [];
            return removed > 0;
        }
    }

    /// <summary>Ends a subscription; false where there was none.</summary>
    public virtual bool Unsubscribe(TSubscriber subscriber, TClassifier classifier)
    {
        lock (_lock)
        {
            var removed = _subscriptions.RemoveAll(s => EqualityComparer<TSubscriber>.Default.Equals(s.Subscriber, subscriber) && IsSubClassification(s.Classifier, classifier));
            if (removed > 0) _receivers = [];
            return removed > 0;
        }
    }

    /// <summary>Hands an event to its subscribers.</summary>
    public virtual void Publish(TEvent @event)
    {
        var classifier = GetClassifier(@event);
        if (!_receivers.TryGetValue(classifier, out var receivers)) receivers = FindReceivers(classifier);
        foreach (var receiver in receivers) Publish(@event, receiver);
    }

    /// <summary>Whether <paramref name="child"/> is contained in <paramref name="parent"/>.</summary>
    protected abstract bool IsSubClassification(TClassifier parent, TClassifier child);

    /// <summary>Hands an event to one subscriber.</summary>
    protected abstract void Publish(TEvent @event, TSubscriber subscriber);

    /// <summary>Whether an event is of a classifier.</summary>
    protected abstract bool Classify(TEvent @event, TClassifier classifier);

    /// <summary>An event's classifier.</summary>
    protected abstract TClassifier GetClassifier(TEvent @event);

    private TSubscriber[] FindReceivers(TClassifier classifier)
    {
        lock (_lock)
        {
            var found = new List<TSubscriber>();
            foreach (var (subscriber, subscribed) in _subscriptions)
            {
                if (IsSubClassification(subscribed, classifier) && !found.Contains(subscriber)) found.Add(subscriber);
            }

            // Copied, so that readers need no lock; there are only as many copies as classifiers.
            TSubscriber[] receivers = [.. found];
            _receivers = new Dictionary<TClassifier, TSubscriber[]>(_receivers) { [classifier] = receivers };
            return receivers;
        }
    }

    private sealed record Subscription(TSubscriber Subscriber, TClassifier Classifier);
}

/// <summary>An event bus whose subscribers are actors.</summary>
public abstract class ActorEventBus<TEvent, TClassifier> : EventBus<TEvent, TClassifier, IActorRef>
    where TClassifier : notnull;
