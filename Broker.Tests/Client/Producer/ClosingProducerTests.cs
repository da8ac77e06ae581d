using AkkaStream.Client;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Serialization;
using AkkaStream.Client.Transport;
using AkkaStream.Host.Embedded;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Client.Producer;

/// <summary>A producer that is closed while its batch is under way.</summary>
public sealed class ClosingProducerTests
{
    [Fact]
    public async Task Whoever_waits_is_told_when_the_connection_is_lost_behind_the_close()
    {
        await using var broker = await EmbeddedBroker.StartAsync(new EmbeddedBrokerOptions { Listen = true });
        var held = new HeldTransport(new WireTransport(BrokerAddress.ParseList(broker.BootstrapServers!)));
        await using var client = new AkkaStreamClient(held);
        var producer = client.CreateProducer<Nothing, string>();
        var sending = producer.SendAsync("t", default, "x").AsTask();
        await held.Produced.Task.WaitAsync(Eventually.Patience);
        await producer.CloseAsync(TimeSpan.Zero);
        Assert.False(sending.IsCompleted);
        held.Lost.SetException(new TransportException("lost"));
        var told = await Assert.ThrowsAsync<BrokerException>(() => sending.WaitAsync(Eventually.Patience));
        Assert.Equal(ErrorCode.NetworkException, told.Code);
    }

    // Its produce requests go nowhere, and are lost when a test says so.
    private sealed class HeldTransport(IBrokerTransport inner) : IBrokerTransport
    {
        public TaskCompletionSource Produced { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<BrokerAnswer> Lost { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IReadOnlyList<BrokerAddress> Bootstrap => inner.Bootstrap;

        public async ValueTask<IBrokerConnection> ConnectAsync(BrokerAddress address, CancellationToken cancellation = default) => new Connection(this, await inner.ConnectAsync(address, cancellation));

        public ValueTask DisposeAsync() => inner.DisposeAsync();

        private sealed class Connection(HeldTransport owner, IBrokerConnection inner) : IBrokerConnection
        {
            public BrokerAddress Address => inner.Address;

            public bool IsOpen => inner.IsOpen;

            public short TransactionVersion => inner.TransactionVersion;

            public short VersionOf(ApiKey api) => inner.VersionOf(api);

            public ValueTask<BrokerAnswer> SendAsync(IApiMessage request, TimeSpan timeout, short highest = short.MaxValue, CancellationToken cancellation = default)
            {
                if (request is not ProduceRequest) return inner.SendAsync(request, timeout, highest, cancellation);
                owner.Produced.TrySetResult();
                return new(owner.Lost.Task);
            }

            public ValueTask SendOneWayAsync(IApiMessage request, CancellationToken cancellation = default) => inner.SendOneWayAsync(request, cancellation);

            public ValueTask DisposeAsync() => inner.DisposeAsync();
        }
    }
}
