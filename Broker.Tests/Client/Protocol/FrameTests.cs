using System.Buffers.Binary;
using System.Text.Json;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Tests.Client.Protocol;

/// <summary>Whole frames of a conversation with Kafka, header and body, both ways.</summary>
public sealed class FrameTests
{
    private const int LengthBytes = 4;

    public static TheoryData<string> Ids => [.. MessageVector.Lines("frames.jsonl").Select(line => line.GetProperty("id").GetString()!).Distinct()];

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_request_and_its_answer_are_read_and_written_as_they_went(string id)
    {
        var lines = MessageVector.Lines("frames.jsonl").Where(line => line.GetProperty("id").GetString() == id).ToList();
        var request = lines.Single(line => line.GetProperty("direction").GetString() == "request");
        var header = CheckRequest(request);
        foreach (var answer in lines.Where(line => line.GetProperty("direction").GetString() == "response")) CheckAnswer(answer, header);
    }

    private static RequestHeader CheckRequest(JsonElement line)
    {
        var frame = Frame(line);
        var reader = new MessageReader(frame.AsMemory(LengthBytes));
        var header = RequestHeader.Read(ref reader);
        Assert.Equal(line.GetProperty("correlationId").GetInt32(), header.CorrelationId);
        Assert.Equal(line.GetProperty("apiVersion").GetInt16(), header.Version);
        Assert.Equal(line.GetProperty("header").GetProperty("clientId").GetString(), header.ClientId);
        // A version of ApiVersions that nobody knows: the header is that of the highest known one only by chance, the body is not read.
        if (!ApiMessages.Versions(header.Key).Has(header.Version)) return header;
        Assert.Equal(line.GetProperty("headerVersion").GetInt16(), ApiMessages.Versions(header.Key).RequestHeaderVersion(header.Version));
        Assert.Equal(line.GetProperty("bodyAt").GetInt32(), reader.Position + LengthBytes);
        var body = ApiMessages.CreateRequest(header.Key)!;
        CheckBody(body, ref reader, line);
        using var writer = new MessageWriter();
        header.Write(writer);
        body.Write(writer, header.Version);
        Assert.Equal(Convert.ToHexStringLower(frame.AsSpan(LengthBytes)), Convert.ToHexStringLower(writer.ToArray()));
        return header;
    }

    private static void CheckAnswer(JsonElement line, RequestHeader header)
    {
        var frame = Frame(line);
        var version = line.GetProperty("bodyVersion").GetInt16();
        var reader = new MessageReader(frame.AsMemory(LengthBytes));
        Assert.Equal(header.CorrelationId, ResponseHeader.Read(ref reader, header));
        Assert.Equal(line.GetProperty("bodyAt").GetInt32(), reader.Position + LengthBytes);
        var body = ApiMessages.CreateResponse(header.Key)!;
        CheckBody(body, ref reader, line);
        using var writer = new MessageWriter();
        ResponseHeader.Write(writer, header);
        body.Write(writer, version);
        Assert.Equal(Convert.ToHexStringLower(frame.AsSpan(LengthBytes)), Convert.ToHexStringLower(writer.ToArray()));
    }

    private static void CheckBody(IApiMessage body, ref MessageReader reader, JsonElement line)
    {
        var version = line.GetProperty("bodyVersion").GetInt16();
        body.Read(ref reader, version);
        Assert.Equal(0, reader.Remaining);
        var json = MessageVector.ToJson(body, version);
        Assert.True(JsonElement.DeepEquals(line.GetProperty("body"), json), $"expected {line.GetProperty("body")}\n   found {json}");
    }

    private static byte[] Frame(JsonElement line)
    {
        var frame = Convert.FromHexString(line.GetProperty("hex").GetString()!);
        Assert.Equal(frame.Length - LengthBytes, BinaryPrimitives.ReadInt32BigEndian(frame));
        return frame;
    }
}
