using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Tests.Host.Kafka;

/// <summary>A client that sends what it is told, byte by byte if need be.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly Socket socket;
    private Stream stream;

    public RawClient(IPEndPoint address, int receiveBuffer = 0)
    {
        socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBuffer > 0) socket.ReceiveBufferSize = receiveBuffer;
        socket.Connect(address);
        stream = new NetworkStream(socket) { ReadTimeout = 30_000, WriteTimeout = 30_000 };
    }

    public static byte[] Frame(IApiMessage request, short version, int correlation)
    {
        using var writer = new MessageWriter();
        writer.Int32(0);
        new RequestHeader(request.ApiKey, version, correlation, "raw").Write(writer);
        request.Write(writer, version);
        writer.PatchInt32(0, (int)writer.TotalLength - 4);
        return writer.ToArray();
    }

    public static ProduceRequest Produce(byte[] records, short acks = 1) => new()
    {
        Acks = acks,
        TimeoutMs = 1000,
        TopicData = [new() { Name = "t", PartitionData = [new() { Records = records }] }],
    };

    public async Task Secure()
    {
        var secured = new SslStream(stream, false, (_, _, _, _) => true);
        await secured.AuthenticateAsClientAsync("localhost");
        stream = secured;
    }

    public void Send(ReadOnlySpan<byte> bytes) => stream.Write(bytes);

    public Task SendAsync(byte[] bytes) => stream.WriteAsync(bytes).AsTask();

    public void Send(IApiMessage request, short version, int correlation) => Send(Frame(request, version, correlation));

    /// <summary>The next answer, with its correlation id first; null where the connection was closed.</summary>
    public byte[]? Receive()
    {
        var length = new byte[4];
        if (!Fill(length)) return null;
        var body = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
        return Fill(body) ? body : null;
    }

    /// <summary>The next answer's correlation id; null where the connection was closed.</summary>
    public int? ReceiveId() => Receive() is { } body ? BinaryPrimitives.ReadInt32BigEndian(body) : null;

    public T Receive<T>(RequestHeader header)
        where T : IApiMessage, new()
    {
        var reader = new MessageReader(Receive());
        Assert.Equal(header.CorrelationId, ResponseHeader.Read(ref reader, header));
        var message = new T();
        message.Read(ref reader, header.Version);
        Assert.Equal(0, reader.Remaining);
        return message;
    }

    public bool IsClosed() => Receive() is null;

    public void Dispose()
    {
        stream.Dispose();
        socket.Dispose();
    }

    private bool Fill(byte[] to)
    {
        try
        {
            return stream.ReadAtLeast(to, to.Length, throwOnEndOfStream: false) == to.Length;
        }
        catch (IOException failure) when (failure.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.Shutdown })
        {
            return false;
        }
    }
}
