using System.Buffers.Binary;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Transport;

namespace AkkaStream.Tests.Support;

/// <summary>
/// A broker that takes everything and keeps one batch, which it serves again and again under ever higher offsets: for what a client takes by itself. It answers at once, and gives up nothing but the
/// answers, so that what is allocated for a record is the client's.
/// </summary>
internal sealed class InstantBroker : IBrokerTransport, IBrokerConnection
{
    /// <summary>Its only topic, of one partition.</summary>
    public const string Topic = "t";

    // More than a client has in hand at once: what it reads must not change under it.
    private const int Copies = 16;
    private static readonly Guid Id = new("0a0b0c0d-0000-0000-0000-000000000001");
    private readonly byte[][] copies = new byte[Copies][];
    private long end;
    private int records;
    private int turn;

    public IReadOnlyList<BrokerAddress> Bootstrap => [Address];

    public BrokerAddress Address { get; } = new("instant", 1);

    public bool IsOpen => true;

    public short TransactionVersion => 2;

    /// <summary>Records that were taken.</summary>
    public long Taken => Interlocked.Read(ref end);

    public short VersionOf(ApiKey api) => ApiMessages.Versions(api).HighestStable;

    public ValueTask<IBrokerConnection> ConnectAsync(BrokerAddress address, CancellationToken cancellation = default) => new(this);

    public ValueTask<BrokerAnswer> SendAsync(IApiMessage request, TimeSpan timeout, short highest = short.MaxValue, CancellationToken cancellation = default)
        => new(new BrokerAnswer(Answer(request), Math.Min(VersionOf(request.ApiKey), highest), null));

    public ValueTask SendOneWayAsync(IApiMessage request, CancellationToken cancellation = default) => default;

    public ValueTask DisposeAsync() => default;

    private IApiMessage Answer(IApiMessage request) => request switch
    {
        MetadataRequest => new MetadataResponse
        {
            Brokers = [new() { NodeId = 1, Host = Address.Host, Port = Address.Port }],
            Topics = [new() { Name = Topic, TopicId = Id, Partitions = [new() { PartitionIndex = 0, LeaderId = 1, LeaderEpoch = 0, ReplicaNodes = [1], IsrNodes = [1] }] }],
        },
        InitProducerIdRequest => new InitProducerIdResponse { ProducerId = 1 },
        ProduceRequest produce => Take(produce),
        FetchRequest fetch => Serve(fetch.Topics[0].Partitions[0].FetchOffset),
        _ => throw new InvalidOperationException($"nothing was said of {request.ApiKey}"),
    };

    private ProduceResponse Take(ProduceRequest request)
    {
        var batch = request.TopicData[0].PartitionData[0].Records.Memory;
        var count = BinaryPrimitives.ReadInt32BigEndian(batch.Span[57..]);
        if (records == 0)
        {
            records = count;
            for (var i = 0; i < Copies; i++) copies[i] = batch.ToArray();
        }

        var at = Interlocked.Add(ref end, count) - count;
        return new() { Responses = [new() { Name = Topic, TopicId = Id, PartitionResponses = [new() { BaseOffset = at }] }] };
    }

    private FetchResponse Serve(long offset)
    {
        var copy = copies[turn++ % Copies];
        BinaryPrimitives.WriteInt64BigEndian(copy, offset - (offset % records));
        return new() { Responses = [new() { Topic = Topic, TopicId = Id, Partitions = [new() { HighWatermark = long.MaxValue / 2, LastStableOffset = long.MaxValue / 2, LogStartOffset = 0, AbortedTransactions = null, Records = copy }] }] };
    }
}
