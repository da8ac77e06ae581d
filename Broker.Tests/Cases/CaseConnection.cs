using System.Buffers.Binary;
using System.Net.Sockets;

namespace AkkaStream.Tests.Cases;

/// <summary>One connection of a case: whole frames out and in, under a deadline.</summary>
internal sealed class CaseConnection : IDisposable
{
    private const int LargestFrame = 200_000_000;
    private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private int correlation;

    private CaseConnection(string? clientId) => ClientId = clientId;

    public string? ClientId { get; }

    public static async Task<CaseConnection> Open(string host, int port, string? clientId)
    {
        var connection = new CaseConnection(clientId);
        await connection.socket.ConnectAsync(host, port);
        return connection;
    }

    public int NextCorrelation() => ++correlation;

    public async Task Write(byte[] bytes)
    {
        try
        {
            for (var sent = 0; sent < bytes.Length;) sent += await socket.SendAsync(bytes.AsMemory(sent));
        }
        catch (SocketException e)
        {
            throw new WrongException($"the broker has closed the connection ({e.SocketErrorCode})");
        }
    }

    public async Task<byte[]> ReadFrame(TimeSpan within)
    {
        using var limit = new CancellationTokenSource(within);
        try
        {
            var size = BinaryPrimitives.ReadInt32BigEndian(await ReadExactly(4, limit.Token));
            if (size is < 4 or > LargestFrame) throw new WrongException($"an answer of length {size}");
            return await ReadExactly(size, limit.Token);
        }
        catch (OperationCanceledException)
        {
            throw new WrongException("no answer in time");
        }
        catch (SocketException e)
        {
            throw new WrongException($"the broker closed the connection instead of answering ({e.SocketErrorCode})");
        }
    }

    public async Task AwaitClosed(TimeSpan within)
    {
        using var limit = new CancellationTokenSource(within);
        try
        {
            if (await socket.ReceiveAsync(new byte[1].AsMemory(), limit.Token) > 0) throw new WrongException("expected the broker to close the connection, got an answer");
        }
        catch (OperationCanceledException)
        {
            throw new WrongException("expected the broker to close the connection; it stays open");
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted)
        {
            return;
        }
    }

    public void HalfClose() => socket.Shutdown(SocketShutdown.Send);

    public void Dispose() => socket.Dispose();

    private async Task<byte[]> ReadExactly(int size, CancellationToken limit)
    {
        var bytes = new byte[size];
        for (var got = 0; got < size;)
        {
            var n = await socket.ReceiveAsync(bytes.AsMemory(got), limit);
            if (n == 0) throw new WrongException("the broker closed the connection instead of answering");
            got += n;
        }

        return bytes;
    }
}
