using System.Collections.Concurrent;
using AkkaStream.Actors.Requests;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Transport;
using AkkaStream.Host.Embedded;
using AkkaStream.Tests.Host.Kafka;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Host.Embedded;

/// <summary>The transport without a socket: order, who owns which bytes, and the end of connections.</summary>
public sealed class EmbeddedTransportTests : IRequestHandler
{
    private static readonly TimeSpan Patience = Eventually.Patience;
    private readonly ConcurrentQueue<RequestSlot> seen = new();
    private Action<RequestSlot> script = DoorUnderTest.Answer;

    void IRequestHandler.Handle(RequestSlot slot)
    {
        seen.Enqueue(slot);
        script(slot);
    }

    [Fact]
    public async Task A_request_is_answered_in_the_newest_version()
    {
        await using var connection = await Connect();
        Assert.Equal(13, connection.VersionOf(ApiKey.Metadata));
        Assert.Equal(-1, connection.VersionOf(ApiKey.CreateTopics));
        using var answer = await connection.SendAsync(new MetadataRequest(), Patience);
        Assert.Equal(("c", (short)13), (answer.As<MetadataResponse>().ClusterId, answer.Version));
        await Assert.ThrowsAsync<TransportException>(async () => await connection.SendAsync(new CreateTopicsRequest(), Patience));
    }

    [Fact]
    public async Task The_broker_keeps_the_records_although_the_client_uses_its_memory_again()
    {
        script = slot => slot.OrderFixed();
        await using var connection = await Connect();
        var records = FramingTests.Random(5000);
        var expected = records.ToArray();
        var sending = connection.SendAsync(RawClient.Produce(records), Patience).AsTask();
        Array.Clear(records);
        await Eventually.Holds(() => seen.Count == 1, "it is handed in");
        Assert.Equal(expected, ((ProduceRequest)seen.Single().Request).TopicData[0].PartitionData[0].Records.ToArray());
        DoorUnderTest.Answer(seen.Single());
        (await sending).Dispose();
    }

    [Fact]
    public async Task Records_in_files_come_as_memory()
    {
        var path = Path.GetTempFileName();
        var content = FramingTests.Random(100_000);
        await File.WriteAllBytesAsync(path, content);
        using var file = File.OpenHandle(path, options: FileOptions.DeleteOnClose);
        script = slot => slot.Complete(new FetchResponse
        {
            Responses = [new() { Partitions = [new() { Records = new FileRegion(file, 10, 99_000, null) }, new() { Records = new byte[] { 1, 2 } }, new()] }],
        });
        await using var connection = await Connect();
        using var answer = await connection.SendAsync(new FetchRequest(), Patience);
        var partitions = answer.As<FetchResponse>().Responses[0].Partitions;
        Assert.True(content.AsSpan(10, 99_000).SequenceEqual(partitions[0].Records.Memory.Span));
        Assert.Equal([1, 2], partitions[1].Records.Memory.ToArray());
        Assert.True(partitions[2].Records.IsNull);
    }

    [Fact]
    public async Task The_next_request_waits_until_the_order_is_fixed()
    {
        script = _ => { };
        await using var connection = await Connect();
        var first = connection.SendAsync(new MetadataRequest(), Patience).AsTask();
        var second = connection.SendAsync(new MetadataRequest(), Patience).AsTask();
        Assert.Single(seen);
        seen.First().OrderFixed();
        await Eventually.Holds(() => seen.Count == 2, "the second is handed in");
        DoorUnderTest.Answer(seen.Last());
        (await second).Dispose();
        Assert.False(first.IsCompleted);
        DoorUnderTest.Answer(seen.First());
        (await first).Dispose();
    }

    [Fact]
    public async Task Produces_overtake_each_other_and_nothing_else_overtakes_them()
    {
        script = slot => slot.OrderFixed();
        await using var connection = await Connect();
        var first = connection.SendAsync(RawClient.Produce(FramingTests.Random(10)), Patience).AsTask();
        var second = connection.SendAsync(RawClient.Produce(FramingTests.Random(10)), Patience).AsTask();
        var other = connection.SendAsync(new MetadataRequest(), Patience).AsTask();
        await Eventually.Holds(() => seen.Count == 2, "both produces are handed in");
        DoorUnderTest.Answer(seen.First());
        (await first).Dispose();
        Assert.Equal(2, seen.Count);
        script = DoorUnderTest.Answer;
        DoorUnderTest.Answer(seen.Last());
        (await second).Dispose();
        (await other).Dispose();
        Assert.Equal(3, seen.Count);
    }

    [Fact]
    public async Task A_handler_may_close_the_connection()
    {
        script = slot => slot.CloseConnection("the test wants it");
        await using var connection = await Connect();
        var failure = await Assert.ThrowsAsync<TransportException>(async () => await connection.SendAsync(new MetadataRequest(), Patience));
        Assert.Contains("the test wants it", failure.Message, StringComparison.Ordinal);
        Assert.False(connection.IsOpen);
        Assert.True(seen.Single().Connection.IsClosed);
        await Assert.ThrowsAsync<TransportException>(async () => await connection.SendAsync(new MetadataRequest(), Patience));
    }

    [Fact]
    public async Task A_one_way_request_waits_for_nothing()
    {
        script = slot => slot.CompleteWithoutAnswer();
        await using var connection = await Connect();
        for (var i = 0; i < 1000; i++) await connection.SendOneWayAsync(RawClient.Produce([1], acks: 0));
        Assert.Equal(1000, seen.Count);
    }

    private async Task<IBrokerConnection> Connect()
    {
        var transport = new EmbeddedTransport(this, DoorUnderTest.Versions);
        return await transport.ConnectAsync(transport.Bootstrap[0]);
    }
}
