using AkkaStream.Actors.Requests;
using AkkaStream.Client.Protocol;
using AkkaStream.Tests.Support;
using Microsoft.Win32.SafeHandles;

namespace AkkaStream.Tests.Host.Kafka;

/// <summary>Records that go from a file to the socket.</summary>
public sealed class FileSendingTests : IDisposable
{
    private readonly string path = Path.GetTempFileName();
    private readonly byte[] content = FramingTests.Random(24 * 1024 * 1024 + 77);
    private readonly SafeFileHandle file;
    private int leases;

    public FileSendingTests()
    {
        File.WriteAllBytes(path, content);
        file = File.OpenHandle(path);
    }

    public void Dispose()
    {
        file.Dispose();
        File.Delete(path);
    }

    [Theory]
    [InlineData(true, false, 0)]
    [InlineData(true, false, 32 * 1024)]
    [InlineData(false, false, 0)]
    [InlineData(false, true, 0)]
    public async Task Ranges_of_a_file_arrive_as_they_are(bool systemCalls, bool tls, int receiveBuffer)
    {
        (int, int)[] ranges = [(1, 3), (5, 0), (17, 20_000_001), (4096, 4096), (999, 16_384), (1000, 16_385), (24 * 1024 * 1024, 77)];
        await using var door = new DoorUnderTest(slot => Send(slot, ranges), o => o with { UseSystemCalls = systemCalls }, tls ? DoorUnderTest.SelfSigned() : null);
        using var client = new RawClient(door.Address, receiveBuffer);
        if (tls) await client.Secure();
        var header = new RequestHeader(ApiKey.Fetch, 11, 0, "raw");
        client.Send(header.Frame());
        client.Send((header with { CorrelationId = 1 }).Frame());
        for (var i = 0; i < 2; i++)
        {
            var answer = client.Receive<FetchResponse>(header with { CorrelationId = i });
            foreach (var ((at, length), partition) in ranges.Zip(answer.Responses[0].Partitions))
            {
                Assert.True(content.AsSpan(at, length).SequenceEqual(partition.Records.Memory.Span), $"{length} bytes from {at}");
            }
        }

        await Eventually.Holds(() => Volatile.Read(ref leases) == 0, "the file is let go");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_goes_lets_the_file_go(bool systemCalls)
    {
        await using var door = new DoorUnderTest(slot => Send(slot, (0, 24_000_000)), o => o with { UseSystemCalls = systemCalls });
        var client = new RawClient(door.Address, receiveBuffer: 32 * 1024);
        for (var i = 0; i < 3; i++) client.Send(new FetchRequest(), 11, i);
        await Eventually.Holds(() => Volatile.Read(ref leases) > 0, "it is being sent");
        client.Dispose();
        await Eventually.Holds(() => Volatile.Read(ref leases) == 0 && door.Door.Connections == 0, "the file is let go");
    }

    [Fact]
    public async Task A_file_that_ends_early_closes_the_connection()
    {
        await using var door = new DoorUnderTest(slot => Send(slot, (content.Length - 100_000, 200_000)));
        using var client = door.Connect();
        client.Send(new FetchRequest(), 11, 1);
        Assert.True(client.IsClosed());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Answers_from_any_thread_are_sent_whole(bool systemCalls)
    {
        await using var door = new DoorUnderTest(slot => ThreadPool.QueueUserWorkItem(_ => Send(slot, (slot.Header.CorrelationId, 300_000))), o => o with { UseSystemCalls = systemCalls });
        using var client = door.Connect();
        for (var i = 0; i < 200; i++) client.Send(new FetchRequest(), 11, i);
        for (var i = 0; i < 200; i++)
        {
            var answer = client.Receive<FetchResponse>(new RequestHeader(ApiKey.Fetch, 11, i, "raw"));
            Assert.True(content.AsSpan(i, 300_000).SequenceEqual(answer.Responses[0].Partitions[0].Records.Memory.Span));
        }
    }

    private void Send(RequestSlot slot, params (int At, int Length)[] ranges)
    {
        var topic = new FetchResponse.FetchableTopicResponse { Topic = "t" };
        foreach (var (at, length) in ranges)
        {
            Interlocked.Increment(ref leases);
            topic.Partitions.Add(new() { Records = new FileRegion(file, at, length, new Lease(this)) });
        }

        slot.Complete(new FetchResponse { Responses = [topic] });
    }

    private sealed class Lease(FileSendingTests of) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref of.leases);
    }
}
