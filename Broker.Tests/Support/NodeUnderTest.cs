using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Event;
using AkkaStream.Actors;
using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Storage;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;
using AkkaStream.Client.Transport;
using AkkaStream.Host.Embedded;

namespace AkkaStream.Tests.Support;

/// <summary>A broker without a door on a disk that the test holds, and the requests that tests ask of it.</summary>
internal sealed class NodeUnderTest : IAsyncDisposable
{
    private readonly ActorSystem system = ActorSystem.Create("node");
    private readonly Task<IBrokerConnection> connection;

    /// <param name="disk">Its disk; stays the caller's.</param>
    /// <param name="directories">Its log directories, separated by commas.</param>
    /// <param name="more">Configuration beyond that.</param>
    public NodeUnderTest(IDisk disk, string directories, params (string Key, string Value)[] more)
    {
        var given = new Dictionary<string, string> { ["node.id"] = "1", ["log.dirs"] = directories };
        foreach (var (key, value) in more) given[key] = value;
        system.EventStream.Subscribe(system.ActorOf(Props.Create(typeof(Listener), Log), "listener"), typeof(LogEvent));
        Node = BrokerNode.Start(new BrokerParts
        {
            Config = BrokerConfig.Create(given),
            System = system,
            Disk = disk,
            Advertised = _ => ("localhost", 9092),
            Dice = new Random(1),
            Fatal = why => Fatal.TrySetResult(why),
        });
        var transport = new EmbeddedTransport(Node, Node.Services.Versions, "PLAINTEXT");
        connection = transport.ConnectAsync(transport.Bootstrap[0]).AsTask();
    }

    /// <summary>The broker.</summary>
    public BrokerNode Node { get; }

    /// <summary>Why the broker can serve nothing any more.</summary>
    public TaskCompletionSource<string> Fatal { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Warnings and errors that it logged.</summary>
    public ConcurrentQueue<LogEvent> Log { get; } = [];

    /// <summary>Waits for the one warning or error that there is to be.</summary>
    public async Task<string> OnlyLine()
    {
        await Eventually.Holds(() => !Log.IsEmpty, "a line is logged");
        return Assert.Single(Log).Message.ToString()!;
    }

    /// <summary>Sends a request and gives its answer.</summary>
    public async Task<T> Send<T>(IApiMessage request)
        where T : class, IApiMessage
    {
        using var answer = await (await connection).SendAsync(request, Eventually.Patience);
        return answer.As<T>();
    }

    /// <summary>Creates a topic; every topic has an id afterwards.</summary>
    public async Task<ErrorCode> Create(string topic, int partitions = 1)
        => (await Send<CreateTopicsResponse>(new CreateTopicsRequest { TimeoutMs = 30_000, Topics = [new() { Name = topic, NumPartitions = partitions, ReplicationFactor = 1 }] })).Topics[0].ErrorCode;

    /// <summary>Appends a record of that value; gives error and offset.</summary>
    public async Task<(ErrorCode Error, long Offset)> Produce(string topic, string value, int partition = 0)
    {
        using var builder = new RecordBatchBuilder();
        builder.Append(1_700_000_000_000, null, System.Text.Encoding.UTF8.GetBytes(value));
        var data = new ProduceRequest.PartitionProduceData { Index = partition, Records = builder.Build(new RecordBatchFields()).ToArray() };
        var answer = await Send<ProduceResponse>(new ProduceRequest { Acks = -1, TimeoutMs = 30_000, TopicData = [new() { Name = topic, TopicId = IdOf(topic), PartitionData = [data] }] });
        var result = answer.Responses[0].PartitionResponses[0];
        return (result.ErrorCode, result.BaseOffset);
    }

    /// <summary>Reads from an offset on; gives error, and the values that came, with a space between.</summary>
    public async Task<(ErrorCode Error, string Values)> Fetch(string topic, long offset = 0, int partition = 0, int waitMs = 0)
    {
        var asked = new FetchRequest.FetchPartition { Partition = partition, FetchOffset = offset, PartitionMaxBytes = 1 << 20 };
        using var answer = await (await connection).SendAsync(
            new FetchRequest { MaxWaitMs = waitMs, MinBytes = 1, MaxBytes = 1 << 20, Topics = [new() { Topic = topic, TopicId = IdOf(topic), Partitions = [asked] }] }, Eventually.Patience);
        var data = answer.As<FetchResponse>().Responses[0].Partitions[0];
        var values = new List<string>();
        var walker = new RecordBatchWalker(data.Records.Memory.Span);
        while (walker.MoveNext())
        {
            var records = new RecordReader(walker.Header, walker.Records);
            while (records.MoveNext()) values.Add(System.Text.Encoding.UTF8.GetString(records.Value));
        }

        return (data.ErrorCode, string.Join(' ', values));
    }

    /// <summary>The directory in which a partition lies.</summary>
    public string HomeOf(string topic, int partition = 0) => Node.Services.Partitions.Find(topic, partition)!.Home.Path;

    /// <summary>Stops in an orderly way.</summary>
    public async Task<ErrorCode> Stop() => await Node.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await Node.StopAsync();
        await system.Terminate();
    }

    private Guid IdOf(string topic) => Node.Services.Metadata.Image.Topics.TryGetValue(topic, out var found) ? found.Id : Guid.Empty;

    private sealed class Listener(ConcurrentQueue<LogEvent> log) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is Error or Warning) log.Enqueue((LogEvent)message);
        }
    }
}
