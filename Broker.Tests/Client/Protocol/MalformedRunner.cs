using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text.Json;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Tests.Client.Protocol;

/// <summary>Sends the bad frames to a broker and compares what it does with what Kafka did: answer or close, and the error codes.</summary>
/// <param name="host">Where the broker is.</param>
/// <param name="port">Its port.</param>
/// <param name="codes">Whether error codes are compared too: false where only a door is there, and nobody behind it who knows them.</param>
internal sealed class MalformedRunner(string host, int port, bool codes = true)
{
    // An answer has this long to come. A broker that says nothing is believed sooner.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(300);
    private readonly Dictionary<ApiKey, (short Lowest, short Highest)> served = [];

    /// <summary>Sends every frame; gives a line for each that differs.</summary>
    public async Task<List<string>> Run(IEnumerable<MalformedFrame> frames)
    {
        await AskVersions();
        if (codes) await MakeTopic();
        var differences = new List<string>();
        foreach (var frame in frames)
        {
            if (await Difference(frame) is { } difference) differences.Add($"{frame.Group}/{frame.Id}: {difference}");
        }

        return differences;
    }

    private async Task<string?> Difference(MalformedFrame frame)
    {
        var header = HeaderOf(frame);
        var expected = Expected(frame, header);
        if (expected is null) return null;
        using var connection = await Connect();
        await Send(connection, frame);
        var (outcome, answer) = await Receive(connection, expected == MalformedOutcome.Silence ? Silence : Patience);
        if (outcome != expected) return $"expected {expected}, found {outcome}{(answer is null ? "" : " " + Convert.ToHexStringLower(answer))}";
        if (codes && outcome == MalformedOutcome.Answer && Codes(frame.Answer!, header!.Value) is var want && Codes(answer!, header.Value) is var got && want != got)
        {
            return $"expected error codes {want}, found {got}";
        }

        return frame.After is null || outcome == MalformedOutcome.Close ? null : await AfterDifference(connection, frame);
    }

    // What is not served closes the connection; what Kafka does not serve and we do proves nothing, be it promised or only for old clients.
    private MalformedOutcome? Expected(MalformedFrame frame, RequestHeader? header)
    {
        if (header is not { } h || h.Key == ApiKey.ApiVersions) return frame.Outcome;
        if (!served.TryGetValue(h.Key, out var range) || h.Version > range.Highest || h.Version < 0) return MalformedOutcome.Close;
        return h.Version < range.Lowest || frame.Group is "api-version" or "api-key" or "controller-only" ? null : frame.Outcome;
    }

    private async Task<string?> AfterDifference(TcpClient connection, MalformedFrame frame)
    {
        var expected = frame.After switch { "open" => MalformedOutcome.Answer, "closed" => MalformedOutcome.Close, _ => MalformedOutcome.Silence };
        if (frame.Id == "valid-two-in-one-write") await Receive(connection, Patience);
        try
        {
            await connection.GetStream().WriteAsync(Request(ApiKey.ApiVersions, 0, new ApiVersionsRequest()));
        }
        catch (IOException) when (expected == MalformedOutcome.Close)
        {
            return null;
        }

        var (outcome, _) = await Receive(connection, expected == MalformedOutcome.Silence ? Silence : Patience);
        return outcome == expected ? null : $"a good request afterwards: expected {expected}, found {outcome}";
    }

    private static async Task Send(TcpClient connection, MalformedFrame frame)
    {
        var stream = connection.GetStream();
        if (!frame.OneByteAWrite)
        {
            await stream.WriteAsync(frame.Bytes);
            return;
        }

        connection.NoDelay = true;
        for (var i = 0; i < frame.Bytes.Length; i++) await stream.WriteAsync(frame.Bytes.AsMemory(i, 1));
    }

    private static async Task<(MalformedOutcome Outcome, byte[]? Answer)> Receive(TcpClient connection, TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        try
        {
            var stream = connection.GetStream();
            var length = new byte[MalformedFrame.LengthBytes];
            await stream.ReadExactlyAsync(length, limit.Token);
            var answer = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
            await stream.ReadExactlyAsync(answer, limit.Token);
            return (MalformedOutcome.Answer, answer);
        }
        catch (OperationCanceledException)
        {
            return (MalformedOutcome.Silence, null);
        }
        catch (Exception e) when (e is IOException or EndOfStreamException)
        {
            return (MalformedOutcome.Close, null);
        }
    }

    private static RequestHeader? HeaderOf(MalformedFrame frame)
    {
        // The key and version stand at the front even where the rest of the header is bad, or the frame is longer than what was sent.
        if (frame.Bytes.Length < MalformedFrame.LengthBytes + 8 || frame.Group == "frame" && frame.Outcome != MalformedOutcome.Answer) return null;
        var reader = new MessageReader(frame.Bytes.AsMemory(MalformedFrame.LengthBytes));
        return new RequestHeader((ApiKey)reader.Int16(), reader.Int16(), reader.Int32(), null);
    }

    /// <summary>The error codes of an answer with their places, such as <c>.responses.partitionResponses.errorCode=87</c>, each once: how many topics there are does not matter.</summary>
    private static string Codes(byte[] answer, RequestHeader header)
    {
        if (answer.Length > 4 && BinaryPrimitives.ReadInt32BigEndian(answer) == answer.Length - 4) answer = answer[4..];
        var reader = new MessageReader(answer);
        if (ResponseHeader.Read(ref reader, header) != header.CorrelationId) return "of another correlation id";
        var body = ApiMessages.CreateResponse(header.Key)!;
        // An ApiVersions of an unknown version is answered in version 0.
        var version = ApiMessages.Versions(header.Key).Has(header.Version) ? header.Version : (short)0;
        body.Read(ref reader, version);
        var found = new SortedSet<string>(StringComparer.Ordinal);
        Collect(MessageVector.ToJson(body, version), "", found);
        return found.Count == 0 ? "(none)" : string.Join(", ", found);
    }

    private static void Collect(JsonElement json, string path, SortedSet<string> found)
    {
        if (json.ValueKind == JsonValueKind.Array)
        {
            foreach (var element in json.EnumerateArray()) Collect(element, path, found);
        }
        else if (json.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in json.EnumerateObject())
            {
                if (property.Name == "errorCode") found.Add($"{path}.errorCode={property.Value.GetInt16()}");
                else Collect(property.Value, $"{path}.{property.Name}", found);
            }
        }
    }

    private async Task AskVersions()
    {
        var answer = await Ask(ApiKey.ApiVersions, 0, new ApiVersionsRequest(), new ApiVersionsResponse());
        foreach (var api in answer.ApiKeys) served[(ApiKey)api.ApiKey] = (api.MinVersion, api.MaxVersion);
    }

    private async Task MakeTopic()
    {
        var request = new CreateTopicsRequest
        {
            TimeoutMs = 10_000,
            Topics = [new CreateTopicsRequest.CreatableTopic { Name = "bad-topic", NumPartitions = 1, ReplicationFactor = 1 }],
        };
        var answer = await Ask(ApiKey.CreateTopics, 5, request, new CreateTopicsResponse());
        Assert.Contains(answer.Topics[0].ErrorCode, new[] { ErrorCode.None, ErrorCode.TopicAlreadyExists });
    }

    private async Task<T> Ask<T>(ApiKey key, short version, IApiMessage request, T response)
        where T : IApiMessage
    {
        using var connection = await Connect();
        await connection.GetStream().WriteAsync(Request(key, version, request));
        var (_, answer) = await Receive(connection, Patience);
        Assert.NotNull(answer);
        var reader = new MessageReader(answer);
        ResponseHeader.Read(ref reader, new RequestHeader(key, version, 0, null));
        response.Read(ref reader, version);
        return response;
    }

    private static byte[] Request(ApiKey key, short version, IApiMessage body)
    {
        using var writer = new MessageWriter();
        writer.Int32(0);
        new RequestHeader(key, version, 4711, "malformed-runner").Write(writer);
        body.Write(writer, version);
        writer.PatchInt32(0, (int)writer.TotalLength - MalformedFrame.LengthBytes);
        return writer.ToArray();
    }

    private async Task<TcpClient> Connect()
    {
        var client = new TcpClient();
        await client.ConnectAsync(host, port);
        return client;
    }
}
