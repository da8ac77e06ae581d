using Akka.Actor;
using AkkaStream.Actors.Partitions;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Requests.Fetching;

/// <summary>Fetch: answers at once where there is enough, otherwise waits at the partitions; an append or the deadline releases it. Nothing polls.</summary>
public sealed class FetchHandler : IRequestHandler
{
    private const short FirstById = 13;
    private readonly BrokerServices broker;
    private readonly FetchSessions sessions;

    /// <summary>A handler with the sessions of its broker.</summary>
    /// <param name="broker">The broker.</param>
    /// <param name="dice">A random number from 0 to below its argument.</param>
    public FetchHandler(BrokerServices broker, Func<int, int> dice)
    {
        this.broker = broker;
        sessions = new FetchSessions(() => broker.Config.MaxIncrementalFetchSessionCacheSlots, () => broker.NowMs, dice);
    }

    /// <inheritdoc/>
    public void Handle(RequestSlot slot)
    {
        var request = (FetchRequest)slot.Request;
        // What no client means is the error that Kafka makes of it: of the whole answer, or of each partition.
        var unknownIsolation = request.IsolationLevel is not (0 or 1);
        if (unknownIsolation || request.MaxBytes < 0)
        {
            slot.Complete(Refused(request, unknownIsolation ? ErrorCode.UnknownServerError : ErrorCode.None));
            return;
        }

        var context = sessions.Open(request, slot.Header.Version >= FirstById);
        if (context.Error != ErrorCode.None)
        {
            slot.Complete(new FetchResponse { ErrorCode = context.Error });
            return;
        }

        var reader = new FetchReader(broker, context, request, slot.Header.Version);
        var read = reader.Read();
        // Partitions that do not exist are worth no wait: where nothing else was asked for, the answer is ready.
        if (reader.Bytes >= request.MinBytes || request.MaxWaitMs <= 0 || reader.HasError || reader.HasOnlyUnknown)
        {
            slot.Complete(reader.Answer(slot, read));
            return;
        }

        var enough = reader.Bytes;
        FetchReader.Release(read);
        new FetchWait(slot, reader, request, enough).Begin(broker.Scheduler);
    }

    private static FetchResponse Refused(FetchRequest request, ErrorCode whole)
    {
        var answer = new FetchResponse { ErrorCode = whole };
        foreach (var topic in request.Topics)
        {
            var partitions = new List<FetchResponse.PartitionData>(topic.Partitions.Count);
            foreach (var asked in topic.Partitions)
            {
                partitions.Add(new()
                {
                    PartitionIndex = asked.Partition,
                    ErrorCode = ErrorCode.UnknownServerError,
                    HighWatermark = -1,
                    AbortedTransactions = null,
                    Records = ReadOnlyMemory<byte>.Empty,
                });
            }

            answer.Responses.Add(new() { Topic = topic.Topic, TopicId = topic.TopicId, Partitions = partitions });
        }

        return answer;
    }
}

/// <summary>A fetch that waits for more bytes or for its deadline, whichever comes first.</summary>
internal sealed class FetchWait : IFetchWaiter
{
    private const int Waiting = 0;
    private const int Reading = 1;
    private const int Answered = 2;
    private readonly RequestSlot slot;
    private readonly FetchReader reader;
    private readonly FetchRequest request;
    private readonly List<PartitionHandle> partitions;
    private long bytes;
    private int state;
    private int missed;
    private ICancelable? deadline;

    public FetchWait(RequestSlot slot, FetchReader reader, FetchRequest request, long bytes)
    {
        this.slot = slot;
        this.reader = reader;
        this.request = request;
        this.bytes = bytes;
        partitions = [.. reader.Handles];
    }

    public void Begin(IScheduler scheduler)
    {
        foreach (var partition in partitions) partition.Waiters.Add(this);
        deadline = scheduler.Advanced.ScheduleOnceCancelable(TimeSpan.FromMilliseconds(request.MaxWaitMs), () => Try(true));
        // A connection that goes away takes its waiting fetch along.
        slot.Connection.WhileWaiting = () => Try(true);
        // What came between the first look and the registration was told to nobody.
        Try(false);
    }

    public void Progress(int more)
    {
        var now = Interlocked.Add(ref bytes, more);
        if (more == 0 || now >= request.MinBytes) Try(false);
    }

    // Whoever comes while another one reads leaves word, so that no progress is lost.
    private void Try(bool force)
    {
        if (force) Interlocked.Exchange(ref missed, 2);
        else Interlocked.CompareExchange(ref missed, 1, 0);
        while (Volatile.Read(ref missed) != 0 && Interlocked.CompareExchange(ref state, Reading, Waiting) == Waiting)
        {
            var last = Interlocked.Exchange(ref missed, 0) == 2;
            var known = Interlocked.Read(ref bytes);
            var read = reader.Read();
            if (last || reader.Bytes >= request.MinBytes || reader.HasError)
            {
                Volatile.Write(ref state, Answered);
                End(read);
                return;
            }

            // What came while this was reading may be counted twice, never not at all.
            Interlocked.Add(ref bytes, reader.Bytes - known);
            FetchReader.Release(read);
            Volatile.Write(ref state, Waiting);
        }
    }

    private void End(List<(FetchItem Item, FetchResponse.PartitionData Data)> read)
    {
        foreach (var partition in partitions) partition.Waiters.Remove(this);
        deadline?.Cancel();
        slot.Connection.WhileWaiting = null;
        slot.Complete(reader.Answer(slot, read));
    }
}
