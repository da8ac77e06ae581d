using System.IO.Compression;

namespace AkkaStream.Client.Compression;

/// <summary>gzip by the base class library.</summary>
internal static class GzipCodec
{
    public const int DefaultLevel = -1;
    public const int MinLevel = 1;
    public const int MaxLevel = 9;

    private static ReadOnlySpan<byte> EmptyMember => [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    public static void Compress(ReadOnlySpan<byte> source, int level, PooledBuffer destination)
    {
        // The library writes nothing at all for nothing, which is no gzip.
        if (source.IsEmpty)
        {
            destination.Write(EmptyMember);
            return;
        }

        var options = new ZLibCompressionOptions { CompressionLevel = level };
        using var target = new BufferStream(destination);
        using var gzip = new GZipStream(target, options, leaveOpen: true);
        gzip.Write(source);
    }

    private sealed class BufferStream(PooledBuffer buffer) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => buffer.Length;

        public override long Position
        {
            get => buffer.Length;
            set => throw new NotSupportedException();
        }

        public override void Write(byte[] bytes, int offset, int count) => buffer.Write(bytes.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> bytes) => buffer.Write(bytes);

        public override void Flush()
        {
            // What is written is there.
        }

        public override int Read(byte[] bytes, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}

/// <summary>Unfolds gzip members, one or several; bytes after the last one that are no member are ignored, as in Kafka.</summary>
internal sealed unsafe class GzipDecompressor : Decompressor
{
    private readonly GZipStream _gzip;

    public GzipDecompressor(byte* source, int length)
    {
        if (length == 0) throw Refused("nothing where a gzip header should be");
        _gzip = new GZipStream(new TerminatedStream(source, length), CompressionMode.Decompress);
    }

    public override int Read(Span<byte> destination)
    {
        try
        {
            return _gzip.Read(destination);
        }
        catch (InvalidDataException refused)
        {
            throw Refused($"gzip: {refused.Message}", refused);
        }
    }

    public override void Dispose() => _gzip.Dispose();

    // The library takes a member without its trailer for a whole one. Zeros behind the end are ignored after a whole member, and make a wrong trailer
    // of a missing one.
    private sealed class TerminatedStream(byte* source, int length) : Stream
    {
        private const int Terminator = 8;

        private int _at;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> destination)
        {
            var count = Math.Min(destination.Length, _at < length ? length - _at : length + Terminator - _at);
            if (_at < length) new ReadOnlySpan<byte>(source + _at, count).CopyTo(destination);
            else destination[..count].Clear();
            _at += count;
            return count;
        }

        public override void Flush()
        {
            // Nothing is written.
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
