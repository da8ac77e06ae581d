using System.Text.Json;

namespace AkkaStream.Client.Protocol;

/// <summary>A message of Kafka's protocol. The members are generated at compile time from the declaration's attributes.</summary>
public interface IApiMessage
{
    /// <summary>The API this message belongs to, or <see cref="ApiKey.None"/>.</summary>
    ApiKey ApiKey { get; }

    /// <summary>The lowest version that can be read and written.</summary>
    short LowestVersion { get; }

    /// <summary>The highest version that can be read and written.</summary>
    short HighestVersion { get; }

    /// <summary>Reads the body. Byte and record fields are slices of the reader's memory.</summary>
    /// <exception cref="MalformedMessageException">The bytes do not fit.</exception>
    /// <exception cref="UnsupportedVersionException">The message has no such version.</exception>
    void Read(ref MessageReader reader, short version);

    /// <summary>Writes the body.</summary>
    /// <exception cref="UnsupportedVersionException">The message has no such version, or a field is set that the version lacks.</exception>
    void Write(MessageWriter writer, short version);

    /// <summary>Writes the body as JSON: camelCase keys, bytes as base64, uuids as 22 characters, tagged fields only where they are not their default.</summary>
    void WriteJson(Utf8JsonWriter json, short version);

    /// <summary>Reads the body from that form; keys that are left out take their defaults.</summary>
    void ReadJson(JsonElement json, short version);
}

/// <summary>A tagged field that this version of the schema does not know (KIP-482); kept as it came.</summary>
/// <param name="Tag">Its number.</param>
/// <param name="Data">Its bytes.</param>
public readonly record struct UnknownTag(int Tag, ReadOnlyMemory<byte> Data);
