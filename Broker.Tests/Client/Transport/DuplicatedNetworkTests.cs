using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using AkkaStream.Client;
using AkkaStream.Client.Admin;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Consumer;
using AkkaStream.Client.Consumer.Groups;
using AkkaStream.Client.Producer;
using AkkaStream.Client.Serialization;
using AkkaStream.Host.Embedded;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Client.Transport;

/// <summary>Between client and broker stands something that sends answers twice, or every connection's requests twice: the client goes on by itself, and nothing is there twice.</summary>
public sealed class DuplicatedNetworkTests : IAsyncLifetime
{
    private const int Records = 300;
    private const string Topic = "t";
    private readonly Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentBag<Task> pumps = [];
    private EmbeddedBroker broker = null!;
    private AkkaStreamClient direct = null!;
    private int repeated;
    private bool repeatsAnswers;
    private bool repeatsRequests;

    public async Task InitializeAsync()
    {
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        broker = await EmbeddedBroker.StartAsync(new EmbeddedBrokerOptions
        {
            Listen = true,
            Settings = new Dictionary<string, string>
            {
                ["advertised.listeners"] = $"PLAINTEXT://{Between}",
                ["group.initial.rebalance.delay.ms"] = "0",
                ["group.consumer.min.heartbeat.interval.ms"] = "50",
                ["group.consumer.heartbeat.interval.ms"] = "50",
                ["offsets.topic.num.partitions"] = "1",
            },
        });
        direct = broker.Connect();
        (await direct.Admin.CreateTopicsAsync([new NewTopic(Topic, 1)]))[0].ThrowIfFailed();
        pumps.Add(Accept());
    }

    public async Task DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Dispose();
        await Task.WhenAll(pumps);
        await direct.DisposeAsync();
        await broker.DisposeAsync();
        stop.Dispose();
    }

    [Theory]
    [InlineData(GroupProtocol.Classic)]
    [InlineData(GroupProtocol.Consumer)]
    public async Task Answers_that_come_twice_cost_a_connection_and_nothing_else(GroupProtocol protocol)
    {
        repeatsAnswers = true;
        await using var client = AkkaStreamClient.Connect(Between);
        var read = new ConcurrentDictionary<int, int>();
        using var enough = new CancellationTokenSource();
        var reading = Read(client, protocol, read, enough.Token);
        await Send(client);
        Assert.Equal(Enumerable.Range(0, Records), await Written());
        await Eventually.Holds(() => (read.Count == Records && Volatile.Read(ref repeated) > 20) || reading.IsCompleted, "every record is read, and twenty answers were repeated");
        Assert.False(reading.IsCompleted, reading.Exception?.ToString());

        // Its last words are answered once, so that the test need not wait for a member that could not say them.
        repeatsAnswers = false;
        await enough.CancelAsync();
        await reading;
    }

    [Fact]
    public async Task Requests_that_come_twice_write_nothing_twice()
    {
        repeatsRequests = true;
        await using var client = AkkaStreamClient.Connect(Between);
        await Send(client);
        Assert.Equal(Enumerable.Range(0, Records), await Written());
        await Eventually.Holds(() => Volatile.Read(ref repeated) > 10, "ten requests and more came twice");
    }

    private string Between => $"127.0.0.1:{((IPEndPoint)listener.LocalEndPoint!).Port}";

    // Small batches, several under way at once.
    private static async Task Send(AkkaStreamClient client)
    {
        await using var producer = client.CreateProducer<Nothing, int>(new ProducerOptions { Batching = new AccumulatorOptions { BatchSize = 200, LingerMs = 0 } });
        for (var i = 0; i < Records; i++) await producer.EnqueueAsync(Topic, default, i, static report => report.ThrowIfFailed());
        await producer.FlushAsync();
    }

    private static async Task Read(AkkaStreamClient client, GroupProtocol protocol, ConcurrentDictionary<int, int> read, CancellationToken stopping)
    {
        await using var consumer = client.CreateConsumer<Nothing, int>(new ConsumerOptions { GroupId = "g", GroupProtocol = protocol, AutoOffsetReset = AutoOffsetReset.Earliest, HeartbeatInterval = TimeSpan.FromMilliseconds(50), FetchMaxWait = TimeSpan.FromMilliseconds(20) });
        consumer.Subscribe(Topic);
        await foreach (var record in consumer.ConsumeAsync(stopping)) read[record.Value] = 1;
    }

    // What the log has, past what stands between.
    private async Task<List<int>> Written()
    {
        await using var consumer = direct.CreateConsumer<Nothing, int>();
        await consumer.AssignAsync(new Dictionary<TopicPartition, long> { [new(Topic, 0)] = 0 });
        var end = (await consumer.EndOffsetsAsync([new(Topic, 0)]))[new(Topic, 0)];
        var all = new List<int>();
        await foreach (var record in consumer.ConsumeAsync())
        {
            all.Add(record.Value);
            if (record.Offset == end - 1) break;
        }

        return all;
    }

    private async Task Accept()
    {
        try
        {
            while (true) pumps.Add(Carry(await listener.AcceptAsync(stop.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            return;
        }
    }

    private async Task Carry(Socket client)
    {
        using var near = new NetworkStream(client, ownsSocket: true);
        using var far = await Connect();
        using var shadow = repeatsRequests ? await Connect() : null;
        var ends = new List<Task> { Requests(near, far, shadow), Answers(far, near) };
        if (shadow is not null) ends.Add(Answers(shadow, null));
        await Task.WhenAny(ends);
        near.Close();
        far.Close();
        shadow?.Close();
        await Task.WhenAll(ends);
    }

    private async Task<NetworkStream> Connect()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, broker.Running.Port);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private async Task Requests(NetworkStream near, NetworkStream far, NetworkStream? shadow)
    {
        var bytes = new byte[1 << 16];
        await Pump(async () =>
        {
            var got = await near.ReadAsync(bytes, stop.Token);
            if (got == 0) throw new EndOfStreamException();
            if (shadow is not null) await shadow.WriteAsync(bytes.AsMemory(0, got), stop.Token);
            await far.WriteAsync(bytes.AsMemory(0, got), stop.Token);
        });
    }

    // Every fifth answer of a connection comes twice; those of requests that came twice go nowhere.
    private async Task Answers(NetworkStream far, NetworkStream? near)
    {
        var (head, count) = (new byte[4], 0);
        await Pump(async () =>
        {
            await far.ReadExactlyAsync(head, stop.Token);
            var frame = new byte[4 + BinaryPrimitives.ReadInt32BigEndian(head)];
            head.CopyTo(frame, 0);
            await far.ReadExactlyAsync(frame.AsMemory(4), stop.Token);
            var isTwice = repeatsAnswers && ++count % 5 == 0;
            if (near is null || isTwice) Interlocked.Increment(ref repeated);
            if (near is null) return;
            await near.WriteAsync(frame, stop.Token);
            if (isTwice) await near.WriteAsync(frame, stop.Token);
        });
    }

    private static async Task Pump(Func<Task> once)
    {
        try
        {
            while (true) await once();
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            return;
        }
    }
}
