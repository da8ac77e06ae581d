using Microsoft.Win32.SafeHandles;

namespace AkkaStream.Client.Protocol;

/// <summary>The records of a produce or fetch: null, bytes in memory, or a range of a file that goes to the socket without passing through this process.</summary>
public readonly struct RecordsPayload : IEquatable<RecordsPayload>
{
    private readonly bool present;

    /// <summary>Records in memory.</summary>
    public RecordsPayload(ReadOnlyMemory<byte> memory)
    {
        Memory = memory;
        present = true;
    }

    /// <summary>Records in a file.</summary>
    public RecordsPayload(FileRegion file)
    {
        File = file;
        present = true;
    }

    /// <summary>Whether there are none at all (not the same as empty).</summary>
    public bool IsNull => !present;

    /// <summary>The bytes, where they are in memory.</summary>
    public ReadOnlyMemory<byte> Memory { get; }

    /// <summary>The range of a file, or null.</summary>
    public FileRegion? File { get; }

    /// <summary>Bytes.</summary>
    public int Length => File?.Length ?? Memory.Length;

    /// <summary>Records in memory.</summary>
    public static implicit operator RecordsPayload(ReadOnlyMemory<byte> memory) => new(memory);

    /// <summary>Records in memory, or null.</summary>
    public static implicit operator RecordsPayload(byte[]? bytes) => bytes is null ? default : new(bytes.AsMemory());

    /// <summary>Records in a file.</summary>
    public static implicit operator RecordsPayload(FileRegion file) => new(file);

    /// <summary>The bytes, read from the file where they lie there.</summary>
    public byte[] ToArray()
    {
        if (File is null) return Memory.ToArray();
        var bytes = new byte[File.Length];
        File.ReadInto(bytes);
        return bytes;
    }

    /// <inheritdoc/>
    public bool Equals(RecordsPayload other)
        => present == other.present && ReferenceEquals(File, other.File) && Memory.Span.SequenceEqual(other.Memory.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is RecordsPayload other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(present, Length);

    /// <summary>Compares contents.</summary>
    public static bool operator ==(RecordsPayload left, RecordsPayload right) => left.Equals(right);

    /// <summary>Compares contents.</summary>
    public static bool operator !=(RecordsPayload left, RecordsPayload right) => !left.Equals(right);
}

/// <summary>A range of a log file that is being sent.</summary>
/// <param name="handle">The open file; stays open until <see cref="Dispose"/>.</param>
/// <param name="position">Where the range begins, in bytes.</param>
/// <param name="length">Its length in bytes.</param>
/// <param name="lease">Keeps the file from being closed or deleted; disposed once the range was sent.</param>
public sealed class FileRegion(SafeFileHandle handle, long position, int length, IDisposable? lease) : IDisposable
{
    private IDisposable? lease = lease;

    /// <summary>The open file.</summary>
    public SafeFileHandle Handle { get; } = handle;

    /// <summary>Where the range begins, in bytes.</summary>
    public long Position { get; } = position;

    /// <summary>Its length in bytes.</summary>
    public int Length { get; } = length;

    /// <summary>Reads the whole range, or less where the file ends early; gives the bytes read.</summary>
    public int ReadInto(Span<byte> to, int skip = 0)
    {
        var wanted = Math.Min(to.Length, Length - skip);
        var got = 0;
        while (got < wanted)
        {
            var n = RandomAccess.Read(Handle, to[got..wanted], Position + skip + got);
            if (n <= 0) break;
            got += n;
        }

        return got;
    }

    /// <summary>The file may go. Safe to call more than once.</summary>
    public void Dispose() => Interlocked.Exchange(ref lease, null)?.Dispose();
}
