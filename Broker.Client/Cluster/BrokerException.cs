using AkkaStream.Client.Protocol;

namespace AkkaStream.Client.Cluster;

/// <summary>A broker refused a request.</summary>
public sealed class BrokerException : Exception, IClientError
{
    /// <summary>A refusal with what was asked and the broker's own words, if any.</summary>
    public BrokerException(ErrorCode code, string what, string? said = null) : base(said is { Length: > 0 } ? $"{what}: {said} ({code.Name()})" : $"{what}: {code.Name()}") => Code = code;

    /// <summary>The broker's error code.</summary>
    public ErrorCode Code { get; }

    /// <inheritdoc/>
    public ErrorKind Kind => Code.Kind();

    /// <summary>Throws unless <paramref name="code"/> is <see cref="ErrorCode.None"/>.</summary>
    public static void ThrowIf(ErrorCode code, string what, string? said = null)
    {
        if (code != ErrorCode.None) throw new BrokerException(code, what, said);
    }
}
