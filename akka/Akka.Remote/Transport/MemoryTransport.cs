using System.Collections.Concurrent;

namespace Akka.Remote.Transport;

/// <summary>
/// A network within the process: nodes by host and port. Frames are carried by whichever thread comes by, in order. A node can be cut off, and its end be made known
/// or not, as a machine would.
/// </summary>
internal sealed class MemoryNetwork
{
    private readonly ConcurrentDictionary<(string Host, int Port), Func<IConnectionHandler?>> _listeners = new();
    private readonly ConcurrentDictionary<MemoryConnection, (string Host, int Port)> _connections = new();
    private readonly ConcurrentDictionary<(string Host, int Port), bool> _silent = new();
    private int _nextPort = 10_000;

    /// <summary>The network as one node sees it.</summary>
    public INetworkTransport Node() => new MemoryTransport(this);

    /// <summary>From here on a node neither hears nor answers, and nobody is told; or it does again.</summary>
    public void Silence(string host, int port, bool silent)
    {
        if (silent) _silent[(host, port)] = true;
        else _silent.TryRemove((host, port), out _);
    }

    /// <summary>Ends all connections of a node, as a machine does whose process was killed, and listens there no more.</summary>
    public void Kill(string host, int port)
    {
        _listeners.TryRemove((host, port), out _);
        foreach (var (connection, at) in _connections)
        {
            if (at == (host, port)) connection.Break(CloseReason.Reset);
        }
    }

    /// <summary>Breaks all connections of a node; new ones can be made.</summary>
    public void Break(string host, int port)
    {
        foreach (var (connection, at) in _connections)
        {
            if (at == (host, port)) connection.Break(CloseReason.Reset);
        }
    }

    private bool IsSilent((string Host, int Port) node) => _silent.ContainsKey(node);

    private sealed class MemoryTransport(MemoryNetwork network) : INetworkTransport
    {
        private (string Host, int Port) _at;

        public Task<int> Listen(string host, int port, Func<IConnectionHandler?> accept)
        {
            if (port == 0) port = Interlocked.Increment(ref network._nextPort);
            _at = (host, port);
            return network._listeners.TryAdd(_at, accept) ? Task.FromResult(port) : Task.FromException<int>(new IOException($"{host}:{port} is taken"));
        }

        public void Connect(string host, int port, Lane lane, IConnectionHandler handler)
        {
            var to = (host, port);
            if (network.IsSilent(to) || network.IsSilent(_at)) return;
            var accepted = network._listeners.TryGetValue(to, out var accept) ? accept() : null;
            if (accepted is null)
            {
                new MemoryTurn(() => handler.Closed(CloseReason.Refused, $"nobody listens on {host}:{port}")).Start();
                return;
            }

            var near = new MemoryConnection($"{host}:{port}", handler, () => network.IsSilent(to) || network.IsSilent(_at));
            var far = new MemoryConnection($"{_at.Host}:{_at.Port}", accepted, () => network.IsSilent(to) || network.IsSilent(_at));
            (near.Other, far.Other) = (far, near);
            network._connections[near] = to;
            network._connections[far] = to;
            far.Open();
            near.Open();
        }

        public Task Shutdown(TimeSpan linger)
        {
            network.Kill(_at.Host, _at.Port);
            return Task.CompletedTask;
        }
    }

    private sealed class MemoryTurn(Action run) : IThreadPoolWorkItem
    {
        public void Execute() => run();

        public void Start() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private sealed class MemoryConnection(string peer, IConnectionHandler handler, Func<bool> silent) : IConnection, IThreadPoolWorkItem
    {
        private readonly ConcurrentQueue<Action> _calls = new();
        private int _busy;
        private volatile bool _ended;

        public string Peer => peer;

        public MemoryConnection Other { get; set; } = null!;

        public int MaximumInboundFrame { get; set; } = Limits.HandshakeFrameBytes;

        public bool Send(in Frame frame)
        {
            if (_ended || silent()) return true;
            var (head, body) = (frame.Head.ToArray(), frame.Body.ToArray());
            if (Frame.LengthsSize + head.Length + body.Length > Other.MaximumInboundFrame)
            {
                Other.End(CloseReason.BadFrame, "a frame over the limit");
                End(CloseReason.PeerClosed, "the peer closed the connection");
                return true;
            }

            Other.Call(() => Other.Deliver(head, body));
            return true;
        }

        public void Open() => Call(() => handler.Opened(this));

        public void Close()
        {
            End(CloseReason.Closed, "closed by this side");
            if (!silent()) Other.End(CloseReason.PeerClosed, "the peer closed the connection");
        }

        public void Break(CloseReason reason)
        {
            if (!silent()) End(reason, "connection reset");
        }

        public void Execute()
        {
            while (_calls.TryDequeue(out var call))
            {
                call();
                if (Interlocked.Decrement(ref _busy) == 0) return;
            }
        }

        private void Deliver(byte[] head, byte[] body)
        {
            if (!_ended) handler.Received(head, body);
        }

        private void End(CloseReason reason, string detail)
        {
            if (_ended) return;
            Call(() =>
            {
                if (_ended) return;
                _ended = true;
                handler.Closed(reason, detail);
            });
        }

        private void Call(Action call)
        {
            _calls.Enqueue(call);
            if (Interlocked.Increment(ref _busy) == 1) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }
}
