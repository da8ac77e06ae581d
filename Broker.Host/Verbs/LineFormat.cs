using System.Text;
using AkkaStream.Client.Producer;
using AkkaStream.Client.Records;

namespace AkkaStream.Host.Verbs;

/// <summary>How a line of input becomes a record.</summary>
internal sealed class LineFormat
{
    private readonly byte[]? keySeparator;
    private readonly bool hasHeaders;
    private readonly byte[]? nullMarker;
    private readonly List<RecordHeader> constant;

    /// <summary>A format.</summary>
    /// <param name="keySeparator">What stands between key and value; null where lines are values only.</param>
    /// <param name="hasHeaders">Whether lines begin with <c>name:value,name:value</c> and a tab.</param>
    /// <param name="nullMarker">What stands for a null key or value; null where nothing does.</param>
    /// <param name="headers">Headers of every record, as <c>name=value</c>.</param>
    /// <exception cref="FormatException">A header is no <c>name=value</c>, or the separator is empty.</exception>
    internal LineFormat(string? keySeparator, bool hasHeaders, string? nullMarker, string[] headers)
    {
        if (keySeparator is { Length: 0 }) throw new FormatException("--key-separator must not be empty");
        this.keySeparator = keySeparator is null ? null : Encoding.UTF8.GetBytes(keySeparator.Replace("\\t", "\t", StringComparison.Ordinal));
        this.hasHeaders = hasHeaders;
        this.nullMarker = nullMarker is null ? null : Encoding.UTF8.GetBytes(nullMarker);
        constant = [];
        foreach (var header in headers)
        {
            var equals = header.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0) throw new FormatException($"--header {header}: expected NAME=VALUE");
            constant.Add(new RecordHeader(header[..equals], Encoding.UTF8.GetBytes(header[(equals + 1)..])));
        }
    }

    /// <summary>The record of a line; its key and value are slices of the line.</summary>
    /// <exception cref="FormatException">The line lacks its headers or its key.</exception>
    internal ProducerRecord Parse(string topic, ReadOnlyMemory<byte> line, int? partition)
    {
        IReadOnlyList<RecordHeader>? headers = constant.Count > 0 ? constant : null;
        if (hasHeaders)
        {
            var tab = line.Span.IndexOf((byte)'\t');
            if (tab < 0) throw new FormatException("no tab behind the headers");
            headers = Headers(line.Span[..tab]);
            line = line[(tab + 1)..];
        }

        ReadOnlyMemory<byte>? key = null;
        if (keySeparator is not null)
        {
            var at = line.Span.IndexOf(keySeparator);
            if (at < 0) throw new FormatException("no key: the separator is missing");
            key = OrNull(line[..at]);
            line = line[(at + keySeparator.Length)..];
        }

        return new ProducerRecord(topic, OrNull(line), key) { Partition = partition, Headers = headers };
    }

    private ReadOnlyMemory<byte>? OrNull(ReadOnlyMemory<byte> bytes)
    {
        // Not "? null : bytes": null would become an empty memory there.
        if (nullMarker is not null && bytes.Span.SequenceEqual(nullMarker)) return null;
        return bytes;
    }

    private List<RecordHeader> Headers(ReadOnlySpan<byte> text)
    {
        var headers = new List<RecordHeader>(constant);
        if (text.IsEmpty) return headers;
        foreach (var range in text.Split((byte)','))
        {
            var header = text[range];
            var colon = header.IndexOf((byte)':');
            if (colon <= 0) throw new FormatException($"the header '{Encoding.UTF8.GetString(header)}' is not name:value");
            headers.Add(new RecordHeader(Encoding.UTF8.GetString(header[..colon]), header[(colon + 1)..].ToArray()));
        }

        return headers;
    }
}
