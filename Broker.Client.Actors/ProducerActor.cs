using Akka.Actor;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Producer;
using static AkkaStream.Client.Actors.ProducerMessages;

namespace AkkaStream.Client.Actors;

/// <summary>
/// A producer as an actor: takes <see cref="Produce{TKey, TValue}"/> and tells its sender what became of the record. Records of one sender with equal keys keep their order. While the
/// producer's buffer is full they wait here, up to <see cref="Limits.WaitingProduces"/>. A restart makes a new producer; what the old one had is sent or refused first.
/// </summary>
public sealed class ProducerActor<TKey, TValue> : UntypedActor
{
    private readonly Queue<(Produce<TKey, TValue> Asked, IActorRef From)> waiting = new();
    private readonly Producer<TKey, TValue> producer;
    private bool isPlacing;

    /// <summary>An actor that makes its producer when it starts, and closes it when it stops.</summary>
    /// <param name="make">Makes it.</param>
    public ProducerActor(Func<Producer<TKey, TValue>> make) => producer = make();

    /// <summary>How to make one.</summary>
    /// <param name="make">Makes its producer.</param>
    public static Props Props(Func<Producer<TKey, TValue>> make) => Akka.Actor.Props.Create(() => new ProducerActor<TKey, TValue>(make));

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Produce<TKey, TValue> asked when isPlacing || waiting.Count > 0:
                if (waiting.Count < Limits.WaitingProduces) waiting.Enqueue((asked, Sender));
                else Sender.Tell(new Refused(ErrorKind.Retriable, $"the producer's buffer is full, and {Limits.WaitingProduces} records wait for it", asked.Correlation));
                break;
            case Produce<TKey, TValue> asked:
                Place(asked, Sender);
                break;
            case Placed placed:
                isPlacing = false;
                if (placed.Failure is { } failure) placed.From.Tell(RefusedBy(failure, placed.Asked.Correlation));
                while (!isPlacing && waiting.TryDequeue(out var next)) Place(next.Asked, next.From);
                break;
            case Flush:
                var (asker, self) = (Sender, Self);
                if (isPlacing) self.Tell(message, asker);
                else producer.FlushAsync().AsTask().ContinueWith(_ => asker.Tell(Flushed.Instance, self), TaskContinuationOptions.ExecuteSynchronously);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <inheritdoc/>
    protected override void PostStop() => _ = producer.DisposeAsync().AsTask();

    private void Place(Produce<TKey, TValue> asked, IActorRef from)
    {
        var self = Self;
        ValueTask placing;
        try
        {
            placing = producer.EnqueueAsync(asked.Message, report => from.Tell(Answer(report, asked.Correlation), self));
        }
        catch (Exception failure) when (failure is IClientError or InvalidOperationException or FormatException)
        {
            from.Tell(RefusedBy(failure, asked.Correlation));
            return;
        }

        if (placing.IsCompletedSuccessfully) return;
        isPlacing = true;
        placing.AsTask().ContinueWith(done => self.Tell(new Placed(asked, from, done.Exception?.InnerException)), TaskContinuationOptions.ExecuteSynchronously);
    }

    private static object Answer(in DeliveryReport report, object? correlation)
        => report.IsDelivered ? new Produced(report.Location, correlation) : new Refused(report.Kind, report.Message ?? report.Error.ToString(), correlation);

    private static Refused RefusedBy(Exception failure, object? correlation) => new((failure as IClientError)?.Kind ?? ErrorKind.Refused, failure.Message, correlation);

    private sealed record Placed(Produce<TKey, TValue> Asked, IActorRef From, Exception? Failure);
}
