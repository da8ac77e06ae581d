using AkkaStream.Client.Compression;

namespace AkkaStream.Client.Serialization;

/// <summary>Where a record's key and value are written before they are copied into its batch: one for each thread, used again.</summary>
internal sealed class SerializationBuffer
{
    [ThreadStatic]
    private static SerializationBuffer? idle;

    private SerializationBuffer()
    {
    }

    /// <summary>The bytes; empty when it is rented.</summary>
    public PooledBuffer Bytes { get; } = new();

    /// <summary>The thread's buffer, or a new one where that is in use.</summary>
    public static SerializationBuffer Rent()
    {
        var mine = idle ?? new SerializationBuffer();
        idle = null;
        return mine;
    }

    /// <summary>Gives it back, to whichever thread this is; a large one is given up.</summary>
    public void Return()
    {
        if (Bytes.Capacity > Limits.KeptSerializationBytes) Bytes.Dispose();
        else Bytes.Truncate(0);
        idle = this;
    }
}
