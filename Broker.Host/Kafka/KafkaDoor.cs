using System.Net;
using System.Net.Sockets;
using AkkaStream.Actors.Requests;

namespace AkkaStream.Host.Kafka;

/// <summary>
/// The broker's door for Kafka's protocol: listens, reads requests, hands them to a handler, and sends its answers in order.
/// </summary>
public sealed class KafkaDoor : IAsyncDisposable
{
    private readonly DoorOptions options;
    private readonly DoorMetrics metrics = new();
    private readonly RequestMemory memory;
    private readonly BufferPool buffers = new(Limits.IdleBufferBytes);
    private readonly ConnectionQuota quota;
    private readonly List<Listener> listeners = [];
    private readonly List<Acceptor> acceptors = [];
    private readonly List<IoLoop> loops = [];
    private readonly Lock gate = new();
    private readonly HashSet<KafkaConnection> connections = [];
    private readonly CancellationTokenSource stop = new();
    private readonly TaskCompletionSource allEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Timer? sweep;
    private bool stopping;
    private long lastId;
    private long lastTrim = Environment.TickCount64;

    private KafkaDoor(DoorOptions options)
    {
        this.options = options;
        memory = new RequestMemory(options.RequestMemoryBytes);
        quota = new ConnectionQuota(options.MostConnections, options.MostConnectionsFrom);
    }

    /// <summary>Where it listens, in the order of the listeners; ports that were 0 are the ones that were found.</summary>
    public IReadOnlyList<IPEndPoint> Bound => listeners.ConvertAll(listener => listener.Bound);

    /// <summary>What it has done.</summary>
    public DoorMetrics Metrics => metrics;

    /// <summary>Connections that are open.</summary>
    public int Connections => quota.Open;

    /// <summary>Bytes of requests that are held now.</summary>
    public long RequestBytesHeld => memory.Used;

    /// <summary>Bytes of the buffers that are taken now.</summary>
    public long BufferBytesUsed => buffers.UsedBytes;

    /// <summary>Binds the listeners; clients may connect, and are accepted once <see cref="Open"/> is called.</summary>
    /// <param name="options">Listeners and limits.</param>
    /// <exception cref="IOException">A listener cannot listen; the message says why.</exception>
    public static KafkaDoor Bind(DoorOptions options)
    {
        var door = new KafkaDoor(options);
        try
        {
            foreach (var listener in options.Listeners) door.listeners.Add(Listener.Open(listener, options));
        }
        catch (IOException)
        {
            foreach (var listener in door.listeners) listener.Dispose();
            throw;
        }

        return door;
    }

    /// <summary>Begins to accept connections. Called once.</summary>
    /// <param name="handler">Takes the requests.</param>
    /// <param name="versions">What is served; a request of anything else closes its connection.</param>
    public void Open(IRequestHandler handler, AdvertisedVersions versions)
    {
        var context = new DoorContext(options, handler, versions, memory, buffers, metrics);
        var threads = options.Threads > 0 ? options.Threads : Math.Clamp(Environment.ProcessorCount, 1, 4);
        for (var i = 0; i < threads && options.UseSystemCalls; i++) loops.Add(new IoLoop($"kafka-door-{i}", ReportFailure));
        foreach (var listener in listeners)
        {
            var acceptor = new Acceptor(listener, options, (socket, on) => Accepted(context, socket, on));
            acceptors.Add(acceptor);
            if (options.UseSystemCalls) acceptor.AcceptOn(loops[0]);
            else _ = acceptor.AcceptAlways(stop.Token);
        }

        var period = SweepPeriod(options.MostIdle);
        sweep = new Timer(static door => ((KafkaDoor)door!).Sweep(), this, period, period);
    }

    /// <summary>
    /// Accepts nothing more, answers what was asked, and closes every connection: at once where nothing is asked, after
    /// <paramref name="patience"/> in any case.
    /// </summary>
    public async Task StopAsync(TimeSpan patience)
    {
        lock (gate)
        {
            if (stopping) return;
            stopping = true;
            if (connections.Count == 0) allEnded.TrySetResult();
        }

        await stop.CancelAsync();
        foreach (var acceptor in acceptors) acceptor.Dispose();
        foreach (var listener in listeners) listener.Dispose();
        foreach (var connection in AllConnections()) connection.Drain(KafkaConnection.Stopping);
        await EndWithin(patience < Limits.FetchesAtStop ? patience : Limits.FetchesAtStop);
        foreach (var connection in AllConnections())
        {
            if (connection.OnlyWaits) connection.CloseQuietly();
        }

        await EndWithin(patience - Limits.FetchesAtStop);
        foreach (var connection in AllConnections()) connection.Close("the broker stops, and the answer was not there in time");
        await allEnded.Task;
        if (sweep is not null) await sweep.DisposeAsync();
        foreach (var loop in loops) loop.Dispose();
    }

    /// <summary>Closes everything without waiting for answers.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.Zero);
        stop.Dispose();
    }

    private static TimeSpan SweepPeriod(TimeSpan mostIdle)
        => mostIdle <= TimeSpan.Zero ? Limits.IdleBuffer : TimeSpan.FromMilliseconds(Math.Clamp(mostIdle.TotalMilliseconds / 8, 10, Limits.IdleBuffer.TotalMilliseconds));

    private Task EndWithin(TimeSpan patience)
        => patience <= TimeSpan.Zero || allEnded.Task.IsCompleted ? Task.CompletedTask : Task.WhenAny(allEnded.Task, Task.Delay(patience));

    private KafkaConnection[] AllConnections()
    {
        lock (gate) return [.. connections];
    }

    private void Accepted(DoorContext context, Socket socket, Listener listener)
    {
        try
        {
            Admit(context, socket, listener, (IPEndPoint)socket.RemoteEndPoint!, (IPEndPoint)socket.LocalEndPoint!);
        }
        catch (SocketException failure)
        {
            context.Log(false, $"a client was gone before it was accepted: {failure.Message}");
            socket.Dispose();
        }
    }

    private void Admit(DoorContext context, Socket socket, Listener listener, IPEndPoint remote, IPEndPoint local)
    {
        var address = Plain(remote.Address);
        socket.NoDelay = true;
        if (options.SendBufferBytes > 0) socket.SendBufferSize = options.SendBufferBytes;
        if (quota.TryEnter(address) is { } refusal)
        {
            metrics.ConnectionRefused();
            context.Log(true, $"refused {remote}: {refusal}");
            socket.Dispose();
            return;
        }

        var info = new ClientConnection
        {
            Id = Interlocked.Increment(ref lastId),
            Listener = listener.Options.Name,
            ClientAddress = address,
            ClientPort = remote.Port,
            LocalAddress = new IPEndPoint(Plain(local.Address), local.Port),
            IsTls = listener.Options.Tls is not null,
        };
        metrics.ConnectionAccepted();
        Begin(context, socket, listener, info);
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private void Begin(DoorContext context, Socket socket, Listener listener, ClientConnection info)
    {
        KafkaConnection connection;
        if (listener.Options.Tls is null && options.UseSystemCalls)
        {
            socket.Blocking = false;
            connection = new PlainConnection(context, info, socket, LeastLoaded(), Ended);
        }
        else
        {
            connection = new StreamConnection(context, info, socket, listener.Options.Tls, Ended);
        }

        bool late;
        lock (gate)
        {
            late = stopping;
            connections.Add(connection);
        }

        if (connection is StreamConnection stream) _ = Task.Run(stream.Run);
        else if (!((PlainConnection)connection).TryStart()) connection.Close("the system watches no more sockets");
        if (late) connection.CloseQuietly();
    }

    private IoLoop LeastLoaded()
    {
        var least = loops[0];
        foreach (var loop in loops)
        {
            if (loop.Members < least.Members) least = loop;
        }

        return least;
    }

    private void Ended(KafkaConnection connection)
    {
        quota.Leave(connection.Info.ClientAddress);
        metrics.ConnectionClosed();
        lock (gate)
        {
            connections.Remove(connection);
            if (stopping && connections.Count == 0) allEnded.TrySetResult();
        }
    }

    // One timer for all connections: an idle one costs no wake-up of its own.
    private void Sweep()
    {
        var now = Environment.TickCount64;
        var idle = options.MostIdle.TotalMilliseconds;
        var starved = memory.Waiting > 0;
        foreach (var connection in AllConnections())
        {
            var quiet = now - connection.LastActivity;
            if (idle >= 0 && quiet > idle && connection.Unanswered == 0) connection.Close("it was idle for longer than connections.max.idle.ms");
            else if (starved && connection.HoldsPartOfAFrame && quiet > Limits.StalledFrame.TotalMilliseconds) connection.Close("it stopped in the middle of a request while others wait for memory");
        }

        if (now - lastTrim < Limits.IdleBuffer.TotalMilliseconds) return;
        lastTrim = now;
        buffers.Trim();
    }

    private void ReportFailure(string what, Exception failure) => options.Log?.Invoke(true, $"{what}: {failure}");
}
