using Akka.Actor;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Consumer;
using AkkaStream.Client.Consumer.Handling;
using static AkkaStream.Client.Actors.ConsumerMessages;

namespace AkkaStream.Client.Actors;

/// <summary>
/// What a consumer actor reads by: the client's handler loop, whose handler gives a record to the receiver and is done when the receiver acknowledges it. Safe from any thread.
/// </summary>
internal sealed class CreditedReader<TKey, TValue>
{
    private readonly Consumer<TKey, TValue> consumer;
    private readonly HandlerOptions handling;
    private readonly IActorRef receiver;
    private readonly IActorRef self;
    private readonly Lock gate = new();
    private readonly Dictionary<(TopicPartition, long), TaskCompletionSource> given = [];
    private readonly CancellationTokenSource stopping = new();
    private HandlerLoop? loop;
    private int early;

    public CreditedReader(AkkaStreamClient client, ConsumerActorSettings<TKey, TValue> settings, IActorRef receiver, IActorRef self)
    {
        this.receiver = receiver;
        this.self = self;
        handling = new HandlerOptions { Order = HandlerOrder.None, Retries = int.MaxValue, MaxInFlight = settings.MaxInFlight, DrainTimeout = settings.DrainTimeout };
        consumer = new Consumer<TKey, TValue>(client.Cluster, settings.Options with { EnableAutoCommit = true }, settings.Keys, settings.Values)
        {
            PartitionsAssigned = (partitions, _) => Tell(new Assigned(partitions)),
            PartitionsRevoked = (partitions, _) => Gone(partitions, new Revoked(partitions)),
            PartitionsLost = (partitions, _) => Gone(partitions, new Lost(partitions)),
        };
        consumer.Subscribe(settings.Topics);
    }

    /// <summary>Reads until it is stopped.</summary>
    public async Task Run()
    {
        await using (consumer.ConfigureAwait(false)) await consumer.HandleWithAsync(Give, handling, Begin, stopping.Token).ConfigureAwait(false);
    }

    /// <summary>Stops. Nobody can acknowledge any more.</summary>
    public void Stop()
    {
        stopping.Cancel();
        Drop(_ => true);
    }

    /// <summary>So many more records may be given.</summary>
    public void Request(int count)
    {
        if (count <= 0) return;
        HandlerLoop? running;
        lock (gate)
        {
            running = loop;
            if (running is null) early = (int)Math.Min((long)early + count, Limits.Credit);
        }

        running?.Permit(count, Limits.Credit);
    }

    /// <summary>A record is handled; one that is not known (any more) is passed over.</summary>
    public void Acknowledge(TopicPartition partition, long offset)
    {
        TaskCompletionSource? done;
        lock (gate) given.Remove((partition, offset), out done);
        done?.TrySetResult();
    }

    private void Begin(HandlerLoop running)
    {
        int asked;
        lock (gate)
        {
            loop = running;
            asked = early;
        }

        running.Permit(asked, Limits.Credit);
    }

    private ValueTask Give(ConsumeResult<TKey, TValue> record, CancellationToken cancellation)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate) given[(record.Partition, record.Offset)] = done;
        receiver.Tell(new Received<TKey, TValue>(record), self);
        return new ValueTask(done.Task.WaitAsync(cancellation));
    }

    private ValueTask Tell(object message)
    {
        receiver.Tell(message, self);
        return default;
    }

    private ValueTask Gone(IReadOnlyList<TopicPartition> partitions, object message)
    {
        Drop(partitions.Contains);
        return Tell(message);
    }

    // What was given of these partitions is not handled, whatever is acknowledged from now on.
    private void Drop(Func<TopicPartition, bool> of)
    {
        List<TaskCompletionSource> dropped = [];
        lock (gate)
        {
            foreach (var key in given.Keys.Where(k => of(k.Item1)).ToList())
            {
                if (given.Remove(key, out var done)) dropped.Add(done);
            }
        }

        foreach (var done in dropped) done.TrySetCanceled();
    }
}
