using System.Buffers.Binary;
using System.Text;
using Akka.Actor;
using Akka.Persistence;
using Akka.Serialization;
using AkkaStream.Client.Compression;
using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Persistence;

/// <summary>
/// What a journal's log holds: records whose key is the persistent actor's id. An event: 1, its number, its time, its serialiser, then (each with its length) manifest of the
/// serialiser, manifest of the event, who wrote it, payload. A mark: 2, up to which number events are deleted, the last number. Numbers are little endian.
/// </summary>
internal static class JournalRecord
{
    private const byte EventKind = 1;
    private const byte MarkKind = 2;
    private const int LeastEvent = 1 + 8 + 8 + 4 + (4 * 4);
    private const int MarkBytes = 1 + 8 + 8;

    /// <summary>The batch of one persist. Throws what the serialiser throws, and <see cref="InvalidDataException"/> over <paramref name="most"/> bytes.</summary>
    public static Memory<byte> Events(AtomicWrite write, Serialization serialization, long nowMs, int most)
    {
        using var builder = new RecordBatchBuilder(CompressionType.None);
        var key = Encoding.UTF8.GetBytes(write.PersistenceId);
        foreach (var representation in (IEnumerable<IPersistentRepresentation>)write.Payload) builder.Append(nowMs, key, Encode(representation, serialization));
        var batch = builder.Build(new RecordBatchFields()).ToArray();
        return batch.Length <= most ? batch : throw new InvalidDataException($"the events take {batch.Length} bytes, the limit is {most}");
    }

    /// <summary>The batch of a mark.</summary>
    public static Memory<byte> Mark(string persistenceId, long deletedTo, long highest, long nowMs)
    {
        using var builder = new RecordBatchBuilder(CompressionType.None);
        var value = new byte[MarkBytes];
        value[0] = MarkKind;
        BinaryPrimitives.WriteInt64LittleEndian(value.AsSpan(1), deletedTo);
        BinaryPrimitives.WriteInt64LittleEndian(value.AsSpan(9), highest);
        builder.Append(nowMs, Encoding.UTF8.GetBytes(persistenceId), value);
        return builder.Build(new RecordBatchFields()).ToArray();
    }

    /// <summary>Enters a batch into an index. Throws <see cref="InvalidDataException"/> for one that no journal wrote.</summary>
    public static void Index(in RecordBatchHeader header, ReadOnlySpan<byte> records, JournalIndex index)
    {
        var reader = new RecordReader(header, records);
        long first = 0, last = 0;
        var id = "";
        while (reader.MoveNext())
        {
            id = Encoding.UTF8.GetString(reader.Key);
            var value = reader.Value;
            if (value.Length == MarkBytes && value[0] == MarkKind) index.Mark(id, BinaryPrimitives.ReadInt64LittleEndian(value[1..]), BinaryPrimitives.ReadInt64LittleEndian(value[9..]), header.BaseOffset);
            else last = NumberOf(value, header.BaseOffset);
            if (first == 0) first = last;
        }

        if (first > 0) index.Add(id, first, last, header.BaseOffset);
    }

    /// <summary>Hands the events of a batch over whose numbers lie in a range; gives how many.</summary>
    public static long Replay(in RecordBatchHeader header, ReadOnlySpan<byte> records, ActorSystem system, long from, long to, long most, Action<IPersistentRepresentation> callback)
    {
        var given = 0L;
        var reader = new RecordReader(header, records);
        while (given < most && reader.MoveNext())
        {
            var number = NumberOf(reader.Value, header.BaseOffset);
            if (number < from || number > to) continue;
            callback(Decode(Encoding.UTF8.GetString(reader.Key), reader.Value, system.Serialization, header.BaseOffset));
            given++;
        }

        return given;
    }

    private static byte[] Encode(IPersistentRepresentation representation, Serialization serialization)
    {
        var serializer = serialization.FindSerializerFor(representation.Payload);
        var payload = serializer.ToBinary(representation.Payload);
        using var buffer = new MemoryStream(payload.Length + 128);
        using var writer = new BinaryWriter(buffer);
        writer.Write(EventKind);
        writer.Write(representation.SequenceNr);
        writer.Write(representation.Timestamp);
        writer.Write(serializer.Identifier);
        foreach (var part in (byte[][])[Utf8(Serialization.ManifestFor(serializer, representation.Payload)), Utf8(representation.Manifest), Utf8(representation.WriterGuid), payload])
        {
            writer.Write(part.Length);
            writer.Write(part);
        }

        return buffer.ToArray();
    }

    private static Persistent Decode(string id, ReadOnlySpan<byte> value, Serialization serialization, long offset)
    {
        var number = BinaryPrimitives.ReadInt64LittleEndian(value[1..]);
        var time = BinaryPrimitives.ReadInt64LittleEndian(value[9..]);
        var serializer = BinaryPrimitives.ReadInt32LittleEndian(value[17..]);
        var rest = value[21..];
        var serializerManifest = Encoding.UTF8.GetString(Part(ref rest, offset));
        var manifest = Encoding.UTF8.GetString(Part(ref rest, offset));
        var writer = Encoding.UTF8.GetString(Part(ref rest, offset));
        var payload = serialization.Deserialize(Part(ref rest, offset).ToArray(), serializer, serializerManifest);
        return new Persistent(payload, number, id, manifest, false, ActorRefs.NoSender, writer, time);
    }

    private static long NumberOf(ReadOnlySpan<byte> value, long offset)
    {
        var number = value.Length >= LeastEvent && value[0] == EventKind ? BinaryPrimitives.ReadInt64LittleEndian(value[1..]) : 0;
        return number > 0 ? number : throw new InvalidDataException($"the journal holds at offset {offset} what no journal wrote");
    }

    private static ReadOnlySpan<byte> Part(ref ReadOnlySpan<byte> rest, long offset)
    {
        var length = rest.Length >= 4 ? BinaryPrimitives.ReadInt32LittleEndian(rest) : -1;
        if (length < 0 || length > rest.Length - 4) throw new InvalidDataException($"the journal's event at offset {offset} is not whole");
        var part = rest.Slice(4, length);
        rest = rest[(4 + length)..];
        return part;
    }

    private static byte[] Utf8(string? text) => Encoding.UTF8.GetBytes(text ?? "");
}
