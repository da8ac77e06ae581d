using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Transport;

namespace AkkaStream.Tests.Client.Transport;

/// <summary>A connection to a broker that does not do what brokers do: whoever waits on it is let go.</summary>
public sealed class WireConnectionTests : IDisposable
{
    private const int Patience = 30_000;
    private static readonly TimeSpan Never = TimeSpan.FromMinutes(10);
    private readonly Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public WireConnectionTests()
    {
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
    }

    public void Dispose() => listener.Dispose();

    [Fact(Timeout = Patience)]
    public async Task It_may_be_disposed_of_again_and_says_then_that_it_is_closed()
    {
        var (connection, broker) = await Connect();
        using var held = broker;
        await connection.DisposeAsync();
        await connection.DisposeAsync();
        Assert.False(connection.IsOpen);
        await Assert.ThrowsAsync<TransportException>(() => Ask(connection));
    }

    [Fact(Timeout = Patience)]
    public async Task When_it_is_lost_all_that_wait_on_it_hear_of_it_those_without_a_place_too()
    {
        var (connection, broker) = await Connect(new WireOptions { RequestsInFlight = 2 });
        var asked = Enumerable.Range(0, 20).Select(_ => Ask(connection)).ToList();
        broker.Dispose();
        foreach (var one in asked) await Assert.ThrowsAsync<TransportException>(() => one);
        await Assert.ThrowsAsync<TransportException>(() => Ask(connection));
        await connection.DisposeAsync();
    }

    [Fact(Timeout = Patience)]
    public async Task One_who_gives_up_while_waiting_takes_no_place_with_him()
    {
        var (connection, broker) = await Connect(new WireOptions { RequestsInFlight = 1 });
        using var held = broker;
        using var stop = new CancellationTokenSource();
        var first = Ask(connection);
        var waiting = Enumerable.Range(0, 5).Select(_ => Ask(connection, stop.Token)).ToList();
        await stop.CancelAsync();
        foreach (var one in waiting) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
        await Answer(broker, await Frame(broker));
        await first;
        var next = Ask(connection);
        await Answer(broker, await Frame(broker));
        await next;
        await connection.DisposeAsync();
    }

    [Fact(Timeout = Patience)]
    public async Task A_broker_that_takes_no_bytes_any_more_is_given_up()
    {
        var (connection, broker) = await Connect(new WireOptions { WriteTimeout = TimeSpan.FromMilliseconds(200) });
        using var held = broker;
        var large = new CreateTopicsRequest { Topics = [.. Enumerable.Range(0, 400).Select(_ => new CreateTopicsRequest.CreatableTopic { Name = new string('x', 30_000) })] };
        var lost = await Assert.ThrowsAsync<TransportException>(async () => await connection.SendAsync(large, Never));
        Assert.Contains("took nothing", lost.Message, StringComparison.Ordinal);
        Assert.False(connection.IsOpen);
        await connection.DisposeAsync();
    }

    [Fact(Timeout = Patience)]
    public async Task An_answer_that_does_not_come_closes_it()
    {
        var (connection, broker) = await Connect();
        using var held = broker;
        var late = await Assert.ThrowsAsync<TransportException>(async () => await connection.SendAsync(new ApiVersionsRequest(), TimeSpan.FromMilliseconds(100)));
        Assert.Contains("did not answer", late.Message, StringComparison.Ordinal);
        Assert.False(connection.IsOpen);
        await connection.DisposeAsync();
    }

    private static async Task Ask(IBrokerConnection connection, CancellationToken cancellation = default)
    {
        using var answer = await connection.SendAsync(new ApiVersionsRequest(), Never, highest: 0, cancellation);
    }

    private async Task<(IBrokerConnection Connection, Socket Broker)> Connect(WireOptions? options = null)
    {
        var address = new BrokerAddress("127.0.0.1", ((IPEndPoint)listener.LocalEndPoint!).Port);
        await using var transport = new WireTransport([address], options);
        var connecting = transport.ConnectAsync(address).AsTask();
        var broker = await listener.AcceptAsync();
        await Answer(broker, await Frame(broker), ErrorCode.UnsupportedVersion);
        await Answer(broker, await Frame(broker));
        return (await connecting, broker);
    }

    // The correlation id of the next request.
    private static async Task<int> Frame(Socket broker)
    {
        await using var stream = new NetworkStream(broker, ownsSocket: false);
        var head = new byte[4];
        await stream.ReadExactlyAsync(head);
        var frame = new byte[BinaryPrimitives.ReadInt32BigEndian(head)];
        await stream.ReadExactlyAsync(frame);
        return BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(4));
    }

    // In the oldest form, the only one that this broker knows.
    private static async Task Answer(Socket broker, int correlation, ErrorCode error = ErrorCode.None)
    {
        await using var stream = new NetworkStream(broker, ownsSocket: false);
        using var writer = new MessageWriter(256);
        writer.Int32(0);
        writer.Int32(correlation);
        new ApiVersionsResponse
        {
            ErrorCode = error,
            ApiKeys = [new() { ApiKey = (short)ApiKey.ApiVersions, MinVersion = 0, MaxVersion = 0 }, new() { ApiKey = (short)ApiKey.CreateTopics, MinVersion = 0, MaxVersion = 7 }],
        }.Write(writer, 0);
        writer.PatchInt32(0, writer.Length - 4);
        await stream.WriteAsync(writer.Buffer);
    }
}
