using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using AkkaStream.Client.Protocol;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Client.Protocol;

/// <summary>One body that Kafka wrote, with what it holds.</summary>
internal sealed partial record MessageVector(string Name, short Version, string Instance, JsonElement Json, byte[] Bytes, JsonElement? Unknown)
{
    private const string Messages = "messages.zip";

    /// <summary>Every message of Kafka 4.3 in every version, headers left out.</summary>
    public static IReadOnlyList<MessageVector> Current { get; } = Load("messages.jsonl");

    /// <summary>The versions that Kafka 4 dropped.</summary>
    public static IReadOnlyList<MessageVector> Old { get; } = Load("old.jsonl");

    public override string ToString() => $"{Name} v{Version} {Instance}";

    /// <summary>An empty message of the vector's type.</summary>
    public IApiMessage NewMessage()
    {
        var type = typeof(IApiMessage).Assembly.GetType("AkkaStream.Client.Protocol." + Name) ?? throw new InvalidOperationException("no type " + Name);
        return (IApiMessage)Activator.CreateInstance(type)!;
    }

    public IApiMessage Decoded()
    {
        var message = NewMessage();
        var reader = new MessageReader(Bytes);
        message.Read(ref reader, Version);
        Assert.Equal(0, reader.Remaining);
        return message;
    }

    public IApiMessage FromJson()
    {
        var message = NewMessage();
        message.ReadJson(Json, Version);
        if (Unknown is not { } unknown) return message;
        foreach (var place in unknown.EnumerateArray())
        {
            var target = At(message, place.GetProperty("at").GetString()!);
            var tags = place.GetProperty("tags").EnumerateArray()
                .Select(tag => new UnknownTag(tag[0].GetInt32(), Convert.FromHexString(tag[1].GetString()!))).ToList();
            target.GetType().GetProperty("UnknownTags")!.SetValue(target, tags);
        }

        return message;
    }

    public static byte[] Encoded(IApiMessage message, short version)
    {
        using var writer = new MessageWriter();
        message.Write(writer, version);
        Assert.Equal(writer.TotalLength, writer.ToArray().Length);
        return writer.ToArray();
    }

    public static JsonElement ToJson(IApiMessage message, short version) => JsonElement.Parse(MessageJson.ToText(message, version));

    /// <summary>Whole lines of one of the archive's files.</summary>
    public static List<JsonElement> Lines(string entry) => VectorZip.Lines(Messages, entry);

    // A path like topics[0].partitions[1]; the empty one is the message itself.
    private static object At(object message, string path)
    {
        foreach (Match step in Step().Matches(path))
        {
            var name = step.Groups[1].Value;
            var property = message.GetType().GetProperties().Single(p => string.Equals(JsonName(p), name, StringComparison.Ordinal));
            message = property.GetValue(message)!;
            if (step.Groups[2].Success) message = ((IList)message)[int.Parse(step.Groups[2].ValueSpan)]!;
        }

        return message;
    }

    private static string JsonName(PropertyInfo property) => char.ToLowerInvariant(property.Name[0]) + property.Name[1..];

    private static List<MessageVector> Load(string entry)
        => Lines(entry).Where(l => l.GetProperty("name").GetString() is not ("RequestHeader" or "ResponseHeader")).Select(Of).ToList();

    private static MessageVector Of(JsonElement line) => new(
        line.GetProperty("name").GetString()!,
        line.GetProperty("version").GetInt16(),
        line.GetProperty("instance").GetString()!,
        line.GetProperty("json"),
        Convert.FromHexString(line.GetProperty("hex").GetString()!),
        line.TryGetProperty("unknown", out var unknown) ? unknown : null);

    [GeneratedRegex(@"([A-Za-z0-9]+)(?:\[(\d+)\])?")]
    private static partial Regex Step();
}
