using Akka.Remote.Transport;
using Akka.Simulation.Internal;

namespace Akka.Simulation.Network;

/// <summary>The simulated network as remoting sees it.</summary>
internal sealed class SimulatedTransport(SimulatedNode node) : INetworkTransport
{
    private readonly List<RemoteEnd> _open = [];
    private int _port;

    public Task<int> Listen(string host, int port, Func<IConnectionHandler?> accept)
    {
        if (host != node.Name) return Task.FromException<int>(new IOException($"{host} is no address of node {node.Name}: give its name as the host name"));
        _port = node.Simulation.Network.Listen(node, port, () => accept() is { } handler ? new RemoteEnd(this, handler) : null);
        return Task.FromResult(_port);
    }

    public void Connect(string host, int port, Lane lane, IConnectionHandler handler) => node.Simulation.Network.Connect(node, host, port, new RemoteEnd(this, handler));

    public Task Shutdown(TimeSpan linger)
    {
        if (_port != 0) node.Simulation.Network.Unlisten(node, _port);
        foreach (var end in _open.ToArray()) end.Close();
        return Task.CompletedTask;
    }

    private static CloseReason ReasonOf(SimulatedClose reason) => reason switch
    {
        SimulatedClose.Closed => CloseReason.Closed,
        SimulatedClose.PeerClosed => CloseReason.PeerClosed,
        SimulatedClose.Refused => CloseReason.Refused,
        SimulatedClose.Reset => CloseReason.Reset,
        _ => CloseReason.Unreachable,
    };

    private sealed record SentFrame(byte[] Head, byte[] Body);

    private sealed class RemoteEnd(SimulatedTransport owner, IConnectionHandler handler) : ISimulatedEnd, IConnection
    {
        private SimulatedConnection? _connection;
        private bool _badFrame;

        public string Peer => _connection?.Peer ?? "";

        public int MaximumInboundFrame { get; set; } = Remote.Limits.HandshakeFrameBytes;

        public bool Send(in Frame frame)
        {
            if (_connection is null) return true;
            var sent = new SentFrame(frame.Head.ToArray(), frame.Body.ToArray());
            return _connection.Send(sent, frame.Size, StableHash.Mix(StableHash.Mix(StableHash.Start, sent.Head), sent.Body));
        }

        public void Close() => _connection?.Close();

        public void Opened(SimulatedConnection connection)
        {
            _connection = connection;
            owner._open.Add(this);
            handler.Opened(this);
        }

        public void Received(object message)
        {
            var frame = (SentFrame)message;
            if (_badFrame) return;
            if (Frame.LengthsSize + frame.Head.Length + frame.Body.Length > MaximumInboundFrame)
            {
                _badFrame = true;
                _connection!.Close();
                return;
            }

            handler.Received(frame.Head, frame.Body);
        }

        public void Writable() => handler.Writable();

        public void Closed(SimulatedClose reason)
        {
            owner._open.Remove(this);
            if (_badFrame) handler.Closed(CloseReason.BadFrame, "a frame over the limit");
            else handler.Closed(ReasonOf(reason), reason.ToString());
        }
    }
}
