using System.Buffers.Binary;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Client.Transport;

/// <summary>What a broker serves of what this client knows, as it said itself.</summary>
internal sealed class ServedVersions
{
    /// <summary>Nothing: nobody has said anything yet.</summary>
    public static readonly ServedVersions None = new(new ApiVersionsResponse());

    private readonly short[] versions = new short[(int)ApiMessages.All.Max() + 1];

    private ServedVersions(ApiVersionsResponse served)
    {
        Array.Fill(versions, (short)-1);
        TransactionVersion = served.FinalizedFeatures.Find(f => f.Name == "transaction.version")?.MaxVersionLevel ?? 0;
        foreach (var api in served.ApiKeys)
        {
            var known = ApiMessages.Versions((ApiKey)api.ApiKey);
            var highest = Math.Min(known.HighestStable, api.MaxVersion);
            if ((ushort)api.ApiKey < versions.Length && highest >= Math.Max(known.Lowest, api.MinVersion)) versions[api.ApiKey] = highest;
        }
    }

    /// <summary>See <see cref="IBrokerConnection.TransactionVersion"/>.</summary>
    public short TransactionVersion { get; }

    /// <summary>See <see cref="IBrokerConnection.VersionOf"/>.</summary>
    public short Of(ApiKey api) => (ushort)api < versions.Length ? versions[(int)api] : (short)-1;

    /// <summary>The question what a broker serves, with the client's name.</summary>
    public static ApiVersionsRequest Introduction() => new() { ClientSoftwareName = "akkastream-dotnet", ClientSoftwareVersion = "0.1.0" };

    /// <summary>Asks what the broker serves; an old broker that refuses the question is asked again in its oldest form.</summary>
    /// <param name="address">Whom, for errors.</param>
    /// <param name="ask">Sends the question in that version.</param>
    public static async ValueTask<ServedVersions> AskAsync(BrokerAddress address, Func<ApiVersionsRequest, short, ValueTask<ApiVersionsResponse>> ask)
    {
        var served = await ask(Introduction(), 3).ConfigureAwait(false);
        if (served.ErrorCode == ErrorCode.UnsupportedVersion) served = await ask(new ApiVersionsRequest(), 0).ConfigureAwait(false);
        return served.ErrorCode == ErrorCode.None ? new ServedVersions(served) : throw new TransportException($"{address} does not say what it serves: {served.ErrorCode.Name()}");
    }

    /// <summary>Reads an answer as it came, header and all.</summary>
    /// <param name="header">The header of its request.</param>
    /// <param name="bytes">The answer.</param>
    /// <param name="memory">What the bytes lie in, given back with the answer; null where they belong to nobody.</param>
    /// <exception cref="MalformedMessageException">It is no answer to that request.</exception>
    public static BrokerAnswer Decode(in RequestHeader header, ReadOnlyMemory<byte> bytes, IDisposable? memory)
    {
        var reader = new MessageReader(bytes);
        var correlation = ResponseHeader.Read(ref reader, header);
        if (correlation != header.CorrelationId) throw new MalformedMessageException($"an answer to request {correlation} where {header.CorrelationId} was due");
        var message = ApiMessages.CreateResponse(header.Key)!;
        var version = header.Version;
        if (header.Key == ApiKey.ApiVersions && version > 0 && reader.Remaining >= 2 && BinaryPrimitives.ReadInt16BigEndian(bytes.Span[reader.Position..]) == (short)ErrorCode.UnsupportedVersion) version = 0;
        message.Read(ref reader, version);
        return new BrokerAnswer(message, version, memory);
    }
}
