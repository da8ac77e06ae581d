using AkkaStream.Client.Actors.Sessions;
using AkkaStream.Client.Transport;

namespace AkkaStream.Actors.Clients;

/// <summary>A request that came whole.</summary>
/// <param name="Frame">Its bytes, header included.</param>
/// <param name="Memory">What they lie in; null where they belong to nobody.</param>
internal sealed record RequestFrame(ReadOnlyMemory<byte> Frame, IDisposable? Memory);

/// <summary>A request that comes in several pieces. They stay as they are until there is memory for the whole.</summary>
/// <param name="total">Its bytes.</param>
internal sealed class RequestAssembly(int total) : IDisposable
{
    private readonly List<Piece> early = [];
    private ResponseBuffer? buffer;
    private int filled;

    /// <summary>Bytes that are to come.</summary>
    public int Rest { get; private set; }

    /// <summary>Takes the next piece.</summary>
    public void Add(Piece piece)
    {
        Rest = piece.Remaining;
        if (buffer is null) early.Add(piece);
        else Copy(piece);
    }

    /// <summary>There is memory for it.</summary>
    public void Allocate()
    {
        if (buffer is not null) return;
        buffer = new ResponseBuffer(total);
        foreach (var piece in early) Copy(piece);
        early.Clear();
    }

    /// <summary>The whole; it belongs to whoever takes it.</summary>
    public RequestFrame Take()
    {
        Allocate();
        var whole = buffer!;
        buffer = null;
        return new RequestFrame(whole.Memory, whole);
    }

    /// <summary>Gives its memory back.</summary>
    public void Dispose() => buffer?.Dispose();

    private void Copy(Piece piece)
    {
        piece.Bytes.CopyTo(buffer!.Memory[filled..]);
        filled += piece.Length;
        piece.Dispose();
    }
}
