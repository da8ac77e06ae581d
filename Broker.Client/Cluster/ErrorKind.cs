using AkkaStream.Client.Protocol;

namespace AkkaStream.Client.Cluster;

/// <summary>What an application can do about an error.</summary>
public enum ErrorKind
{
    /// <summary>The same call may succeed later: a broker was not reached, or something is moving. The client has tried again already, for as long as it may.</summary>
    Retriable,

    /// <summary>The transaction can only be aborted; then the producer goes on.</summary>
    Abortable,

    /// <summary>Another instance took over: a producer with the same transactional id, or a group member with the same instance id.</summary>
    Fenced,

    /// <summary>This call cannot succeed (a record is too large, a name is not valid, something is not allowed); others can.</summary>
    Refused,

    /// <summary>The producer is of no more use.</summary>
    Fatal,
}

/// <summary>An error of the client, by what can be done about it: <c>catch (Exception e) when (e is IClientError { Kind: ErrorKind.Retriable })</c>.</summary>
public interface IClientError
{
    /// <summary>What can be done.</summary>
    ErrorKind Kind { get; }
}

/// <summary>Error codes by what can be done about them.</summary>
internal static class ErrorKinds
{
    /// <summary>The kind of a broker's refusal.</summary>
    public static ErrorKind Kind(this ErrorCode code) => code switch
    {
        ErrorCode.ProducerFenced or ErrorCode.FencedInstanceId => ErrorKind.Fenced,
        ErrorCode.TransactionAbortable or ErrorCode.InvalidProducerEpoch => ErrorKind.Abortable,
        _ when code.IsRetriable() => ErrorKind.Retriable,
        _ => ErrorKind.Refused,
    };
}
