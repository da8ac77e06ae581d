using AkkaStream.Actors.Requests;
using AkkaStream.Client.Protocol;
using AkkaStream.Host.Kafka;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Host.Kafka;

/// <summary>Frames: split anywhere, many at once, large ones, and what is no frame.</summary>
public sealed class FramingTests
{
    private static readonly RequestHeader Versions0 = new(ApiKey.ApiVersions, 0, 5, "raw");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_frame_may_be_split_at_every_byte(bool systemCalls)
    {
        await using var door = new DoorUnderTest(change: o => o with { UseSystemCalls = systemCalls });
        using var client = door.Connect();
        var frame = RawClient.Frame(new MetadataRequest { Topics = [new() { Name = "topic" }] }, 9, 3);
        for (var cut = 1; cut < frame.Length; cut++)
        {
            client.Send(frame.AsSpan(0, cut));
            client.Send(frame.AsSpan(cut));
            Assert.Equal(3, client.ReceiveId());
        }

        foreach (var one in frame) client.Send([one]);
        Assert.Equal(3, client.ReceiveId());
        Assert.All(door.Seen, slot => Assert.Equal("topic", ((MetadataRequest)slot.Request).Topics![0].Name));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Many_requests_in_one_write_are_answered_in_order(bool systemCalls)
    {
        await using var door = new DoorUnderTest(change: o => o with { UseSystemCalls = systemCalls });
        using var client = door.Connect();
        var all = Enumerable.Range(0, 5000).SelectMany(i => RawClient.Frame(new MetadataRequest(), (short)(i % 13), i)).ToArray();
        var sending = client.SendAsync(all);
        for (var i = 0; i < 5000; i++) Assert.Equal(i, client.ReceiveId());
        await sending;
    }

    [Theory]
    [InlineData(true, 1_000)]
    [InlineData(true, 16_384)]
    [InlineData(true, 1_000_000)]
    [InlineData(false, 16_384)]
    [InlineData(false, 1_000_000)]
    public async Task Large_requests_arrive_as_they_were_sent(bool systemCalls, int size)
    {
        var expected = Random(size);
        var wrong = 0;
        await using var door = new DoorUnderTest(
            slot =>
            {
                var records = ((ProduceRequest)slot.Request).TopicData[0].PartitionData[0].Records;
                if (!records.Memory.Span.SequenceEqual(expected)) Interlocked.Increment(ref wrong);
                DoorUnderTest.Answer(slot);
            },
            o => o with { UseSystemCalls = systemCalls });
        using var client = door.Connect();
        var frame = RawClient.Frame(RawClient.Produce(expected), 7, 9);
        var sending = client.SendAsync(Enumerable.Repeat(frame, 50).SelectMany(f => f).ToArray());
        for (var i = 0; i < 50; i++) Assert.Equal(9, client.ReceiveId());
        await sending;
        Assert.Equal(0, wrong);
        // A stream may say that there is something when there is nothing yet: then it holds one small buffer.
        var most = systemCalls ? 0 : AkkaStream.Host.Limits.ReceiveBlockBytes;
        await Eventually.Holds(() => door.Door.RequestBytesHeld == 0 && door.Door.BufferBytesUsed <= most, "all memory is given back");
    }

    [Theory]
    [InlineData("ffffffff")]
    [InlineData("80000000")]
    [InlineData("7fffffff")]
    [InlineData("00000000")]
    [InlineData("06400001")]
    [InlineData("474554202f20485454502f312e310d0a")]
    [InlineData("0000000d00ff0000000000010003626164")]
    [InlineData("0000000dffff0000000000010003626164")]
    [InlineData("0000000d00030063000000010003626164")]
    [InlineData("0000000d0003ffff000000010003626164")]
    [InlineData("0000000c00120000000000010003626164")]
    [InlineData("0000000d00030001000000010003626164")]
    public async Task What_is_no_request_closes_the_connection(string hex)
    {
        await using var door = new DoorUnderTest();
        using var client = door.Connect();
        client.Send(Versions0.Frame());
        Assert.Equal(5, client.ReceiveId());
        client.Send(Convert.FromHexString(hex));
        Assert.True(client.IsClosed());
        await Eventually.Holds(() => door.Door is { Connections: 0, RequestBytesHeld: 0, BufferBytesUsed: 0 }, "nothing is left of it");
    }

    [Fact]
    public async Task ApiVersions_of_an_unknown_version_is_answered_in_version_0()
    {
        await using var door = new DoorUnderTest();
        using var client = door.Connect();
        foreach (var (hex, id) in new[] { ("00000013001200640000004d00036261640002780231" + "00", 77), ("0000000d0012ffff0000004e0003626164", 78) })
        {
            client.Send(Convert.FromHexString(hex));
            var answer = client.Receive<ApiVersionsResponse>(Versions0 with { CorrelationId = id });
            Assert.Equal(ErrorCode.UnsupportedVersion, answer.ErrorCode);
            Assert.Equal((18, 0, 4), (answer.ApiKeys[0].ApiKey, answer.ApiKeys[0].MinVersion, answer.ApiKeys[0].MaxVersion));
        }

        client.Send(Versions0.Frame());
        Assert.Equal(ErrorCode.None, client.Receive<ApiVersionsResponse>(Versions0).ErrorCode);
        Assert.Single(door.Seen);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Memory_is_admitted_and_those_who_wait_go_on(bool systemCalls)
    {
        const int size = 800_000;
        var held = new System.Collections.Concurrent.ConcurrentQueue<RequestSlot>();
        await using var door = new DoorUnderTest(held.Enqueue, o => o with { RequestMemoryBytes = 1_000_000, UseSystemCalls = systemCalls });
        var clients = Enumerable.Range(0, 6).Select(_ => door.Connect()).ToList();
        var frame = RawClient.Frame(RawClient.Produce(new byte[size]), 7, 1);
        var sending = clients.Select(client => client.SendAsync(frame)).ToList();
        for (var i = 0; i < clients.Count; i++)
        {
            RequestSlot? slot = null;
            await Eventually.Holds(() => held.TryDequeue(out slot), "one request is handed in");
            Assert.InRange(door.Door.RequestBytesHeld, size, 1_000_000);
            Assert.Empty(held);
            DoorUnderTest.Answer(slot!);
        }

        Assert.All(clients, client => Assert.Equal(1, client.ReceiveId()));
        await Task.WhenAll(sending);
        await Eventually.Holds(() => door.Door.RequestBytesHeld == 0 && (!systemCalls || door.Door.BufferBytesUsed == 0), "all memory is given back");
        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task A_request_larger_than_all_memory_is_served_alone()
    {
        await using var door = new DoorUnderTest(change: o => o with { RequestMemoryBytes = 100_000 });
        using var client = door.Connect();
        var sending = client.SendAsync(RawClient.Frame(RawClient.Produce(new byte[2_000_000]), 7, 4));
        Assert.Equal(4, client.ReceiveId());
        await sending;
    }

    [Fact]
    public async Task A_client_that_goes_while_it_waits_for_memory_holds_nobody_up()
    {
        var held = new System.Collections.Concurrent.ConcurrentQueue<RequestSlot>();
        await using var door = new DoorUnderTest(held.Enqueue, o => o with { RequestMemoryBytes = 1_000_000 });
        var frame = RawClient.Frame(RawClient.Produce(new byte[900_000]), 7, 1);
        using var first = door.Connect();
        await first.SendAsync(frame);
        await Eventually.Holds(() => held.Count == 1, "the first is handed in");
        var gone = door.Connect();
        gone.Send(frame.AsSpan(0, 30_000));
        using var last = door.Connect();
        last.Send(frame.AsSpan(0, 30_000));
        gone.Dispose();
        var sending = last.SendAsync(frame[30_000..]);
        DoorUnderTest.Answer(held.Single());
        await Eventually.Holds(() => held.Count == 2, "the last is handed in");
        DoorUnderTest.Answer(held.Last());
        Assert.Equal(1, last.ReceiveId());
        await sending;
        await Eventually.Holds(() => door.Door is { RequestBytesHeld: 0, BufferBytesUsed: 0 }, "all memory is given back");
    }

    [Fact]
    public void The_pool_keeps_no_more_than_its_limit_and_gives_back_what_nobody_needs()
    {
        var pool = new BufferPool(100_000);
        var taken = Enumerable.Range(0, 10).Select(_ => pool.Take(20_000)).ToList();
        Assert.All(taken, buffer => Assert.InRange(buffer.Capacity, 20_000, 24_576));
        taken.ForEach(buffer => buffer.Release());
        Assert.Equal(0, pool.UsedBytes);
        Assert.InRange(pool.IdleBytes, 1, 100_000);
        pool.Trim();
        pool.Trim();
        Assert.Equal(0, pool.IdleBytes);
    }

    internal static byte[] Random(int size)
    {
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        return bytes;
    }
}

/// <summary>Frames of tests.</summary>
internal static class Frames
{
    public static byte[] Frame(this RequestHeader header) => RawClient.Frame(ApiMessages.CreateRequest(header.Key)!, header.Version, header.CorrelationId);
}
