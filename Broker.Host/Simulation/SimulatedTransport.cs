using Akka.Simulation;
using Akka.Simulation.Network;
using AkkaStream.Actors.Requests;
using AkkaStream.Actors.Requests.Cluster;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Transport;
using AkkaStream.Host.Embedded;

namespace AkkaStream.Host.Simulation;

/// <summary>A client's way to simulated brokers: requests as they are, over connections that delay, break and end as real ones do.</summary>
internal sealed class SimulatedTransport(SimulatedNode client, IReadOnlyList<BrokerAddress> bootstrap) : IBrokerTransport
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    public IReadOnlyList<BrokerAddress> Bootstrap => bootstrap;

    public async ValueTask<IBrokerConnection> ConnectAsync(BrokerAddress address, CancellationToken cancellation = default)
    {
        var end = new ClientEnd(address, client.Time);
        client.Simulation.Network.Connect(client, address.Host, address.Port, end);
        try
        {
            return await end.Ready.WaitAsync(ConnectTimeout, client.Time, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            await end.DisposeAsync().ConfigureAwait(false);
            throw new TransportException($"{address} did not answer within {ConnectTimeout.TotalSeconds:0} s", e);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class ClientEnd(BrokerAddress address, TimeProvider time) : IBrokerConnection, ISimulatedEnd
    {
        private const int RequestBytes = 200;
        private readonly Completion<IBrokerConnection> ready = new(time);
        private readonly SortedDictionary<long, Completion<BrokerAnswer>> waiting = [];
        private readonly Queue<Asked> unsent = new();
        private AdvertisedVersions? versions;
        private SimulatedConnection? connection;
        private TransportException? closed;
        private long lastId;

        public Task<IBrokerConnection> Ready => ready.Task;

        public BrokerAddress Address => address;

        public bool IsOpen => closed is null;

        public short TransactionVersion => ApiVersionsHandler.TransactionVersion;

        public short VersionOf(ApiKey api)
        {
            var range = versions!.Of(api);
            return range.IsEmpty ? (short)-1 : Math.Min(range.Highest, ApiMessages.Versions(api).HighestStable);
        }

        public async ValueTask<BrokerAnswer> SendAsync(IApiMessage request, TimeSpan timeout, short highest = short.MaxValue, CancellationToken cancellation = default)
        {
            var answer = new Completion<BrokerAnswer>(time);
            Send(request, timeout, highest, answer);
            try
            {
                return await answer.Task.WaitAsync(timeout, time, cancellation).ConfigureAwait(false);
            }
            catch (TimeoutException e)
            {
                var late = new TransportException($"{address} did not answer {request.ApiKey} within {timeout.TotalSeconds:0.###} s", e);
                End(late);
                throw late;
            }
        }

        public ValueTask SendOneWayAsync(IApiMessage request, CancellationToken cancellation = default)
        {
            Send(request, Timeout.InfiniteTimeSpan, short.MaxValue, null);
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync()
        {
            End(new TransportException("this side closed the connection"));
            return ValueTask.CompletedTask;
        }

        public void Opened(SimulatedConnection opened) => connection = opened;

        public void Received(object message)
        {
            if (message is Welcome welcome)
            {
                versions = welcome.Versions;
                ready.TrySetResult(this);
                return;
            }

            var answered = (Answered)message;
            if (waiting.Remove(answered.Id, out var answer)) answer.TrySetResult(answered.Answer);
        }

        public void Writable()
        {
            while (unsent.TryPeek(out var next) && TrySend(next)) unsent.Dequeue();
        }

        public void Closed(SimulatedClose reason) => End(new TransportException($"the connection to {address} ended: {reason}"));

        private void Send(IApiMessage request, TimeSpan timeout, short highest, Completion<BrokerAnswer>? answer)
        {
            if (closed is not null) throw new TransportException(closed.Message, closed);
            var owned = EmbeddedRecords.Own(request, out _);
            var asked = new Asked(++lastId, owned, highest, timeout, answer is null);
            if (answer is not null) waiting.Add(asked.Id, answer);
            if (unsent.Count > 0 || !TrySend(asked)) unsent.Enqueue(asked);
        }

        private bool TrySend(Asked asked) => connection!.Send(asked, RequestBytes + SizeOf(asked.Request));

        private static int SizeOf(IApiMessage request)
        {
            var size = 0;
            if (request is not ProduceRequest produce) return size;
            foreach (var topic in produce.TopicData)
            {
                foreach (var partition in topic.PartitionData) size += partition.Records.Length;
            }

            return size;
        }

        private void End(TransportException why)
        {
            if (closed is not null) return;
            closed = why;
            connection?.Close();
            ready.TrySetException(why);
            foreach (var answer in waiting.Values) answer.TrySetException(why);
            waiting.Clear();
            unsent.Clear();
        }
    }
}
