using System.Buffers.Binary;
using System.Text;

namespace AkkaStream.Tests.Cases;

/// <summary>An answer's bytes to values, by the schema facts; every byte must be accounted for.</summary>
internal sealed class CaseDecoder
{
    private readonly byte[] bytes;
    private readonly int version;
    private int at;

    private CaseDecoder(byte[] bytes, int at, int version)
    {
        this.bytes = bytes;
        this.at = at;
        this.version = version;
    }

    public static CaseObject Body(CaseMessage message, int version, byte[] bytes, int start)
    {
        var decoder = new CaseDecoder(bytes, start, version);
        var value = decoder.Struct(message.Root, message.Flexible.Has(version), "");
        if (decoder.at != bytes.Length) throw new WrongException($"{bytes.Length - decoder.at} bytes are left over after the {message.Name} v{version}");
        return value;
    }

    /// <summary>Text where it is printable, otherwise "hex:...".</summary>
    public static object? Render(byte[]? value)
    {
        if (value is null) return null;
        try
        {
            var text = new UTF8Encoding(false, true).GetString(value);
            if (text.All(c => c >= ' ' || c is '\n' or '\t') && !text.StartsWith("hex:", StringComparison.Ordinal)) return text;
        }
        catch (DecoderFallbackException)
        {
            return "hex:" + Convert.ToHexStringLower(value);
        }

        return "hex:" + Convert.ToHexStringLower(value);
    }

    private CaseObject Struct(CaseStruct shape, bool flexible, string path)
    {
        var value = new CaseObject();
        foreach (var field in shape.Fields.Where(f => f.Versions.Has(version) && !f.Tagged.Has(version)))
        {
            value[field.Name] = Field(field, field.Flexible?.Has(version) ?? flexible, Join(path, field.Name));
        }

        if (flexible) Tags(shape, value, path);
        return value;
    }

    private void Tags(CaseStruct shape, CaseObject value, string path)
    {
        var last = -1L;
        for (var left = Unsigned(path); left > 0; left--)
        {
            var tag = Unsigned(path);
            if (tag <= last) throw new WrongException($"{path}: tag {tag} is out of order");
            last = tag;
            var size = (int)Unsigned(path);
            var end = at + Need(size, path);
            var field = shape.Fields.FirstOrDefault(f => f.Tagged.Has(version) && f.Tag == tag);
            if (field is null) value[$"unknownTag{tag}"] = "hex:" + Convert.ToHexStringLower(Take(size, path));
            else value[field.Name] = Field(field, true, Join(path, field.Name));
            if (at != end) throw new WrongException($"{path}: tag {tag} says {size} bytes, its value is not");
        }
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private object? Field(CaseField field, bool flexible, string path)
    {
        if (field.IsArray) return Array(field, flexible, path);
        switch (field.Type)
        {
            case "bool": return Take(1, path)[0] != 0;
            case "int8": return (long)(sbyte)Take(1, path)[0];
            case "int16":
                var code = BinaryPrimitives.ReadInt16BigEndian(Take(2, path));
                return field.IsErrorCode ? CaseErrors.Name(code) : (long)code;
            case "uint16": return (long)BinaryPrimitives.ReadUInt16BigEndian(Take(2, path));
            case "int32": return (long)BinaryPrimitives.ReadInt32BigEndian(Take(4, path));
            case "uint32": return (long)BinaryPrimitives.ReadUInt32BigEndian(Take(4, path));
            case "int64": return BinaryPrimitives.ReadInt64BigEndian(Take(8, path));
            case "float64": return BinaryPrimitives.ReadDoubleBigEndian(Take(8, path));
            case "uuid": return Convert.ToBase64String(Take(16, path)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
            case "string":
                var text = Sized(field, flexible, 2, path);
                return text is null ? null : Encoding.UTF8.GetString(text);
            case "bytes": return Render(Sized(field, flexible, 4, path));
            case "records": return CaseRecords.Decode(Sized(field, flexible, 4, path), path);
            default:
                return field.Nullable.Has(version) && (sbyte)Take(1, path)[0] < 0 ? null : Struct(field.Struct!, flexible, path);
        }
    }

    private List<object?>? Array(CaseField field, bool flexible, string path)
    {
        var n = flexible ? Unsigned(path) - 1 : BinaryPrimitives.ReadInt32BigEndian(Take(4, path));
        if (n == -1 && field.Nullable.Has(version)) return null;
        if (n < 0 || n > bytes.Length - at) throw new WrongException($"{path}: an array of length {n} in {bytes.Length - at} bytes");
        var list = new List<object?>();
        var element = field.Element();
        for (var i = 0; i < n; i++) list.Add(Field(element, flexible, $"{path}[{i}]"));
        return list;
    }

    private byte[]? Sized(CaseField field, bool flexible, int width, string path)
    {
        var n = flexible ? Unsigned(path) - 1
            : width == 2 ? BinaryPrimitives.ReadInt16BigEndian(Take(2, path))
            : BinaryPrimitives.ReadInt32BigEndian(Take(4, path));
        if (n == -1 && (field.Nullable.Has(version) || field.Type == "records")) return null;
        if (n < 0) throw new WrongException($"{path}: null or a negative length where the field is never null");
        return Take((int)n, path).ToArray();
    }

    private long Unsigned(string path)
    {
        var value = 0L;
        for (var shift = 0; shift < 35; shift += 7)
        {
            var b = Take(1, path)[0];
            value |= (long)(b & 0x7F) << shift;
            if (b < 0x80) return value;
        }

        throw new WrongException($"{path}: a varint that does not end");
    }

    private ReadOnlySpan<byte> Take(int n, string path)
    {
        Need(n, path);
        at += n;
        return bytes.AsSpan(at - n, n);
    }

    private int Need(int n, string path)
        => n <= bytes.Length - at ? n : throw new WrongException($"the answer ends inside {path}: {n} bytes are needed, {bytes.Length - at} are left");
}
