#pragma warning disable RS0030 // A connection owns its socket.

using System.Buffers;
using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;

namespace Akka.Remote.Transport;

/// <summary>
/// Frames over a TCP connection, with TLS or without. A great body is read from the socket straight into the array that the receiver gets, and written
/// from the array that the sender gave.
/// </summary>
internal sealed class TcpConnection : IConnection, IThreadPoolWorkItem
{
    private const int BufferBytes = 32 * 1024;

    private readonly Socket _socket;
    private readonly SslStream? _tls;
    private readonly IConnectionHandler _handler;
    private readonly Lock _lock = new();
    private Outbox _filling = new();
    private Outbox _writing = new();
    private int _waiting;
    private bool _scheduled;
    private bool _refused;
    private bool _closing;
    private bool _ended;
    private CloseReason _reason = CloseReason.PeerClosed;
    private string _detail = "";
    private volatile int _maximumInboundFrame = Limits.HandshakeFrameBytes;

    public TcpConnection(Socket socket, SslStream? tls, string peer, IConnectionHandler handler)
    {
        _socket = socket;
        _tls = tls;
        _handler = handler;
        Peer = peer;
    }

    public string Peer { get; }

    public int MaximumInboundFrame
    {
        get => _maximumInboundFrame;
        set => _maximumInboundFrame = value;
    }

    public bool Send(in Frame frame)
    {
        lock (_lock)
        {
            if (_ended || _closing) return true;
            if (_waiting > 0 && (_waiting + frame.Size > Limits.ConnectionBytes || _filling.IsFull))
            {
                _refused = true;
                return false;
            }

            _filling.Add(frame);
            _waiting += frame.Size;
            if (_scheduled) return true;
            _scheduled = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        return true;
    }

    public void Close()
    {
        lock (_lock)
        {
            if (_ended || _closing) return;
            _closing = true;
            if (_scheduled) return;
            _scheduled = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Ends it now, whatever waits.</summary>
    public void Abort(CloseReason reason, string detail) => End(reason, detail);

    /// <summary>Tells the handler of the connection, and reads until it ends; then tells that.</summary>
    public async Task Run()
    {
        try
        {
            _handler.Opened(this);
            await Read().ConfigureAwait(false);
            End(CloseReason.PeerClosed, "the peer closed the connection");
        }
        catch (Exception e)
        {
            End(ReasonOf(e), e.Message);
        }

        _handler.Closed(_reason, _detail);
    }

    void IThreadPoolWorkItem.Execute() => _ = Write();

    /// <summary>What a failure of a socket says about the peer.</summary>
    public static CloseReason ReasonOf(Exception failure) => (failure as SocketException ?? failure.InnerException as SocketException)?.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => CloseReason.Refused,
        SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown => CloseReason.Reset,
        null when failure is System.Security.Authentication.AuthenticationException => CloseReason.NotTrusted,
        null when failure is InvalidDataException => CloseReason.BadFrame,
        null when failure is EndOfStreamException => CloseReason.PeerClosed,
        _ => CloseReason.Unreachable,
    };

    private void End(CloseReason reason, string detail)
    {
        lock (_lock)
        {
            if (_ended) return;
            _ended = true;
            _reason = reason;
            _detail = detail;
            _filling.Free();
        }

        _tls?.Dispose();
        _socket.Dispose();
    }

    private async Task Write()
    {
        try
        {
            while (NextBatch())
            {
                await WriteAll(_writing.Take()).ConfigureAwait(false);
                Written();
            }
        }
        catch (Exception e)
        {
            End(ReasonOf(e), e.Message);
        }
    }

    private bool NextBatch()
    {
        lock (_lock)
        {
            if (!_ended && !_filling.IsEmpty)
            {
                (_filling, _writing) = (_writing, _filling);
                return true;
            }

            _scheduled = false;
            if (!_closing || _ended) return false;
        }

        End(CloseReason.Closed, "closed by this side");
        return false;
    }

    private void Written()
    {
        var writable = false;
        lock (_lock)
        {
            _waiting -= _writing.Bytes;
            _writing.Reset();
            if (_refused && _waiting <= Limits.ConnectionBytes / 2)
            {
                _refused = false;
                writable = true;
            }
        }

        if (writable) _handler.Writable();
    }

    private async ValueTask WriteAll(List<ArraySegment<byte>> segments)
    {
        if (_tls is not null)
        {
            foreach (var segment in segments) await _tls.WriteAsync(segment).ConfigureAwait(false);
            return;
        }

        if (segments.Count == 1)
        {
            ReadOnlyMemory<byte> rest = segments[0];
            while (!rest.IsEmpty) rest = rest[await _socket.SendAsync(rest, SocketFlags.None).ConfigureAwait(false)..];
            return;
        }

        while (segments.Count > 0)
        {
            var sent = await _socket.SendAsync(segments, SocketFlags.None).ConfigureAwait(false);
            Cut(segments, sent);
        }
    }

    private static void Cut(List<ArraySegment<byte>> segments, int sent)
    {
        var whole = 0;
        while (whole < segments.Count && segments[whole].Count <= sent) sent -= segments[whole++].Count;
        segments.RemoveRange(0, whole);
        if (sent > 0) segments[0] = segments[0][sent..];
    }

    private async Task Read()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            await ReadFrames(buffer).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task ReadFrames(byte[] buffer)
    {
        var start = 0;
        var end = 0;
        while (true)
        {
            // The lengths, then the head: both always fit into the buffer.
            var need = Frame.LengthsSize;
            if (end - start >= need) need += Lengths(buffer.AsSpan(start)).Head;
            if (end - start < need || need == Frame.LengthsSize)
            {
                if (start > 0) buffer.AsSpan(start, end - start).CopyTo(buffer);
                (start, end) = (0, end - start);
                var read = await ReadSome(buffer.AsMemory(end)).ConfigureAwait(false);
                if (read == 0) return;
                end += read;
                continue;
            }

            var (head, body) = Lengths(buffer.AsSpan(start));
            var headAt = start + Frame.LengthsSize;
            start = headAt + head;
            var bytes = body == 0 ? [] : _handler.Body(buffer.AsSpan(headAt, head), body);
            var there = Math.Min(body, end - start);
            buffer.AsSpan(start, there).CopyTo(bytes);
            start += there;
            await ReadRest(bytes.AsMemory(there, body - there)).ConfigureAwait(false);
            _handler.Received(buffer.AsSpan(headAt, head), bytes);
        }
    }

    // Checked before anything is read or allocated.
    private (int Head, int Body) Lengths(ReadOnlySpan<byte> bytes)
    {
        var head = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        var body = BinaryPrimitives.ReadInt32LittleEndian(bytes[2..]);
        if (head == 0 || head > Limits.HeadBytes || body < 0 || Frame.LengthsSize + head + (long)body > _maximumInboundFrame)
        {
            throw new InvalidDataException($"a frame with a head of {head} and a body of {body} bytes: a head has 1 to {Limits.HeadBytes}, the whole at most {_maximumInboundFrame}");
        }

        return (head, body);
    }

    private async ValueTask ReadRest(Memory<byte> rest)
    {
        while (!rest.IsEmpty)
        {
            var read = await ReadSome(rest).ConfigureAwait(false);
            if (read == 0) throw new EndOfStreamException("the peer closed the connection within a frame");
            rest = rest[read..];
        }
    }

    private ValueTask<int> ReadSome(Memory<byte> memory)
        => _tls is null ? _socket.ReceiveAsync(memory, SocketFlags.None) : _tls.ReadAsync(memory);
}
