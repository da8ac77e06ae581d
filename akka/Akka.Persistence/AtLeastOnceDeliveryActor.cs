using Akka.Actor;

namespace Akka.Persistence;

/// <summary>A <see cref="PersistentActor"/> whose messages are sent again until they are confirmed; see <see cref="AtLeastOnceDeliverySemantic"/>.</summary>
public abstract class AtLeastOnceDeliveryActor : PersistentActor
{
    private readonly AtLeastOnceDeliverySemantic _delivery;

    /// <summary>By the settings of the configuration: <c>akka.persistence.at-least-once-delivery</c>.</summary>
    protected AtLeastOnceDeliveryActor()
        => _delivery = new AtLeastOnceDeliverySemantic(Context, Extension.Settings.AtLeastOnceDelivery);

    /// <summary>By settings of its own.</summary>
    protected AtLeastOnceDeliveryActor(PersistenceSettings.AtLeastOnceDeliverySettings settings)
        => _delivery = new AtLeastOnceDeliverySemantic(Context, settings);

    /// <summary>By what is made of the configuration's settings.</summary>
    protected AtLeastOnceDeliveryActor(Func<PersistenceSettings.AtLeastOnceDeliverySettings, PersistenceSettings.AtLeastOnceDeliverySettings> overrideSettings)
        => _delivery = new AtLeastOnceDeliverySemantic(Context, overrideSettings(Extension.Settings.AtLeastOnceDelivery));

    /// <summary>Time after which a message is sent again.</summary>
    public TimeSpan RedeliverInterval => _delivery.RedeliverInterval;

    /// <summary>Most messages sent again at a time.</summary>
    public int RedeliveryBurstLimit => _delivery.RedeliveryBurstLimit;

    /// <summary>Attempts after which the actor gets an <see cref="UnconfirmedWarning"/>.</summary>
    public int WarnAfterNumberOfUnconfirmedAttempts => _delivery.WarnAfterNumberOfUnconfirmedAttempts;

    /// <summary>Most messages that may be unconfirmed.</summary>
    public int MaxUnconfirmedMessages => _delivery.MaxUnconfirmedMessages;

    /// <summary>How many messages are unconfirmed.</summary>
    public int UnconfirmedCount => _delivery.UnconfirmedCount;

    /// <summary>
    /// Sends a message, whose number the mapper gets, until <see cref="ConfirmDelivery"/> is called with that number. To be called when the event is persisted that says so, and when
    /// that event is recovered. Throws <see cref="MaxUnconfirmedMessagesExceededException"/> where too many are unconfirmed.
    /// </summary>
    public void Deliver(ActorPath destination, Func<long, object> deliveryMessageMapper) => _delivery.Deliver(destination, deliveryMessageMapper, IsRecovering);

    /// <summary>As the other form. Throws <see cref="NotSupportedException"/> for a selection with wildcards: nobody could say when all have confirmed.</summary>
    public void Deliver(ActorSelection destination, Func<long, object> deliveryMessageMapper) => Deliver(destination.SinglePath(), deliveryMessageMapper);

    /// <summary>A message has arrived; false where it was confirmed before, or never sent. To be called when the event is persisted or recovered that says so.</summary>
    public bool ConfirmDelivery(long deliveryId) => _delivery.ConfirmDelivery(deliveryId);

    /// <summary>What is unconfirmed, to be kept in a snapshot of the actor.</summary>
    public AtLeastOnceDeliverySnapshot GetDeliverySnapshot() => _delivery.GetDeliverySnapshot();

    /// <summary>Goes on from a snapshot that was offered.</summary>
    public void SetDeliverySnapshot(AtLeastOnceDeliverySnapshot snapshot) => _delivery.SetDeliverySnapshot(snapshot);

    /// <inheritdoc/>
    public override void AroundPreRestart(Exception cause, object? message)
    {
        _delivery.Cancel();
        base.AroundPreRestart(cause, message);
    }

    /// <inheritdoc/>
    public override void AroundPostStop()
    {
        _delivery.Cancel();
        base.AroundPostStop();
    }

    /// <inheritdoc/>
    protected override void OnReplaySuccess()
    {
        _delivery.OnReplaySuccess();
        base.OnReplaySuccess();
    }

    /// <inheritdoc/>
    protected override bool AroundReceive(Receive receive, object message) => _delivery.AroundReceive(receive, message) || base.AroundReceive(receive, message);
}
