using System.Globalization;
using System.Text;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Consumer;
using AkkaStream.Client.Producer;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Cluster;

/// <summary>
/// An idempotent producer that writes numbers to one partition for as long as it is let, over every failure; at the end all of them have to be there, once and in order. A record that is
/// given up fails the run.
/// </summary>
internal sealed class Workload : IAsyncDisposable
{
    private const int UnderWay = 100;
    private readonly CancellationTokenSource enough = new();
    private readonly ClusterClient cluster;
    private readonly string topic;
    private readonly Task<int> producing;
    private int acknowledged;

    /// <summary>Begins.</summary>
    /// <param name="cluster">Its client.</param>
    /// <param name="topic">A topic that is there; its partition 0 is written.</param>
    public Workload(ClusterClient cluster, string topic)
    {
        (this.cluster, this.topic) = (cluster, topic);
        producing = Produce();
    }

    /// <summary>How many were acknowledged.</summary>
    public int Acknowledged => Volatile.Read(ref acknowledged);

    /// <summary>Waits for acknowledgements of records that are sent from now on.</summary>
    public Task Grows(TimeSpan? patience = null)
    {
        // What is under way may have been answered before whatever happened just now.
        var goal = Acknowledged + UnderWay + 400;
        return Eventually.Holds(() => Acknowledged >= goal || producing.IsFaulted, "records are acknowledged", patience ?? Eventually.Patience);
    }

    /// <summary>Ends it, and reads what is there.</summary>
    public async Task Check()
    {
        await enough.CancelAsync();
        var sent = await producing;
        Assert.Equal(sent, Acknowledged);
        Assert.Equal(Enumerable.Range(0, sent).Select(i => i.ToString(CultureInfo.InvariantCulture)), await Read(sent));
    }

    public async ValueTask DisposeAsync()
    {
        await enough.CancelAsync();
        await ((Task)producing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        enough.Dispose();
    }

    private async Task<int> Produce()
    {
        await using var producer = new RecordProducer(cluster, new ProducerOptions());
        var number = 0;
        var sends = new Queue<Task>();
        while (!enough.IsCancellationRequested)
        {
            sends.Enqueue(Send(producer, number++));
            if (sends.Count >= UnderWay) await sends.Dequeue();
        }

        await Task.WhenAll(sends);
        return number;
    }

    private async Task Send(RecordProducer producer, int number)
    {
        await producer.SendAsync(new ProducerRecord(topic, Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture))) { Partition = 0 });
        Interlocked.Increment(ref acknowledged);
    }

    private async Task<List<string>> Read(int count)
    {
        var partition = new TopicPartition(topic, 0);
        await using var consumer = new PartitionConsumer(cluster);
        await consumer.AssignAsync(new Dictionary<TopicPartition, long> { [partition] = 0 });
        var values = new List<string>(count);
        while (values.Count < count || consumer.Position(partition) < consumer.HighWatermark(partition))
        {
            using var polled = await consumer.PollAsync(TimeSpan.FromSeconds(1));
            foreach (var record in polled) values.Add(Encoding.ASCII.GetString(record.Value!.Value.Span));
        }

        return values;
    }
}
