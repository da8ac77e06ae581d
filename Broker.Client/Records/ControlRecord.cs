using System.Buffers.Binary;

namespace AkkaStream.Client.Records;

/// <summary>What a control record says.</summary>
public enum ControlRecordType : short
{
    /// <summary>The transaction is aborted.</summary>
    Abort = 0,

    /// <summary>The transaction is committed.</summary>
    Commit = 1,

    /// <summary>A new leader of a KRaft quorum; never in a user's topic.</summary>
    LeaderChange = 2,
}

/// <summary>The key and value of a record in a control batch.</summary>
public static class ControlRecord
{
    /// <summary>Bytes of a marker's key: version and type.</summary>
    public const int KeySize = 4;

    /// <summary>Bytes of a transaction marker's value: version and coordinator epoch.</summary>
    public const int MarkerValueSize = 6;

    /// <summary>Reads the type out of a control record's key. False where the key is too short; types above 2 are given as they are.</summary>
    public static bool TryReadType(ReadOnlySpan<byte> key, out ControlRecordType type)
    {
        type = default;
        if (key.Length < KeySize || BinaryPrimitives.ReadInt16BigEndian(key) < 0) return false;
        type = (ControlRecordType)BinaryPrimitives.ReadInt16BigEndian(key[2..]);
        return true;
    }

    /// <summary>Reads the coordinator's epoch out of a transaction marker's value. False where the value is too short.</summary>
    public static bool TryReadCoordinatorEpoch(ReadOnlySpan<byte> value, out int epoch)
    {
        epoch = -1;
        if (value.Length < MarkerValueSize || BinaryPrimitives.ReadInt16BigEndian(value) < 0) return false;
        epoch = BinaryPrimitives.ReadInt32BigEndian(value[2..]);
        return true;
    }

    /// <summary>Writes a transaction marker's key (<see cref="KeySize"/> bytes) and value (<see cref="MarkerValueSize"/> bytes), version 0.</summary>
    public static void WriteMarker(Span<byte> key, Span<byte> value, ControlRecordType type, int coordinatorEpoch)
    {
        BinaryPrimitives.WriteInt16BigEndian(key, 0);
        BinaryPrimitives.WriteInt16BigEndian(key[2..], (short)type);
        BinaryPrimitives.WriteInt16BigEndian(value, 0);
        BinaryPrimitives.WriteInt32BigEndian(value[2..], coordinatorEpoch);
    }
}
