using Akka.Actor;
using AkkaStream.Client.Consumer;
using AkkaStream.Client.Serialization;
using static AkkaStream.Client.Actors.ConsumerMessages;

namespace AkkaStream.Client.Actors;

/// <summary>How a <see cref="ConsumerActor{TKey, TValue}"/> reads.</summary>
/// <param name="Options">The group and how to belong to it; what is acknowledged is committed every <see cref="ConsumerOptions.AutoCommitInterval"/>.</param>
/// <param name="Topics">What to read; at least one.</param>
public sealed record ConsumerActorSettings<TKey, TValue>(ConsumerOptions Options, IReadOnlyList<string> Topics)
{
    /// <summary>Reads keys; one of <see cref="Serdes"/> by the type where left out.</summary>
    public IDeserializer<TKey>? Keys { get; init; }

    /// <summary>Reads values; one of <see cref="Serdes"/> by the type where left out.</summary>
    public IDeserializer<TValue>? Values { get; init; }

    /// <summary>Records that may be fetched and not acknowledged yet; beyond it nothing more is fetched. 1,000 by default.</summary>
    public int MaxInFlight { get; init; } = 1000;

    /// <summary>How long acknowledgements are waited for when partitions go, or the actor stops. 10 s by default.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>
/// A member of a group as an actor: its receiver gets records as messages, as many as it asked for by <see cref="Request"/>, those of a partition in order, and answers each with
/// <see cref="Acknowledge"/>. What is acknowledged is committed, and never anything beyond a record that is not. When the receiver ends, this actor stops. What goes wrong is thrown, so that its
/// supervisor decides: started anew, it goes on behind what was committed, and the receiver has to ask again.
/// </summary>
public sealed class ConsumerActor<TKey, TValue> : UntypedActor
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly IActorRef receiver;
    private readonly CreditedReader<TKey, TValue> reader;

    /// <summary>An actor for one receiver.</summary>
    /// <param name="client">The client, which stays the caller's.</param>
    /// <param name="settings">How to read.</param>
    /// <param name="receiver">Who gets the records, and what becomes of partitions.</param>
    public ConsumerActor(AkkaStreamClient client, ConsumerActorSettings<TKey, TValue> settings, IActorRef receiver)
    {
        this.receiver = receiver;
        reader = new CreditedReader<TKey, TValue>(client, settings, receiver, Self);
    }

    /// <summary>How to make one.</summary>
    /// <param name="client">The client, which stays the caller's.</param>
    /// <param name="settings">How to read.</param>
    /// <param name="receiver">Who gets the records, and what becomes of partitions.</param>
    public static Props Props(AkkaStreamClient client, ConsumerActorSettings<TKey, TValue> settings, IActorRef receiver)
        => Akka.Actor.Props.Create(() => new ConsumerActor<TKey, TValue>(client, settings, receiver));

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Context.Watch(receiver);
        var self = Self;
        reader.Run().ContinueWith(ended => self.Tell(new Ended(reader, ended.Exception?.InnerException)), TaskContinuationOptions.ExecuteSynchronously);
    }

    /// <inheritdoc/>
    protected override void PostStop() => reader.Stop();

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Request request: reader.Request(request.Count); break;
            case Acknowledge done: reader.Acknowledge(done.Partition, done.Offset); break;
            case Terminated: Context.Stop(Self); break;
            // Of a former life, which was started anew before it had ended.
            case Ended ended when ended.Reader != reader: break;
            case Failing failing when failing.Reader != reader: break;
            case Ended { Failure: null }: Context.Stop(Self); break;
            // What cannot go well at once is not tried again at once.
            case Ended ended: Context.System.Scheduler.ScheduleTellOnce(Pause, Self, new Failing(reader, ended.Failure), Self); break;
            case Failing failing: throw new ConsumerFailedException(failing.Why);
            default: Unhandled(message); break;
        }
    }

    private sealed record Ended(object Reader, Exception? Failure);

    private sealed record Failing(object Reader, Exception Why);
}

/// <summary>A consumer actor could not go on; its supervisor decides.</summary>
public sealed class ConsumerFailedException : Exception
{
    /// <summary>A failure with what the consumer threw.</summary>
    public ConsumerFailedException(Exception why) : base(why.Message, why)
    {
    }
}
