using System.Text.Json;
using AkkaStream.Actors.Groups;
using AkkaStream.Client.Protocol;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Actors.Groups;

/// <summary>Records of <c>__consumer_offsets</c>: what Kafka wrote is read, and written again byte for byte.</summary>
public sealed class GroupRecordTests
{
    public static TheoryData<string> Kinds => [.. VectorZip.Lines("groups.zip", "records.jsonl").Select(NameOf).Distinct()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Keys_and_values_are_Kafkas(string kind)
    {
        foreach (var line in VectorZip.Lines("groups.zip", "records.jsonl").Where(l => NameOf(l) == kind))
        {
            var bytes = Convert.FromHexString(line.GetProperty("keyHex").GetString()!);
            var key = MessageOf(kind + "Key");
            Assert.Equal(line.GetProperty("key").GetProperty("type").GetInt16(), Check(key, bytes, 0, line.GetProperty("key").GetProperty("data")));
            var (type, read) = GroupRecordReader.Key(bytes);
            Assert.True(read is null || kind.StartsWith("Legacy", StringComparison.Ordinal) || read.GetType().Name == kind + "Key", $"type {type}");
            if (line.GetProperty("value").ValueKind == JsonValueKind.Null) continue;
            var version = line.GetProperty("value").GetProperty("version").GetInt16();
            Assert.Equal(version, Check(MessageOf(kind + "Value"), Convert.FromHexString(line.GetProperty("valueHex").GetString()!), version, line.GetProperty("value").GetProperty("data")));
        }
    }

    // Reads bytes behind their leading number, compares with what Kafka says they are, and writes them again. Gives the number.
    private static short Check(IApiMessage message, byte[] bytes, short version, JsonElement data)
    {
        var reader = new MessageReader(bytes);
        var leading = reader.Int16();
        message.Read(ref reader, version);
        Assert.Equal(0, reader.Remaining);
        using var writer = new MessageWriter();
        writer.Int16(leading);
        message.Write(writer, version);
        Assert.Equal(Convert.ToHexStringLower(bytes), Convert.ToHexStringLower(writer.ToArray()));
        var again = MessageOf(message.GetType().Name);
        again.ReadJson(data, version);
        using var fromJson = new MessageWriter();
        fromJson.Int16(leading);
        again.Write(fromJson, version);
        Assert.Equal(Convert.ToHexStringLower(bytes), Convert.ToHexStringLower(fromJson.ToArray()));
        return leading;
    }

    private static string NameOf(JsonElement line) => line.GetProperty("key").GetProperty("name").GetString()!;

    private static IApiMessage MessageOf(string name) => (IApiMessage)Activator.CreateInstance(typeof(IApiMessage).Assembly.GetType("AkkaStream.Client.Protocol." + name)!)!;
}
