using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Akka.Persistence;
using Akka.Serialization;
using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Persistence;

/// <summary>
/// A snapshot's file: <c>ASN1</c>, CRC-32C of the rest, then number, time, serialiser (little endian), and with their lengths the actor's id, the serialiser's manifest, the payload.
/// Its name is the actor's id as far as a file may be called so, its number, and its time: <c>id-number-ticks.snapshot</c>.
/// </summary>
internal static class SnapshotFile
{
    /// <summary>How names end.</summary>
    public const string Suffix = ".snapshot";

    private const int Digits = 19;
    private const int Head = 4 + 4;
    private const int LongestName = 120;

    /// <summary>What all files of an actor begin with.</summary>
    public static string Prefix(string persistenceId)
    {
        var name = new StringBuilder();
        foreach (var b in Encoding.UTF8.GetBytes(persistenceId))
        {
            if (char.IsAsciiLetterOrDigit((char)b) || b is (byte)'_' or (byte)'.') name.Append((char)b);
            else name.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
        }

        // A long id, or one of a folder's own names, goes by its hash; the whole id is in the file.
        var usable = name.Length is > 0 and <= LongestName && name[0] != '.';
        return (usable ? name.ToString() : "%%" + Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(persistenceId)))) + "-";
    }

    /// <summary>The name of one snapshot.</summary>
    public static string NameOf(SnapshotMetadata metadata)
        => string.Create(CultureInfo.InvariantCulture, $"{Prefix(metadata.PersistenceId)}{metadata.SequenceNr:D19}-{metadata.Timestamp.Ticks:D19}{Suffix}");

    /// <summary>Number and time of a file of the actor; null for any other file.</summary>
    public static SnapshotMetadata? Parse(string persistenceId, string prefix, string name)
    {
        if (name.Length != prefix.Length + (2 * Digits) + 1 + Suffix.Length || !name.StartsWith(prefix, StringComparison.Ordinal) || !name.EndsWith(Suffix, StringComparison.Ordinal)) return null;
        var numbers = name.AsSpan(prefix.Length);
        return numbers[Digits] == '-' && long.TryParse(numbers[..Digits], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && long.TryParse(numbers.Slice(Digits + 1, Digits), NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= DateTime.MaxValue.Ticks
            ? new SnapshotMetadata(persistenceId, number, new DateTime(ticks, DateTimeKind.Utc))
            : null;
    }

    /// <summary>The bytes of a snapshot. Throws what the serialiser throws, and <see cref="InvalidDataException"/> over <see cref="Limits.SnapshotBytes"/>.</summary>
    public static byte[] Encode(SnapshotMetadata metadata, object snapshot, Serialization serialization)
    {
        var serializer = serialization.FindSerializerFor(snapshot);
        using var buffer = new MemoryStream();
        using var writer = new BinaryWriter(buffer);
        writer.Write("ASN1"u8);
        writer.Write(0);
        writer.Write(metadata.SequenceNr);
        writer.Write(metadata.Timestamp.Ticks);
        writer.Write(serializer.Identifier);
        foreach (var part in (byte[][])[Encoding.UTF8.GetBytes(metadata.PersistenceId), Encoding.UTF8.GetBytes(Serialization.ManifestFor(serializer, snapshot)), serializer.ToBinary(snapshot)])
        {
            writer.Write(part.Length);
            writer.Write(part);
        }

        if (buffer.Length > Limits.SnapshotBytes) throw new InvalidDataException($"the snapshot takes {buffer.Length} bytes, the limit is {Limits.SnapshotBytes}");
        var bytes = buffer.ToArray();
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), Crc32C.Compute(bytes.AsSpan(Head)));
        return bytes;
    }

    /// <summary>The snapshot of some bytes; null where they are damaged, or another actor's. Throws what the serialiser throws.</summary>
    public static object? Decode(string persistenceId, ReadOnlySpan<byte> bytes, Serialization serialization)
    {
        if (bytes.Length < Head + 20 || !bytes.StartsWith("ASN1"u8) || BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) != Crc32C.Compute(bytes[Head..])) return null;
        var serializer = BinaryPrimitives.ReadInt32LittleEndian(bytes[24..]);
        var rest = bytes[28..];
        if (!Part(ref rest, out var id) || Encoding.UTF8.GetString(id) != persistenceId || !Part(ref rest, out var manifest) || !Part(ref rest, out var payload)) return null;
        return serialization.Deserialize(payload.ToArray(), serializer, Encoding.UTF8.GetString(manifest));
    }

    private static bool Part(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> part)
    {
        part = default;
        var length = rest.Length >= 4 ? BinaryPrimitives.ReadInt32LittleEndian(rest) : -1;
        if (length < 0 || length > rest.Length - 4) return false;
        part = rest.Slice(4, length);
        rest = rest[(4 + length)..];
        return true;
    }
}
