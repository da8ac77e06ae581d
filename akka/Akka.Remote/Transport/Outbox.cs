using System.Buffers;
using System.Buffers.Binary;

namespace Akka.Remote.Transport;

/// <summary>
/// Frames on their way to a socket: lengths, heads and small bodies side by side in pooled chunks, great bodies where they are. What is collected goes
/// out with one call. Not for two threads at a time.
/// </summary>
internal sealed class Outbox
{
    private const int ChunkBytes = 32 * 1024;

    // Below this a copy costs less than one more slice of the system call.
    private const int CopiedBody = 4096;

    // A system call takes 1,024 slices.
    private const int MostSegments = 500;

    private readonly List<byte[]> _chunks = [];
    private readonly List<ArraySegment<byte>> _segments = [];
    private int _runStart;
    private int _used;

    /// <summary>Bytes that are collected.</summary>
    public int Bytes { get; private set; }

    public bool IsEmpty => Bytes == 0;

    /// <summary>Whether no more frames fit into one call.</summary>
    public bool IsFull => _segments.Count >= MostSegments;

    public void Add(in Frame frame)
    {
        var lengths = Room(Frame.LengthsSize);
        BinaryPrimitives.WriteUInt16LittleEndian(lengths, (ushort)frame.Head.Length);
        BinaryPrimitives.WriteInt32LittleEndian(lengths[2..], frame.Body.Length);
        _used += Frame.LengthsSize;
        Copy(frame.Head.Span);
        if (frame.Body.Length <= CopiedBody)
        {
            Copy(frame.Body.Span);
        }
        else
        {
            EndRun();
            _segments.Add(Segment(frame.Body));
        }

        Bytes += frame.Size;
    }

    /// <summary>All that is collected, in order.</summary>
    public List<ArraySegment<byte>> Take()
    {
        EndRun();
        return _segments;
    }

    /// <summary>It is written, or will never be.</summary>
    public void Reset()
    {
        // One chunk stays: most writes need no more.
        for (var i = 1; i < _chunks.Count; i++) ArrayPool<byte>.Shared.Return(_chunks[i]);
        if (_chunks.Count > 1) _chunks.RemoveRange(1, _chunks.Count - 1);
        _segments.Clear();
        _runStart = _used = 0;
        Bytes = 0;
    }

    /// <summary>Gives the memory back.</summary>
    public void Free()
    {
        foreach (var chunk in _chunks) ArrayPool<byte>.Shared.Return(chunk);
        _chunks.Clear();
        _segments.Clear();
        _runStart = _used = 0;
        Bytes = 0;
    }

    private static ArraySegment<byte> Segment(ReadOnlyMemory<byte> memory)
        => System.Runtime.InteropServices.MemoryMarshal.TryGetArray(memory, out var segment) ? segment : new ArraySegment<byte>(memory.ToArray());

    private void Copy(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return;
        bytes.CopyTo(Room(bytes.Length));
        _used += bytes.Length;
    }

    private Span<byte> Room(int bytes)
    {
        if (_chunks.Count == 0 || _chunks[^1].Length - _used < bytes)
        {
            EndRun();
            _chunks.Add(ArrayPool<byte>.Shared.Rent(Math.Max(bytes, ChunkBytes)));
            _runStart = _used = 0;
        }

        return _chunks[^1].AsSpan(_used);
    }

    private void EndRun()
    {
        if (_used > _runStart) _segments.Add(new ArraySegment<byte>(_chunks[^1], _runStart, _used - _runStart));
        _runStart = _used;
    }
}
