#pragma warning disable RS0030 // A connection owns its socket.

using System.Net.Sockets;
using Petabridge.Cmd.Wire;

namespace Petabridge.Cmd.Host.Internal;

/// <summary>
/// A console's connection: greeted, then read frame by frame, each one only when the former was taken. What is sent waits in a bounded queue; a console that
/// takes nothing of it for <see cref="HostLimits.WriteTime"/>, or lets more than <see cref="HostLimits.UnsentBytes"/> pile up, is cut off.
/// </summary>
internal sealed class CommandConnection
{
    private readonly Socket _socket;
    private readonly Lock _lock = new();
    private readonly Queue<byte[]> _unsent = new();
    private readonly SemaphoreSlim _taken = new(0);
    private int _unsentBytes;
    private bool _writing;
    private bool _closed;

    public CommandConnection(Socket socket) => _socket = socket;

    /// <summary>There is no room: says so, and closes.</summary>
    public void Refuse() => _ = Greet(true);

    /// <summary>Greets and reads until the connection ends; then tells that.</summary>
    /// <param name="came">Gets each frame; the next one is read after <see cref="Next"/>.</param>
    /// <param name="gone">The connection ended.</param>
    public async Task Run(Action<FrameKind, byte[]> came, Action gone)
    {
        try
        {
            if (await Greet(false).ConfigureAwait(false)) await Read(came).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException or InvalidDataException or IOException)
        {
            // A console that vanished, lied or was cut off: the end is the same, and told below.
            Close();
        }

        gone();
    }

    /// <summary>The last frame was taken.</summary>
    public void Next()
    {
        lock (_lock)
        {
            if (!_closed) _taken.Release();
        }
    }

    /// <summary>Sends a frame when those before it are sent.</summary>
    public void Send(byte[] frame)
    {
        lock (_lock)
        {
            if (_closed) return;
            if (_unsentBytes + frame.Length > HostLimits.UnsentBytes)
            {
                CloseNow();
                return;
            }

            _unsentBytes += frame.Length;
            _unsent.Enqueue(frame);
            if (_writing) return;
            _writing = true;
        }

        _ = Write();
    }

    /// <summary>Ends it.</summary>
    public void Close()
    {
        lock (_lock) CloseNow();
    }

    private void CloseNow()
    {
        if (_closed) return;
        _closed = true;
        _unsent.Clear();
        _taken.Release();
        _socket.Dispose();
    }

    private async Task<bool> Greet(bool isFull)
    {
        using var time = new CancellationTokenSource(HostLimits.GreetingTime);
        try
        {
            _socket.NoDelay = true;
            _socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            _socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 60);
            _socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 10);
            var theirs = new byte[Greeting.Bytes];
            await Fill(theirs, time.Token).ConfigureAwait(false);
            var ours = Greeting.OfHost(theirs, isFull);
            if (ours is not null) await WriteAll(ours).ConfigureAwait(false);
            if (ours is not null && Greeting.Goes(ours)) return true;
        }
        catch (Exception e) when (isFull && e is SocketException or ObjectDisposedException or OperationCanceledException or IOException)
        {
            // It would have been closed anyway.
            Close();
        }

        Close();
        return false;
    }

    private async Task Read(Action<FrameKind, byte[]> came)
    {
        var length = new byte[Frames.LengthBytes];
        while (true)
        {
            await Fill(length, default).ConfigureAwait(false);
            var frame = new byte[Frames.Length(length, Limits.RequestBytes)];
            using (var time = new CancellationTokenSource(HostLimits.WriteTime)) await Fill(frame, time.Token).ConfigureAwait(false);
            came((FrameKind)frame[0], frame[1..]);
            await _taken.WaitAsync().ConfigureAwait(false);
        }
    }

    private async Task Fill(Memory<byte> memory, CancellationToken cancel)
    {
        while (!memory.IsEmpty)
        {
            var read = await _socket.ReceiveAsync(memory, cancel).ConfigureAwait(false);
            if (read == 0) throw new EndOfStreamException("the console closed the connection");
            memory = memory[read..];
        }
    }

    private async Task Write()
    {
        try
        {
            while (NextUnsent() is { } frame)
            {
                await WriteAll(frame).ConfigureAwait(false);
                lock (_lock) _unsentBytes -= frame.Length;
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            Close();
        }
    }

    private byte[]? NextUnsent()
    {
        lock (_lock)
        {
            if (_unsent.TryDequeue(out var frame)) return frame;
            _writing = false;
            return null;
        }
    }

    private async Task WriteAll(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            using var time = new CancellationTokenSource(HostLimits.WriteTime);
            bytes = bytes[await _socket.SendAsync(bytes, time.Token).ConfigureAwait(false)..];
        }
    }
}
