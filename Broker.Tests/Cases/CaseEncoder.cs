using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace AkkaStream.Tests.Cases;

/// <summary>Bytes in network order.</summary>
internal sealed class CaseOut
{
    private readonly MemoryStream bytes = new();

    public CaseOut Int8(long v) { bytes.WriteByte((byte)v); return this; }

    public CaseOut Int16(long v) { Span<byte> b = stackalloc byte[2]; BinaryPrimitives.WriteInt16BigEndian(b, (short)v); bytes.Write(b); return this; }

    public CaseOut Int32(long v) { Span<byte> b = stackalloc byte[4]; BinaryPrimitives.WriteInt32BigEndian(b, (int)v); bytes.Write(b); return this; }

    public CaseOut Int64(long v) { Span<byte> b = stackalloc byte[8]; BinaryPrimitives.WriteInt64BigEndian(b, v); bytes.Write(b); return this; }

    public CaseOut Raw(ReadOnlySpan<byte> v) { bytes.Write(v); return this; }

    public CaseOut Unsigned(ulong v)
    {
        for (; v > 0x7F; v >>= 7) Int8((long)(v & 0x7F) | 0x80);
        return Int8((long)v);
    }

    public CaseOut Signed(long v) => Unsigned((ulong)((v << 1) ^ (v >> 63)));

    public CaseOut Sized(byte[]? v)
    {
        Signed(v?.Length ?? -1);
        return Raw(v ?? []);
    }

    public byte[] Done() => bytes.ToArray();
}

/// <summary>A request of a case to bytes, by the schema facts.</summary>
internal static class CaseEncoder
{
    private const string ZeroUuid = "AAAAAAAAAAAAAAAAAAAAAA";

    public static byte[] Body(CaseMessage message, int version, object? value)
    {
        var to = new CaseOut();
        Struct(to, message.Root, value, version, message.Flexible.Has(version), message.Name);
        return to.Done();
    }

    /// <summary>A "bytes" field: null, "hex:...", other text as UTF-8, or a message with its version in front.</summary>
    public static byte[]? Bytes(object? value, string path) => value switch
    {
        null => null,
        string text when text.StartsWith("hex:", StringComparison.Ordinal) => Hex(text[4..]),
        string text => Encoding.UTF8.GetBytes(text),
        CaseObject o when o.ContainsKey("message") => new CaseOut().Int16(o.Number("version", 0))
            .Raw(Body(CaseMessage.Of(o.Text("message")), (int)o.Number("version", 0), o.Object("data"))).Done(),
        _ => throw new CaseException($"{path}: bytes are text, \"hex:...\" or a message, not {CaseValue.Show(value)}"),
    };

    public static byte[] Hex(string text) => Convert.FromHexString(string.Concat(text.Where(c => !char.IsWhiteSpace(c))));

    public static void Sized(CaseOut to, byte[]? bytes, bool flexible, int width)
    {
        var n = bytes?.Length ?? -1;
        if (flexible) to.Unsigned((ulong)(n + 1));
        else if (width == 2) to.Int16(n);
        else to.Int32(n);
        to.Raw(bytes ?? []);
    }

    private static void Struct(CaseOut to, CaseStruct shape, object? value, int version, bool flexible, string path)
    {
        if (value is not CaseObject o) throw new CaseException($"{path}: an object is needed, not {CaseValue.Show(value)}");
        foreach (var name in o.Keys.Where(name => !shape.ByName.ContainsKey(name))) throw new CaseException($"{path} has no field {name}");
        var tags = new SortedDictionary<int, byte[]>();
        foreach (var field in shape.Fields.Where(f => f.Versions.Has(version)))
        {
            var given = o.TryGetValue(field.Name, out var v);
            var actual = given ? v : Fallback(field, version);
            var flex = field.Flexible?.Has(version) ?? flexible;
            if (!field.Tagged.Has(version))
            {
                Field(to, field, actual, version, flex, $"{path}.{field.Name}");
            }
            else if (given && !CaseValue.Same(v, Fallback(field, version)))
            {
                var tag = new CaseOut();
                Field(tag, field, actual, version, flex, $"{path}.{field.Name}");
                tags[field.Tag] = tag.Done();
            }
        }

        if (!flexible) return;
        to.Unsigned((ulong)tags.Count);
        foreach (var (tag, bytes) in tags) to.Unsigned((ulong)tag).Unsigned((ulong)bytes.Length).Raw(bytes);
    }

    private static object? Fallback(CaseField field, int version)
    {
        if (field.HasDefault && (field.Default is not null || field.Nullable.Has(version))) return field.Default;
        if (field.IsArray) return new List<object?>();
        return field.Type switch
        {
            "bool" => false,
            "float64" => 0.0,
            "int8" or "int16" or "uint16" or "int32" or "uint32" or "int64" => 0L,
            "uuid" => ZeroUuid,
            "string" or "bytes" or "records" => "",
            _ => new CaseObject(),
        };
    }

    private static void Field(CaseOut to, CaseField field, object? v, int version, bool flexible, string path)
    {
        if (field.IsArray)
        {
            Array(to, field, v, version, flexible, path);
            return;
        }

        switch (field.Type)
        {
            case "bool": to.Int8(v is bool b ? b ? 1 : 0 : throw new CaseException($"{path}: true or false is needed")); break;
            case "int8": to.Int8(Number(v, path)); break;
            case "int16" or "uint16": to.Int16(field.IsErrorCode && v is string name ? CaseErrors.Code(name) : Number(v, path)); break;
            case "int32" or "uint32": to.Int32(Number(v, path)); break;
            case "int64": to.Int64(Number(v, path)); break;
            case "float64": to.Int64(BitConverter.DoubleToInt64Bits(Convert.ToDouble(v, CultureInfo.InvariantCulture))); break;
            case "uuid": to.Raw(Uuid(v as string ?? throw new CaseException($"{path}: a uuid is needed"))); break;
            case "string": Sized(to, v is null ? null : Encoding.UTF8.GetBytes(v as string ?? throw new CaseException($"{path}: a string is needed")), flexible, 2); break;
            case "bytes": Sized(to, Bytes(v, path), flexible, 4); break;
            case "records": Sized(to, CaseRecords.Encode(v, path), flexible, 4); break;
            default: Nested(to, field, v, version, flexible, path); break;
        }
    }

    private static void Nested(CaseOut to, CaseField field, object? v, int version, bool flexible, string path)
    {
        if (field.Nullable.Has(version)) to.Int8(v is null ? -1 : 1);
        if (v is not null) Struct(to, field.Struct!, v, version, flexible, path);
    }

    private static void Array(CaseOut to, CaseField field, object? v, int version, bool flexible, string path)
    {
        var list = v as List<object?>;
        if (v is not null && list is null) throw new CaseException($"{path}: an array is needed, not {CaseValue.Show(v)}");
        var n = list?.Count ?? -1;
        if (flexible) to.Unsigned((ulong)(n + 1));
        else to.Int32(n);
        var element = field.Element();
        for (var i = 0; i < n; i++) Field(to, element, list![i], version, flexible, $"{path}[{i}]");
    }

    private static long Number(object? v, string path) => v is long n ? n : throw new CaseException($"{path}: a whole number is needed, not {CaseValue.Show(v)}");

    private static byte[] Uuid(string text) => Convert.FromBase64String(text.Replace('-', '+').Replace('_', '/') + "==");
}
