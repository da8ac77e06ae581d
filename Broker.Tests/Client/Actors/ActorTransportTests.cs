using Akka.Actor;
using AkkaStream.Actors.Configuration;
using AkkaStream.Client;
using AkkaStream.Client.Actors;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;
using AkkaStream.Client.Transport;
using AkkaStream.Host.Embedded;
using AkkaStream.Tests.Client.Specification;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Client.Actors;

/// <summary>The actor transport over real sockets: long requests and answers, many clients, brokers and clients that go.</summary>
public sealed class ActorTransportTests : IAsyncLifetime
{
    private readonly ActorSystem system = ActorSystem.Create("app", ActorCluster.Remote);
    private readonly string folder = Directory.CreateTempSubdirectory("actor-transport-").FullName;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await system.Terminate();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Requests_and_answers_of_many_megabytes_go_in_pieces_from_disk_and_from_memory(bool onDisk)
    {
        await using var broker = await Start(onDisk ? folder : null, ("message.max.bytes", "8000000"));
        await using var connection = await Connect(broker);
        using (await connection.SendAsync(new CreateTopicsRequest { TimeoutMs = 30_000, Topics = [new() { Name = "big", NumPartitions = 1, ReplicationFactor = 1 }] }, Eventually.Patience))
        using (var metadata = await connection.SendAsync(new MetadataRequest { Topics = [new() { Name = "big" }] }, Eventually.Patience))
        {
            var id = metadata.As<MetadataResponse>().Topics[0].TopicId;
            var batches = Enumerable.Range(1, 6).Select(i => Batch(i, 7_000_000)).ToList();
            var produced = await Task.WhenAll(batches.Select(batch => Produce(connection, id, batch)));
            Assert.Equal(Enumerable.Range(0, 6).Select(i => (ErrorCode.None, (long)i)), produced.Select(p => (p.ErrorCode, p.BaseOffset)));
            using var fetched = await connection.SendAsync(
                new FetchRequest { MaxBytes = 55 << 20, MinBytes = 1, Topics = [new() { Topic = "big", TopicId = id, Partitions = [new() { PartitionMaxBytes = 55 << 20 }] }] }, Eventually.Patience);
            var records = fetched.As<FetchResponse>().Responses[0].Partitions[0].Records.Memory;
            Assert.Equal(batches.Sum(b => (long)b.Length), records.Length);
            // Base offset and leader epoch are the broker's; what the checksum covers is not.
            for (var (i, at) = (0, 0); i < batches.Count; at += batches[i++].Length) Assert.True(records.Span.Slice(at + 17, batches[i].Length - 17).SequenceEqual(batches[i].AsSpan(17)));
        }

        await Eventually.Holds(() => broker.Running.Node.Services.ActorClients.RequestBytes == 0, "the requests' memory is free");
    }

    [Fact]
    public async Task A_request_that_no_broker_takes_is_refused_here_and_an_answer_that_is_too_long_closes_the_connection()
    {
        await using var broker = await Start(null, ("socket.request.max.bytes", "1000000"));
        await using var connection = await Connect(broker);
        var refused = await Assert.ThrowsAsync<TransportException>(async () => await Produce(connection, Guid.Empty, Batch(1, 1_100_000)));
        Assert.Contains("socket.request.max.bytes", refused.Message);
        Assert.True(connection.IsOpen);
        await using var careful = await new ActorTransport(system, broker.ActorAddress!, new ActorTransportOptions { LargestAnswer = 2000 }).ConnectAsync(Address(broker));
        var topics = Enumerable.Range(0, 100).Select(i => new CreateTopicsRequest.CreatableTopic { Name = $"topic-{i}", NumPartitions = 1, ReplicationFactor = 1 }).ToList();
        await Assert.ThrowsAsync<TransportException>(async () => await careful.SendAsync(new CreateTopicsRequest { TimeoutMs = 30_000, Topics = topics }, Eventually.Patience));
        Assert.False(careful.IsOpen);
    }

    [Fact]
    public async Task Many_connections_at_once_each_have_a_session_and_it_ends_with_them_or_with_their_actor_system()
    {
        await using var broker = await Start(null);
        var sessions = broker.Running.Node.Services.ActorClients;
        var other = ActorSystem.Create("other", ActorCluster.Remote);
        var connections = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Connect(broker, i < 30 ? system : other)));
        Assert.Equal(60, sessions.Sessions);
        var answers = await Task.WhenAll(connections.Select(c => c.SendAsync(new DescribeClusterRequest(), Eventually.Patience).AsTask()));
        Assert.All(answers, answer => Assert.Equal(Address(broker), new BrokerAddress(answer.As<DescribeClusterResponse>().Brokers[0].Host, answer.As<DescribeClusterResponse>().Brokers[0].Port)));
        // It waits for records that nobody sends.
        var waiting = connections[59].SendAsync(new FetchRequest { MaxWaitMs = 600_000, MinBytes = 1 }, TimeSpan.FromMinutes(10)).AsTask();
        foreach (var connection in connections.Take(30)) await connection.DisposeAsync();
        await Eventually.Holds(() => sessions.Sessions == 30, "thirty sessions have ended");
        await other.Terminate();
        await Eventually.Holds(() => sessions.Sessions == 0, "no session is left");
        await Assert.ThrowsAsync<TransportException>(() => waiting);
        Assert.All(connections, c => Assert.False(c.IsOpen));
    }

    [Fact]
    public async Task A_broker_that_is_not_there_or_starts_is_said_to_be_so_at_once()
    {
        var transport = new ActorTransport(system, $"akka.tcp://akkastream@127.0.0.1:{Processes.FreePort()}", new ActorTransportOptions { ConnectTimeout = Eventually.Patience * 10 });
        var refused = await Assert.ThrowsAsync<TransportException>(async () => await transport.ConnectAsync(transport.Bootstrap[0]).AsTask().WaitAsync(Eventually.Patience));
        Assert.Contains("nobody answers there", refused.Message);
        // An actor system that has no /user/broker: nobody says anything.
        var stranger = ((ExtendedActorSystem)system).Provider.DefaultAddress;
        var wrong = new ActorTransport(system, stranger.ToString(), new ActorTransportOptions { ConnectTimeout = TimeSpan.FromMilliseconds(100) });
        await Assert.ThrowsAsync<TransportException>(async () => await wrong.ConnectAsync(wrong.Bootstrap[0]));
    }

    [Fact]
    public async Task A_client_whose_actor_system_has_ended_is_told_so_and_can_be_disposed_of()
    {
        await using var broker = await Start(null);
        var ended = ActorSystem.Create("ended", ActorCluster.Remote);
        var transport = new ActorTransport(ended, broker.ActorAddress!);
        var connection = await transport.ConnectAsync(transport.Bootstrap[0]);
        await ended.Terminate();
        Assert.False(connection.IsOpen);
        await Assert.ThrowsAsync<TransportException>(async () => await connection.SendAsync(new DescribeClusterRequest(), Eventually.Patience));
        await connection.DisposeAsync();
        await connection.DisposeAsync();
        Assert.Contains("has ended", (await Assert.ThrowsAsync<TransportException>(async () => await transport.ConnectAsync(transport.Bootstrap[0]))).Message);
    }

    [Fact]
    public async Task A_broker_that_is_stopped_for_longer_than_it_may_be_silent_is_found_again_without_a_restart()
    {
        // It takes a quarter of a minute; the simulator has the same every time.
        if (Environment.GetEnvironmentVariable("AKKASTREAM_NIGHTLY") != "1") return;
        using var processes = new Processes();
        var (port, actors) = (Processes.FreePort(), Processes.FreePort());
        var broker = await processes.Broker(port, $"cluster.listener=127.0.0.1:{actors}");
        await using var client = new AkkaStreamClient(new ActorTransport(system, $"akka.tcp://akkastream@127.0.0.1:{actors}"));
        await using var producer = client.CreateProducer<string, int>();
        Assert.Equal(0, (await producer.SendAsync("numbers", "k", 1)).Offset);
        var connection = await client.Cluster.AnyAsync();
        using (var stop = System.Diagnostics.Process.Start("kill", ["-STOP", $"{broker.Id}"])) await stop.WaitForExitAsync();
        var later = producer.SendAsync("numbers", "k", 2).AsTask();
        await Eventually.Holds(() => !connection.IsOpen, "its silence is noticed");
        using (var go = System.Diagnostics.Process.Start("kill", ["-CONT", $"{broker.Id}"])) await go.WaitForExitAsync();
        Assert.Equal(1, (await later.WaitAsync(Eventually.Patience)).Offset);
    }

    [Fact]
    public async Task A_broker_that_is_killed_is_noticed_at_once_and_found_again_when_it_was_restarted()
    {
        using var processes = new Processes();
        var (port, actors) = (Processes.FreePort(), Processes.FreePort());
        var broker = await processes.Broker(port, $"cluster.listener=127.0.0.1:{actors}");
        await using var client = new AkkaStreamClient(new ActorTransport(system, $"akka.tcp://akkastream@127.0.0.1:{actors}"));
        await using var producer = client.CreateProducer<string, int>();
        Assert.Equal(0, (await producer.SendAsync("numbers", "k", 1)).Offset);
        var connection = await client.Cluster.AnyAsync();
        var waiting = connection.SendAsync(new FetchRequest { MaxWaitMs = 600_000, MinBytes = 1 }, TimeSpan.FromMinutes(10)).AsTask();
        broker.Kill();
        await Assert.ThrowsAsync<TransportException>(() => waiting.WaitAsync(Eventually.Patience));
        Assert.False(connection.IsOpen);
        var later = producer.SendAsync("numbers", "k", 2).AsTask();
        await broker.WaitForExitAsync();
        await processes.Broker(port, $"cluster.listener=127.0.0.1:{actors}");
        Assert.Equal(1, (await later.WaitAsync(Eventually.Patience)).Offset);
    }

    [Theory]
    [InlineData("127.0.0.1:9093")]
    [InlineData("akka.tcp://akkastream")]
    [InlineData("akka.tcp://@127.0.0.1:9093")]
    [InlineData("akka.tcp://akkastream@127.0.0.1")]
    [InlineData("akka.tcp://akkastream@127.0.0.1:0")]
    [InlineData("akka.tcp://a@127.0.0.1:1,akka.tcp://b@127.0.0.1:2")]
    [InlineData("")]
    public void What_is_no_list_of_actors_addresses_is_refused_with_a_sentence(string text)
        => Assert.NotEmpty(Assert.Throws<FormatException>(() => new ActorTransport(system, text)).Message);

    [Fact]
    public async Task A_system_without_remoting_cannot_have_it_and_a_listener_must_be_an_address()
    {
        var plain = ActorSystem.Create("plain");
        Assert.Contains("remote", Assert.Throws<ArgumentException>(() => new ActorTransport(plain, "akka.tcp://akkastream@[::1]:9093")).Message);
        await plain.Terminate();
        await using var broker = await EmbeddedBroker.StartAsync();
        Assert.Null(broker.ActorAddress);
        foreach (var text in new[] { "9093", "host", "host:99999" })
        {
            Assert.Equal("cluster.listener", Assert.Throws<ConfigException>(() => ClusterConfig.ListenerOfOne(BrokerConfig.Create(new Dictionary<string, string> { ["cluster.listener"] = text }))).Key);
        }
    }

    private static BrokerAddress Address(EmbeddedBroker broker) => BrokerAddress.Parse(broker.ActorAddress!.Split('@')[1]);

    private static byte[] Batch(int seed, int bytes)
    {
        var value = new byte[bytes];
        new Random(seed).NextBytes(value);
        using var builder = new RecordBatchBuilder();
        builder.Append(1_700_000_000_000, null, value);
        return builder.Build(new RecordBatchFields()).ToArray();
    }

    private static async Task<ProduceResponse.PartitionProduceResponse> Produce(IBrokerConnection connection, Guid topic, byte[] batch)
    {
        var request = new ProduceRequest { Acks = -1, TimeoutMs = 30_000, TopicData = [new() { Name = "big", TopicId = topic, PartitionData = [new() { Index = 0, Records = batch }] }] };
        using var answer = await connection.SendAsync(request, Eventually.Patience);
        return answer.As<ProduceResponse>().Responses[0].PartitionResponses[0];
    }

    private async Task<IBrokerConnection> Connect(EmbeddedBroker broker, ActorSystem? from = null) => await new ActorTransport(from ?? system, broker.ActorAddress!).ConnectAsync(Address(broker));

    private static Task<EmbeddedBroker> Start(string? folder, params (string Key, string Value)[] settings) => EmbeddedBroker.StartAsync(new EmbeddedBrokerOptions
    {
        DataFolder = folder,
        Settings = settings.Append(("cluster.listener", "127.0.0.1:0")).ToDictionary(s => s.Item1, s => s.Item2),
    });
}
