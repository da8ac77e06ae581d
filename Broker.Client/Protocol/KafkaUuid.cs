using System.Buffers.Text;

namespace AkkaStream.Client.Protocol;

/// <summary>Uuids in Kafka's text form: 22 characters of URL-safe base64.</summary>
public static class KafkaUuid
{
    /// <summary>The 22-character form.</summary>
    public static string ToText(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Reads the 22-character form; false where the text is none.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Guid id)
    {
        Span<byte> bytes = stackalloc byte[24];
        id = default;
        if (text.Length != 22 || !Base64Url.TryDecodeFromChars(text, bytes, out var written) || written != 16) return false;
        id = new Guid(bytes[..16], bigEndian: true);
        return true;
    }

    /// <summary>Reads the 22-character form.</summary>
    /// <exception cref="FormatException">The text is none.</exception>
    public static Guid Parse(string text) => TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is no uuid of 22 characters");
}
