#pragma warning disable RS0030 // pbm's own socket.

using System.Net.Sockets;
using Petabridge.Cmd;
using Petabridge.Cmd.Wire;

namespace Pbm;

/// <summary>The way to a host. Not for two threads at a time, except <see cref="CancelAsync"/>.</summary>
internal sealed class HostConnection : IDisposable
{
    private readonly Socket _socket;

    private HostConnection(Socket socket) => _socket = socket;

    /// <summary>Whether the host has ended it. Between two commands nothing comes, so what can be read then is the end.</summary>
    public bool IsClosed => _socket.Poll(0, SelectMode.SelectRead);

    /// <summary>Connects and greets.</summary>
    /// <param name="place">Where.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <exception cref="HostException">Nobody answers there, or nobody who understands; the message tells what to do.</exception>
    public static async Task<HostConnection> ConnectAsync(HostPlace place, TimeSpan timeout)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var time = new CancellationTokenSource(timeout);
        try
        {
            await socket.ConnectAsync(place.Host, place.Port, time.Token).ConfigureAwait(false);
            var connection = new HostConnection(socket);
            await connection.SendAsync(Greeting.OfConsole()).ConfigureAwait(false);
            var answer = new byte[Greeting.Bytes];
            await connection.Fill(answer, time.Token).ConfigureAwait(false);
            if (Greeting.Refusal(answer) is { } refusal) throw new HostException($"{place}: {refusal}.");
            return connection;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            socket.Dispose();
            throw new HostException(place.NothingListens(), e);
        }
        catch (Exception e) when (e is SocketException or ArgumentException or OperationCanceledException or HostException or EndOfStreamException)
        {
            socket.Dispose();
            throw e switch
            {
                HostException known => known,
                OperationCanceledException => new HostException($"{place} did not answer within {timeout.TotalSeconds:0.#} s. Is that the port of a Petabridge.Cmd host?", e),
                EndOfStreamException => new HostException($"{place} closed the connection before it said anything. Is that the port of a Petabridge.Cmd host?", e),
                _ => new HostException($"{place} cannot be reached: {e.Message}", e),
            };
        }
    }

    /// <summary>The palettes of the host.</summary>
    public async Task<IReadOnlyList<CommandPalette>> PalettesAsync()
    {
        await SendAsync(Frames.Describe()).ConfigureAwait(false);
        var (kind, payload) = await ReadAsync(default).ConfigureAwait(false);
        return kind == FrameKind.Palettes ? Guarded(() => Frames.ReadPalettes(payload)) : throw new HostException($"the host answered with a frame {kind} where its palettes were asked for");
    }

    /// <summary>Runs a command and hands over what it says, piece by piece; the last piece is the result.</summary>
    /// <param name="request">The command.</param>
    /// <param name="said">Gets each piece, the last one too.</param>
    /// <param name="timeout">How long to wait for each piece.</param>
    public async Task<OutputPiece> RunAsync(RunRequest request, Action<OutputPiece> said, TimeSpan timeout)
    {
        byte[] frame;
        try
        {
            frame = Frames.Run(request);
        }
        catch (InvalidDataException e)
        {
            throw new HostException(e.Message, e) { IsMisuse = true };
        }

        await SendAsync(frame).ConfigureAwait(false);
        while (true)
        {
            using var time = new CancellationTokenSource(timeout);
            var (kind, payload) = await ReadAsync(time.Token).ConfigureAwait(false);
            if (kind != FrameKind.Output) throw new HostException($"the host answered with a frame {kind} where a command ran");
            var piece = Guarded(() => Frames.ReadOutput(payload));
            said(piece);
            if (piece.IsFinal) return piece;
        }
    }

    /// <summary>Asks the host to end what runs; its last piece still comes.</summary>
    public Task CancelAsync() => SendAsync(Frames.Cancel());

    public void Dispose() => _socket.Dispose();

    private static T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidDataException e)
        {
            throw new HostException(e.Message, e);
        }
    }

    private async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            while (!bytes.IsEmpty) bytes = bytes[await _socket.SendAsync(bytes).ConfigureAwait(false)..];
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            throw new HostException($"the connection to the host broke: {e.Message}", e);
        }
    }

    private async Task<(FrameKind Kind, byte[] Payload)> ReadAsync(CancellationToken cancel)
    {
        try
        {
            var length = new byte[Frames.LengthBytes];
            await Fill(length, cancel).ConfigureAwait(false);
            var frame = new byte[Guarded(() => Frames.Length(length, Petabridge.Cmd.Limits.AnswerBytes))];
            await Fill(frame, cancel).ConfigureAwait(false);
            return ((FrameKind)frame[0], frame[1..]);
        }
        catch (OperationCanceledException e)
        {
            throw new HostException("the host does not answer; --timeout sets how long to wait", e);
        }
        catch (Exception e) when (e is SocketException or EndOfStreamException)
        {
            throw new HostException($"the connection to the host broke: {e.Message}", e);
        }
    }

    private async Task Fill(Memory<byte> memory, CancellationToken cancel)
    {
        while (!memory.IsEmpty)
        {
            var read = await _socket.ReceiveAsync(memory, cancel).ConfigureAwait(false);
            if (read == 0) throw new EndOfStreamException("the host closed the connection");
            memory = memory[read..];
        }
    }
}

/// <summary>Where a host is.</summary>
internal sealed record HostPlace(string Host, int Port)
{
    /// <summary>What to do where nobody listens.</summary>
    public string NothingListens() => $"""
        Nothing listens at {this}.
        An AkkaStream broker listens there by itself: dotnet run -c Release --project Broker.Host
        Another application does when it calls PetabridgeCmd.Get(system).Start().
        Another place is named with --host and --port; a host's own are petabridge.cmd.host and petabridge.cmd.port.
        """;

    public override string ToString() => $"{Host}:{Port}";
}

/// <summary>The host cannot be reached or understood; the message says what to do.</summary>
internal sealed class HostException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether it was for the command's words alone, of which nothing was sent.</summary>
    public bool IsMisuse { get; init; }
}
