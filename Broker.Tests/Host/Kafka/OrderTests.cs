using System.Collections.Concurrent;
using System.Net.Sockets;
using AkkaStream.Actors.Requests;
using AkkaStream.Client.Protocol;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Host.Kafka;

/// <summary>Requests are handed in one at a time, answers go out in order, slow readers and the end of connections.</summary>
public sealed class OrderTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Answers_go_out_in_the_order_of_the_requests(bool systemCalls)
    {
        var held = new ConcurrentStack<RequestSlot>();
        await using var door = new DoorUnderTest(
            slot =>
            {
                held.Push(slot);
                slot.OrderFixed();
            },
            o => o with { UseSystemCalls = systemCalls });
        using var client = door.Connect();
        for (var i = 0; i < 100; i++) client.Send(new MetadataRequest(), 1, i);
        await Eventually.Holds(() => held.Count == 100, "all are handed in");
        Parallel.ForEach(held, DoorUnderTest.Answer);
        for (var i = 0; i < 100; i++) Assert.Equal(i, client.ReceiveId());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_next_request_waits_until_the_order_is_fixed(bool systemCalls)
    {
        await using var door = new DoorUnderTest(_ => { }, o => o with { UseSystemCalls = systemCalls });
        using var client = door.Connect();
        client.Send(RawClient.Frame(new MetadataRequest(), 1, 0).Concat(RawClient.Frame(new MetadataRequest(), 1, 1)).ToArray());
        await Eventually.Holds(() => door.Seen.Count == 1, "the first is handed in");
        client.Send(new MetadataRequest(), 1, 2);
        var first = door.Seen.Single();
        Assert.Single(door.Seen);
        first.OrderFixed();
        await Eventually.Holds(() => door.Seen.Count == 2, "the second is handed in");
        DoorUnderTest.Answer(door.Seen.Last());
        await Eventually.Holds(() => door.Seen.Count == 3, "the third is handed in");
        DoorUnderTest.Answer(door.Seen.Last());
        DoorUnderTest.Answer(first);
        for (var i = 0; i < 3; i++) Assert.Equal(i, client.ReceiveId());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_stands_behind_produces_waits_until_they_are_done(bool systemCalls)
    {
        await using var door = new DoorUnderTest(
            slot =>
            {
                if (slot.Request is ProduceRequest) slot.OrderFixed();
                else DoorUnderTest.Answer(slot);
            },
            o => o with { UseSystemCalls = systemCalls });
        using var client = door.Connect();
        for (var i = 0; i < 2; i++) client.Send(RawClient.Produce([1, 2, 3], acks: 1), 3, i);
        client.Send(new MetadataRequest(), 1, 2);
        client.Send(RawClient.Produce([1, 2, 3], acks: 1), 3, 3);
        await Eventually.Holds(() => door.Door.Metrics.Requests == 3, "the third one is there");
        Assert.Equal(2, door.Seen.Count);
        DoorUnderTest.Answer(door.Seen.ElementAt(1));
        Assert.Equal(2, door.Seen.Count);
        DoorUnderTest.Answer(door.Seen.First());
        await Eventually.Holds(() => door.Seen.Count == 4, "all are handed in");
        DoorUnderTest.Answer(door.Seen.Last());
        for (var i = 0; i < 4; i++) Assert.Equal(i, client.ReceiveId());
    }

    [Fact]
    public async Task A_request_that_comes_while_another_waits_is_served_after_it()
    {
        await using var door = new DoorUnderTest(_ => { });
        using var client = door.Connect();
        for (var i = 0; i < 2000; i++)
        {
            client.Send(new MetadataRequest(), 1, i);
            await Eventually.Holds(() => door.Seen.Count == 1, "it is handed in");
            Assert.True(door.Seen.TryDequeue(out var slot));
            var answering = Task.Run(() => DoorUnderTest.Answer(slot));
            client.Send(new MetadataRequest(), 1, -i);
            await Eventually.Holds(() => door.Seen.Count == 1, "the second is handed in");
            await answering;
            Assert.True(door.Seen.TryDequeue(out var second));
            DoorUnderTest.Answer(second);
            Assert.Equal((i, -i), (client.ReceiveId(), client.ReceiveId()));
        }
    }

    [Fact]
    public async Task Acks_0_gets_no_answer()
    {
        await using var door = new DoorUnderTest(slot =>
        {
            if (slot.Request is ProduceRequest { Acks: 0 }) slot.CompleteWithoutAnswer();
            else DoorUnderTest.Answer(slot);
        });
        using var client = door.Connect();
        for (var i = 0; i < 100; i++) client.Send(RawClient.Produce([1, 2, 3], acks: 0), 3, i);
        client.Send(new MetadataRequest(), 1, 1000);
        Assert.Equal(1000, client.ReceiveId());
        Assert.Equal(101, door.Seen.Count);
    }

    [Fact]
    public async Task A_handler_may_close_the_connection()
    {
        await using var door = new DoorUnderTest(slot => slot.CloseConnection("the test wants it"));
        using var client = door.Connect();
        client.Send(new MetadataRequest(), 1, 1);
        Assert.True(client.IsClosed());
        Assert.Contains(door.Lines, line => line.Contains("the test wants it", StringComparison.Ordinal));
        Assert.True(door.Seen.Single().Connection.IsClosed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_slow_reader_is_asked_no_more_and_gets_everything_later(bool systemCalls)
    {
        const int requests = 2000;
        const int size = 32 * 1024;
        await using var door = new DoorUnderTest(
            slot => slot.Complete(new FetchResponse { Responses = [new() { Topic = "t", Partitions = [new() { Records = new byte[size] }] }] }),
            o => o with { UseSystemCalls = systemCalls, SendBufferBytes = 64 * 1024 });
        using var client = new RawClient(door.Address, receiveBuffer: 64 * 1024);
        for (var i = 0; i < requests; i++) client.Send(new FetchRequest(), 4, i);
        var before = -1L;
        await Eventually.Holds(() => before == (before = door.Door.Metrics.Requests) && before > 1, "no more is taken");
        Assert.InRange(before, 2, 400);
        for (var i = 0; i < requests; i++)
        {
            var body = client.Receive();
            Assert.Equal(i, System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(body));
            Assert.InRange(body!.Length, size, size + 200);
        }
    }

    [Fact]
    public async Task Idle_connections_are_closed_and_waiting_ones_are_not()
    {
        await using var door = new DoorUnderTest(_ => { }, o => o with { MostIdle = TimeSpan.FromMilliseconds(200) });
        using var waiting = door.Connect();
        waiting.Send(new FetchRequest(), 4, 1);
        await Eventually.Holds(() => door.Seen.Count == 1, "it is handed in");
        using var idle = door.Connect();
        Assert.True(idle.IsClosed());
        await Eventually.Holds(() => door.Door.Connections == 1, "only the one that waits is left");
        DoorUnderTest.Answer(door.Seen.Single());
        Assert.Equal(1, waiting.ReceiveId());
        Assert.True(waiting.IsClosed());
    }

    [Fact]
    public async Task Connections_are_limited_in_all_and_by_address()
    {
        await using var door = new DoorUnderTest(change: o => o with { MostConnections = 3, MostConnectionsFrom = _ => 2 });
        using var first = door.Connect();
        var second = door.Connect();
        first.Send(new MetadataRequest(), 1, 1);
        second.Send(new MetadataRequest(), 1, 1);
        Assert.Equal((1, 1), (first.ReceiveId(), second.ReceiveId()));
        using (var third = door.Connect()) Assert.True(third.IsClosed());
        Assert.Contains(door.Lines, line => line.Contains("max.connections.per.ip", StringComparison.Ordinal));
        second.Dispose();
        await Eventually.Holds(() => door.Door.Connections == 1, "it has left");
        using var fourth = door.Connect();
        fourth.Send(new MetadataRequest(), 1, 2);
        Assert.Equal(2, fourth.ReceiveId());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stop_answers_what_was_asked(bool systemCalls)
    {
        var door = new DoorUnderTest(_ => { }, o => o with { UseSystemCalls = systemCalls });
        using var client = door.Connect();
        using var idle = door.Connect();
        client.Send(new MetadataRequest(), 1, 1);
        client.Send(new MetadataRequest(), 1, 2);
        await Eventually.Holds(() => door.Seen.Count == 1, "the first is handed in");
        var stopping = door.Door.StopAsync(Eventually.Patience);
        Assert.True(idle.IsClosed());
        Assert.False(stopping.IsCompleted);
        Assert.Throws<SocketException>(() => door.Connect().IsClosed() ? throw new SocketException() : 0);
        DoorUnderTest.Answer(door.Seen.Single());
        Assert.Equal(1, client.ReceiveId());
        Assert.True(client.IsClosed());
        await stopping;
        Assert.Equal(0, door.Door.Connections);
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_fetches_that_wait()
    {
        var door = new DoorUnderTest(_ => { });
        using var client = door.Connect();
        client.Send(new FetchRequest(), 4, 1);
        await Eventually.Holds(() => door.Seen.Count == 1, "it is handed in");
        await door.Door.StopAsync(TimeSpan.FromDays(1));
        Assert.True(client.IsClosed());
        DoorUnderTest.Answer(door.Seen.Single());
        Assert.Equal(0, door.Door.RequestBytesHeld);
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_ever()
    {
        var door = new DoorUnderTest(_ => { });
        using var client = door.Connect();
        client.Send(new MetadataRequest(), 1, 1);
        await Eventually.Holds(() => door.Seen.Count == 1, "it is handed in");
        await door.Door.StopAsync(TimeSpan.FromMilliseconds(20));
        Assert.True(client.IsClosed());
        DoorUnderTest.Answer(door.Seen.Single());
        Assert.Equal(0, door.Door.RequestBytesHeld);
    }

    [Fact]
    public async Task A_port_in_use_is_said_in_a_sentence()
    {
        await using var door = new DoorUnderTest();
        var failure = Assert.Throws<IOException>(() => new DoorUnderTest(change: o => o with { Listeners = [o.Listeners[0] with { Port = door.Address.Port }] }));
        Assert.Contains($"port {door.Address.Port} is in use", failure.Message, StringComparison.Ordinal);
    }
}
