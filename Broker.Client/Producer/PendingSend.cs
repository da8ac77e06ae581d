using System.Collections.Concurrent;
using System.Threading.Tasks.Sources;

namespace AkkaStream.Client.Producer;

/// <summary>
/// Somebody awaits what becomes of a record. Used again and again, so that an awaited send allocates nothing; whoever awaits goes on on the thread pool. To be awaited once.
/// </summary>
internal sealed class PendingSend : IValueTaskSource<RecordLocation>, IThreadPoolWorkItem
{
    /// <summary>Tells the one that is the state of the <see cref="Delivery"/>.</summary>
    public static readonly Action<object?, DeliveryReport> Tell = static (pending, report) => ((PendingSend)pending!).Told(report);

    private static readonly ConcurrentQueue<PendingSend> Idle = new();
    private static int idle;
    private ManualResetValueTaskSourceCore<RecordLocation> core;
    private DeliveryReport report;

    private PendingSend()
    {
    }

    /// <summary>What is awaited.</summary>
    public ValueTask<RecordLocation> Task => new(this, core.Version);

    /// <summary>One that nobody uses.</summary>
    public static PendingSend Rent()
    {
        if (!Idle.TryDequeue(out var pending)) return new PendingSend();
        Interlocked.Decrement(ref idle);
        return pending;
    }

    /// <inheritdoc/>
    RecordLocation IValueTaskSource<RecordLocation>.GetResult(short token)
    {
        try
        {
            return core.GetResult(token);
        }
        finally
        {
            core.Reset();
            report = default;
            if (Interlocked.Increment(ref idle) <= Limits.IdleSends) Idle.Enqueue(this);
            else Interlocked.Decrement(ref idle);
        }
    }

    /// <inheritdoc/>
    ValueTaskSourceStatus IValueTaskSource<RecordLocation>.GetStatus(short token) => core.GetStatus(token);

    /// <inheritdoc/>
    void IValueTaskSource<RecordLocation>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) => core.OnCompleted(continuation, state, token, flags);

    /// <inheritdoc/>
    void IThreadPoolWorkItem.Execute()
    {
        if (RecordProducer.FailureOf(report.Location.Partition, report.Error, report.Message) is { } failure) core.SetException(failure);
        else core.SetResult(report.Location);
    }

    private void Told(in DeliveryReport told)
    {
        report = told;
        // Whoever tells has others to tell: nobody's work is done here.
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }
}
