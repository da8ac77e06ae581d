using System.Buffers.Binary;
using AkkaStream.Client.Records;

namespace AkkaStream.Tests.Cases;

/// <summary>Record batches of a case: readable values to bytes and back, mistakes included.</summary>
internal static class CaseRecords
{
    private static readonly string[] Codecs = ["none", "gzip", "snappy", "lz4", "zstd"];

    public static byte[]? Encode(object? v, string path) => v switch
    {
        null => null,
        string => CaseEncoder.Bytes(v, path),
        List<object?> records => Batch(new CaseObject { ["records"] = records }, path),
        CaseObject o when o.ContainsKey("batches") => [.. o.List("batches").SelectMany(b => b is string ? CaseEncoder.Bytes(b, path)! : Batch((CaseObject)b!, path))],
        CaseObject o => Batch(o, path),
        _ => throw new CaseException($"{path}: records are a list, an object or \"hex:...\""),
    };

    public static object? Decode(byte[]? bytes, string path)
    {
        if (bytes is null) return null;
        var batches = new List<object?>();
        var at = 0;
        while (bytes.Length - at >= 12)
        {
            var size = 12 + BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at + 8));
            if (size > bytes.Length - at) break;
            if (size < 61 || bytes[at + 16] != 2) throw new WrongException($"{path}: not a v2 batch at byte {at}");
            batches.Add(DecodeBatch(bytes.AsSpan(at, size), $"{path}.batches[{batches.Count}]"));
            at += size;
        }

        var all = new CaseObject { ["batches"] = batches };
        if (at < bytes.Length) all["partialBytes"] = (long)(bytes.Length - at);
        return all;
    }

    /// <summary>All records of all batches, as a plain list of an expectation sees them.</summary>
    public static List<object?> Flat(CaseObject decoded)
        => [.. decoded.List("batches").SelectMany(b => ((CaseObject)b!).List("records"))];

    private static byte[] Batch(CaseObject b, string path)
    {
        var records = Expand(b.List("records"));
        var whole = b.Number("magic", 2) < 2 ? MessageSet(b, records, path) : BatchV2(b, records, path);
        var kept = whole.AsSpan(0, whole.Length - (int)b.Number("truncate", 0));
        return new CaseOut().Raw(kept).Raw(b.ContainsKey("append") ? CaseEncoder.Hex(b.Text("append")) : []).Done();
    }

    private static List<CaseObject> Expand(List<object?> records)
    {
        var all = new List<CaseObject>();
        foreach (var r in records)
        {
            var full = r as CaseObject ?? new CaseObject { ["value"] = r };
            for (var i = 0L; i < full.Number("repeat", 1); i++) all.Add(full);
        }

        return all;
    }

    private static byte[] BatchV2(CaseObject b, List<CaseObject> records, string path)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var baseTimestamp = b.Number("baseTimestamp", records.Count == 0 ? now : records[0].Number("timestamp", now));
        var max = records.Count == 0 ? baseTimestamp : records.Max(r => r.Number("timestamp", now));
        var body = new CaseOut();
        for (var i = 0; i < records.Count; i++) Record(body, records[i], i, baseTimestamp, now, path);
        var codec = Array.IndexOf(Codecs, b.Text("codec", "none"));
        if (codec < 0) throw new CaseException($"{path}: no codec is called {b.Text("codec")}");
        var attributes = codec | (b.Text("timestampType") == "append" ? 8 : 0) | (b.Flag("transactional") ? 16 : 0) | (b.Flag("control") ? 32 : 0);
        var sealedPart = new CaseOut().Int16(b.Number("attributes", attributes))
            .Int32(b.Number("lastOffsetDelta", records.Count - 1)).Int64(baseTimestamp).Int64(b.Number("maxTimestamp", max))
            .Int64(b.Number("producerId", -1)).Int16(b.Number("producerEpoch", -1)).Int32(b.Number("baseSequence", -1))
            .Int32(b.Number("count", records.Count)).Raw(CaseCodecs.Compress(codec, body.Done())).Done();
        var crc = Crc32C.Compute(sealedPart) ^ (b.Text("crc") == "bad" ? 1u : 0u);
        return new CaseOut().Int64(b.Number("baseOffset", 0)).Int32(b.Number("length", sealedPart.Length + 9))
            .Int32(b.Number("leaderEpoch", -1)).Int8(b.Number("magic", 2)).Int32((int)crc).Raw(sealedPart).Done();
    }

    private static void Record(CaseOut to, CaseObject r, int index, long baseTimestamp, long now, string path)
    {
        var body = new CaseOut().Int8(r.Number("attributes", 0)).Signed(r.Number("timestamp", now) - baseTimestamp)
            .Signed(r.Number("offsetDelta", index)).Sized(Part(r, "key", path)).Sized(Part(r, "value", path)).Signed(r.List("headers").Count);
        foreach (var header in r.List("headers").Cast<List<object?>>())
        {
            body.Sized(CaseEncoder.Bytes(header[0], path)).Sized(CaseEncoder.Bytes(header.Count > 1 ? header[1] : null, path));
        }

        to.Sized(body.Done());
    }

    private static byte[]? Part(CaseObject r, string name, string path) => CaseEncoder.Bytes(r.GetValueOrDefault(name), path);

    // The formats before record batches, uncompressed.
    private static byte[] MessageSet(CaseObject b, List<CaseObject> records, string path)
    {
        var magic = b.Number("magic", 0);
        var to = new CaseOut();
        for (var i = 0; i < records.Count; i++)
        {
            var m = new CaseOut().Int8(magic).Int8(b.Number("attributes", 0));
            if (magic == 1) m.Int64(records[i].Number("timestamp", DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()));
            foreach (var part in new[] { Part(records[i], "key", path), Part(records[i], "value", path) }) m.Int32(part?.Length ?? -1).Raw(part ?? []);
            var body = m.Done();
            to.Int64(i).Int32(body.Length + 4).Int32((int)CaseCodecs.Crc32(body)).Raw(body);
        }

        return to.Done();
    }

    private static CaseObject DecodeBatch(ReadOnlySpan<byte> b, string path)
    {
        int attributes = BinaryPrimitives.ReadInt16BigEndian(b[21..]);
        var baseOffset = BinaryPrimitives.ReadInt64BigEndian(b);
        var baseTimestamp = BinaryPrimitives.ReadInt64BigEndian(b[27..]);
        var maxTimestamp = BinaryPrimitives.ReadInt64BigEndian(b[35..]);
        var count = BinaryPrimitives.ReadInt32BigEndian(b[57..]);
        var append = (attributes & 8) != 0;
        var control = (attributes & 32) != 0;
        var value = new CaseObject { ["baseOffset"] = baseOffset, ["leaderEpoch"] = (long)BinaryPrimitives.ReadInt32BigEndian(b[12..]) };
        if (Crc32C.Compute(b[21..]) != BinaryPrimitives.ReadUInt32BigEndian(b[17..])) value["crc"] = "bad";
        value["codec"] = Codecs[Math.Min(attributes & 7, 4)];
        value["timestampType"] = append ? "append" : "create";
        value["transactional"] = (attributes & 16) != 0;
        value["control"] = control;
        value["lastOffsetDelta"] = (long)BinaryPrimitives.ReadInt32BigEndian(b[23..]);
        value["baseTimestamp"] = baseTimestamp;
        value["maxTimestamp"] = maxTimestamp;
        value["producerId"] = BinaryPrimitives.ReadInt64BigEndian(b[43..]);
        value["producerEpoch"] = (long)BinaryPrimitives.ReadInt16BigEndian(b[51..]);
        value["baseSequence"] = (long)BinaryPrimitives.ReadInt32BigEndian(b[53..]);
        value["count"] = (long)count;
        var records = new CaseIn(CaseCodecs.Decompress(attributes & 7, b[61..].ToArray(), path));
        var list = new List<object?>();
        for (var i = 0; i < count; i++) list.Add(DecodeRecord(records, baseOffset, baseTimestamp, append ? maxTimestamp : -1, control, $"{path}.records[{i}]"));
        if (!records.AtEnd) throw new WrongException($"{path}: bytes are left over after its records");
        value["records"] = list;
        return value;
    }

    private static CaseObject DecodeRecord(CaseIn from, long baseOffset, long baseTimestamp, long append, bool control, string path)
    {
        var body = new CaseIn(from.Sized() ?? throw new WrongException($"{path}: a record without a length"));
        body.Byte();
        var delta = body.Signed();
        var r = new CaseObject { ["offset"] = baseOffset + body.Signed(), ["timestamp"] = append >= 0 ? append : baseTimestamp + delta };
        var key = body.Sized();
        var value = body.Sized();
        if (control && key is { Length: 4 })
        {
            r["marker"] = key[3] switch { 0 => "ABORT", 1 => "COMMIT", var type => $"type {type}" };
        }
        else
        {
            r["key"] = CaseDecoder.Render(key);
            r["value"] = CaseDecoder.Render(value);
        }

        var headers = new List<object?>();
        for (var n = body.Signed(); n > 0; n--) headers.Add(new List<object?> { CaseDecoder.Render(body.Sized()), CaseDecoder.Render(body.Sized()) });
        r["headers"] = headers;
        if (!body.AtEnd) throw new WrongException($"{path}: its size and its fields differ");
        return r;
    }
}

/// <summary>Varints and what they count.</summary>
internal sealed class CaseIn(byte[] bytes)
{
    private int at;

    public bool AtEnd => at == bytes.Length;

    public byte Byte() => at < bytes.Length ? bytes[at++] : throw new WrongException("a record ends early");

    public long Signed()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var b = Byte();
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80) return (long)(value >> 1) ^ -(long)(value & 1);
        }

        throw new WrongException("a varint that does not end");
    }

    public byte[]? Sized()
    {
        var n = (int)Signed();
        if (n < 0) return null;
        if (n > bytes.Length - at) throw new WrongException("a record ends early");
        at += n;
        return bytes[(at - n)..at];
    }
}
