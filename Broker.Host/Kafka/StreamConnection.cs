using System.Buffers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using AkkaStream.Actors.Requests;

namespace AkkaStream.Host.Kafka;

/// <summary>A connection over a stream: TLS everywhere, and plaintext where Linux's calls are not to be had.</summary>
internal sealed class StreamConnection : KafkaConnection
{
    private readonly Socket socket;
    private readonly SslServerAuthenticationOptions? tls;
    private readonly Action<KafkaConnection> ended;
    private readonly SemaphoreSlim wakeUp = new(0, 1);
    private Stream stream;

    public StreamConnection(DoorContext door, ClientConnection info, Socket socket, SslServerAuthenticationOptions? tls, Action<KafkaConnection> ended)
        : base(door, info)
    {
        this.socket = socket;
        this.tls = tls;
        this.ended = ended;
        stream = new NetworkStream(socket, ownsSocket: false);
    }

    protected override bool MayHoldMore => true;

    /// <summary>Receives until the connection ends. Never throws.</summary>
    public async Task Run()
    {
        try
        {
            if (tls is not null) await Handshake(tls);
            while (!IsClosed) await Step();
        }
        catch (Exception failure)
        {
            EndAfter(failure);
        }

        await CleanUp();
    }

    protected override void Wake()
    {
        lock (wakeUp)
        {
            if (wakeUp.CurrentCount == 0) wakeUp.Release();
        }
    }

    protected override void Abort()
    {
        Shutdown();
        Wake();
    }

    // Encrypting and waiting for room are left to the pool: the thread that completed an answer has its own work.
    protected override void Transmit() => ThreadPool.UnsafeQueueUserWorkItem(static connection => _ = connection.SendAll(), this, preferLocal: false);

    private void Shutdown()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            Door.Log(false, $"the socket was closed already: {failure.Message}");
        }
    }

    // Clients that leave are no news; what is neither they nor TLS is a fault of this process, and ends the connection alone.
    private void EndAfter(Exception failure)
    {
        if (failure is IOException or SocketException or ObjectDisposedException or OperationCanceledException) CloseQuietly();
        else if (failure is System.Security.Authentication.AuthenticationException) Close($"the TLS handshake failed: {failure.Message}");
        else Close($"it failed: {failure}");
    }

    private async Task Handshake(SslServerAuthenticationOptions options)
    {
        var secured = new SslStream(stream);
        stream = secured;
        using var late = new CancellationTokenSource(Limits.TlsHandshake);
        await secured.AuthenticateAsServerAsync(options, late.Token);
        if (secured.RemoteCertificate is X509Certificate2 proven) Info.Principal = TlsSettings.Principal(proven);
    }

    private async ValueTask Step()
    {
        bool read;
        BeginTurn();
        try
        {
            read = HandInFrames() && HasMemory();
        }
        finally
        {
            EndTurn();
        }

        if (!read)
        {
            await wakeUp.WaitAsync();
            return;
        }

        Input.ReleaseIfEmpty();
        // Nothing is held while nothing comes: the stream tells when there is something.
        if (!Input.IsInFrame && await stream.ReadAsync(Memory<byte>.Empty) != 0) return;
        var got = await stream.ReadAsync(Input.Target());
        Touch();
        if (got == 0) CloseQuietly();
        else Input.Received(got);
    }

    private async Task SendAll()
    {
        try
        {
            while (TakeAnswers(out _) is { } first) await SendThese(first);
        }
        catch (Exception failure)
        {
            StopSending();
            EndAfter(failure);
        }

        if (IsClosed) Wake();
    }

    private async Task SendThese(DoorSlot first)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Limits.FilePieceBytes);
        try
        {
            await SendPieces(first, buffer);
            Sent(first);
        }
        catch
        {
            for (var slot = first; slot is not null; slot = slot.Next) slot.ReleaseAnswer();
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask SendPieces(DoorSlot first, byte[] buffer)
    {
        var cursor = new AnswerCursor(first);
        while (Gather(ref cursor, buffer) is var used and > 0)
        {
            await stream.WriteAsync(buffer.AsMemory(0, used));
            Door.Metrics.SentOf(used);
        }
    }

    private static int Gather(ref AnswerCursor cursor, byte[] buffer)
    {
        var used = 0;
        while (used < buffer.Length && cursor.TryPeek(out var piece))
        {
            var length = Math.Min(piece.Length, buffer.Length - used);
            var to = buffer.AsSpan(used, length);
            if (piece.File is null) piece.Memory.Span[..length].CopyTo(to);
            else if (piece.File.ReadInto(to, piece.FileOffset) != length) throw new IOException("a file is shorter than the answer's head promised");
            cursor.Advance(length);
            used += length;
        }

        return used;
    }

    private async Task CleanUp()
    {
        while (!TryCleanUp()) await wakeUp.WaitAsync();
        await stream.DisposeAsync();
        socket.Dispose();
        ended(this);
    }
}
