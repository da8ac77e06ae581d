using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using AkkaStream.Client.Records;

namespace AkkaStream.Client.Compression;

/// <summary>Zstandard by the system's library, with contexts kept for reuse.</summary>
internal static unsafe class ZstdCodec
{
    public const int DefaultLevel = 3;
    public const int MinLevel = -131072;
    public const int MaxLevel = 22;

    private const int LevelParameter = 100;
    private const int WindowLogMaxParameter = 100;
    private const int ResetSession = 1;

    private static readonly Lazy<Functions> Library = new(() => new Functions());
    private static readonly ConcurrentQueue<nint> Compressors = new();
    private static readonly ConcurrentQueue<nint> Decompressors = new();

    public static void Compress(ReadOnlySpan<byte> source, int level, PooledBuffer destination)
    {
        var library = Library.Value;
        if (!Compressors.TryDequeue(out var context)) context = library.CreateCompressor();
        library.SetCompressor(context, LevelParameter, level);
        var target = destination.GetSpan(checked((int)library.Bound((nuint)source.Length)));
        nuint size;
        fixed (byte* from = source)
        fixed (byte* to = target)
        {
            size = library.Compress(context, to, (nuint)target.Length, from, (nuint)source.Length);
        }

        Keep(Compressors, context, library.SizeOfCompressor(context), library.FreeCompressor);
        if (library.IsError(size) != 0) throw new CorruptRecordException(RecordFault.Compression, $"zstd: {library.ErrorName(size)}");
        destination.Advance((int)size);
    }

    public static nint RentDecompressor()
    {
        var library = Library.Value;
        if (Decompressors.TryDequeue(out var context)) return context;
        context = library.CreateDecompressor();
        library.SetDecompressor(context, WindowLogMaxParameter, Limits.ZstdWindowLog);
        return context;
    }

    public static void Return(nint context)
    {
        var library = Library.Value;
        library.ResetDecompressor(context, ResetSession);
        Keep(Decompressors, context, library.SizeOfDecompressor(context), library.FreeDecompressor);
    }

    /// <summary>One step; gives what the library would like to read next, 0 at a frame's end.</summary>
    public static nuint Step(nint context, Buffer* output, Buffer* input)
    {
        var library = Library.Value;
        var hint = library.Decompress(context, output, input);
        return library.IsError(hint) == 0 ? hint : throw new CorruptRecordException(RecordFault.Compression, $"zstd: {library.ErrorName(hint)}");
    }

    private static void Keep(ConcurrentQueue<nint> pool, nint context, nuint size, delegate* unmanaged<nint, nuint> free)
    {
        if (size > Limits.PooledCodecContextBytes || pool.Count >= Limits.PooledCodecContexts) free(context);
        else pool.Enqueue(context);
    }

    /// <summary>ZSTD_inBuffer and ZSTD_outBuffer: both are a place, its size, and how far it is used.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Buffer
    {
        public byte* Place;
        public nuint Size;
        public nuint Position;
    }

    private sealed class Functions
    {
        public readonly delegate* unmanaged<nint> CreateCompressor;
        public readonly delegate* unmanaged<nint, nuint> FreeCompressor;
        public readonly delegate* unmanaged<nint, nuint> SizeOfCompressor;
        public readonly delegate* unmanaged<nint, int, int, nuint> SetCompressor;
        public readonly delegate* unmanaged<nint, byte*, nuint, byte*, nuint, nuint> Compress;
        public readonly delegate* unmanaged<nuint, nuint> Bound;
        public readonly delegate* unmanaged<nint> CreateDecompressor;
        public readonly delegate* unmanaged<nint, nuint> FreeDecompressor;
        public readonly delegate* unmanaged<nint, nuint> SizeOfDecompressor;
        public readonly delegate* unmanaged<nint, int, int, nuint> SetDecompressor;
        public readonly delegate* unmanaged<nint, int, nuint> ResetDecompressor;
        public readonly delegate* unmanaged<nint, Buffer*, Buffer*, nuint> Decompress;
        public readonly delegate* unmanaged<nuint, uint> IsError;
        private readonly delegate* unmanaged<nuint, byte*> _errorName;

        public Functions()
        {
            var library = NativeCodec.Load("zstd", "libzstd.so.1", "libzstd.1.dylib", "libzstd.dll");
            nint Export(string name) => NativeLibrary.GetExport(library, name);
            CreateCompressor = (delegate* unmanaged<nint>)Export("ZSTD_createCCtx");
            FreeCompressor = (delegate* unmanaged<nint, nuint>)Export("ZSTD_freeCCtx");
            SizeOfCompressor = (delegate* unmanaged<nint, nuint>)Export("ZSTD_sizeof_CCtx");
            SetCompressor = (delegate* unmanaged<nint, int, int, nuint>)Export("ZSTD_CCtx_setParameter");
            Compress = (delegate* unmanaged<nint, byte*, nuint, byte*, nuint, nuint>)Export("ZSTD_compress2");
            Bound = (delegate* unmanaged<nuint, nuint>)Export("ZSTD_compressBound");
            CreateDecompressor = (delegate* unmanaged<nint>)Export("ZSTD_createDCtx");
            FreeDecompressor = (delegate* unmanaged<nint, nuint>)Export("ZSTD_freeDCtx");
            SizeOfDecompressor = (delegate* unmanaged<nint, nuint>)Export("ZSTD_sizeof_DCtx");
            SetDecompressor = (delegate* unmanaged<nint, int, int, nuint>)Export("ZSTD_DCtx_setParameter");
            ResetDecompressor = (delegate* unmanaged<nint, int, nuint>)Export("ZSTD_DCtx_reset");
            Decompress = (delegate* unmanaged<nint, Buffer*, Buffer*, nuint>)Export("ZSTD_decompressStream");
            IsError = (delegate* unmanaged<nuint, uint>)Export("ZSTD_isError");
            _errorName = (delegate* unmanaged<nuint, byte*>)Export("ZSTD_getErrorName");
        }

        public string ErrorName(nuint code) => Marshal.PtrToStringUTF8((nint)_errorName(code)) ?? "unknown error";
    }
}

/// <summary>Unfolds zstd frames, one after the other, to the last byte; anything else behind them is refused, as in Kafka.</summary>
internal sealed unsafe class ZstdDecompressor : Decompressor
{
    private nint _context;
    private ZstdCodec.Buffer _input;
    private bool _insideFrame;

    public ZstdDecompressor(byte* source, int length)
    {
        _context = ZstdCodec.RentDecompressor();
        _input = new ZstdCodec.Buffer { Place = source, Size = (nuint)length };
    }

    public override int Read(Span<byte> destination)
    {
        if (destination.IsEmpty) return 0;
        fixed (byte* target = destination)
        {
            var output = new ZstdCodec.Buffer { Place = target, Size = (nuint)destination.Length };
            while (output.Position == 0 && (_insideFrame || _input.Position < _input.Size))
            {
                var before = _input.Position;
                fixed (ZstdCodec.Buffer* input = &_input) _insideFrame = ZstdCodec.Step(_context, &output, input) != 0;
                if (_insideFrame && output.Position == 0 && _input.Position == before) throw Refused("zstd: the frame is cut off");
            }

            return (int)output.Position;
        }
    }

    public override void Dispose()
    {
        if (_context != 0) ZstdCodec.Return(_context);
        _context = 0;
    }
}
