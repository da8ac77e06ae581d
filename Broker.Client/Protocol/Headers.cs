namespace AkkaStream.Client.Protocol;

/// <summary>What stands before a request's body.</summary>
/// <param name="Key">The API.</param>
/// <param name="Version">The version of the request.</param>
/// <param name="CorrelationId">Comes back with the answer.</param>
/// <param name="ClientId">The client's own name, or null.</param>
public readonly record struct RequestHeader(ApiKey Key, short Version, int CorrelationId, string? ClientId)
{
    /// <summary>Reads a header: version 1, or 2 with tagged fields where the API's version is flexible.</summary>
    /// <exception cref="MalformedMessageException">The bytes do not fit.</exception>
    public static RequestHeader Read(ref MessageReader reader)
    {
        reader.Flexible = false;
        var key = (ApiKey)reader.Int16();
        var version = reader.Int16();
        var correlation = reader.Int32();
        // Also in version 2 the client id has a plain length: a broker must read it before it knows the version.
        var clientId = reader.NullableString();
        if (version >= ApiMessages.Versions(key).FlexibleFrom) SkipTags(ref reader);
        return new RequestHeader(key, version, correlation, clientId);
    }

    /// <summary>Writes a header.</summary>
    public void Write(MessageWriter writer)
    {
        writer.Flexible = false;
        writer.Int16((short)Key);
        writer.Int16(Version);
        writer.Int32(CorrelationId);
        writer.String(ClientId);
        if (Version >= ApiMessages.Versions(Key).FlexibleFrom) writer.UnsignedVarint(0);
    }

    /// <summary>Whether the answer's header has tagged fields. That of ApiVersions never has: a client reads it before it knows the version.</summary>
    public bool FlexibleAnswer => Key != ApiKey.ApiVersions && Version >= ApiMessages.Versions(Key).FlexibleFrom;

    internal static void SkipTags(ref MessageReader reader)
    {
        for (var left = reader.UnsignedVarint(); left > 0; left--)
        {
            reader.UnsignedVarint();
            reader.Skip(reader.UnsignedVarint());
        }
    }
}

/// <summary>What stands before an answer's body.</summary>
public static class ResponseHeader
{
    /// <summary>Writes the correlation id and, where the answer is flexible, an empty set of tagged fields.</summary>
    public static void Write(MessageWriter writer, in RequestHeader request)
    {
        writer.Int32(request.CorrelationId);
        if (request.FlexibleAnswer) writer.UnsignedVarint(0);
    }

    /// <summary>Reads the correlation id and passes over tagged fields.</summary>
    /// <exception cref="MalformedMessageException">The bytes do not fit.</exception>
    public static int Read(ref MessageReader reader, in RequestHeader request)
    {
        var correlation = reader.Int32();
        if (request.FlexibleAnswer) RequestHeader.SkipTags(ref reader);
        return correlation;
    }
}
