using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Client.Producer;

/// <summary>A transaction failed.</summary>
public class TransactionException : Exception, IClientError
{
    /// <summary>An error of a transaction.</summary>
    /// <param name="code">The broker's error.</param>
    /// <param name="isFatal">Whether the producer is of no more use.</param>
    /// <param name="message">A sentence for people.</param>
    public TransactionException(ErrorCode code, bool isFatal, string message) : base(message)
    {
        Code = code;
        IsFatal = isFatal;
    }

    /// <summary>The broker's error.</summary>
    public ErrorCode Code { get; }

    /// <summary>True: the producer is of no more use. False: abort the transaction and go on.</summary>
    public bool IsFatal { get; }

    /// <summary>Whether another producer with the same transactional id took over.</summary>
    public bool IsFenced => Code is ErrorCode.ProducerFenced or ErrorCode.InvalidProducerEpoch;

    /// <inheritdoc/>
    public ErrorKind Kind => IsFatal ? IsFenced ? ErrorKind.Fenced : ErrorKind.Fatal : ErrorKind.Abortable;

    internal static TransactionException Of(ErrorCode code, bool isFatal, string message)
        => isFatal && code is ErrorCode.ProducerFenced or ErrorCode.InvalidProducerEpoch ? new ProducerFencedException(code, message) : new TransactionException(code, isFatal, message);
}

/// <summary>Another producer with the same transactional id took over: this one has to be closed, and whatever it had open is aborted.</summary>
public sealed class ProducerFencedException : TransactionException
{
    /// <summary>A producer was fenced.</summary>
    /// <param name="code">The broker's error.</param>
    /// <param name="message">A sentence for people.</param>
    public ProducerFencedException(ErrorCode code, string message) : base(code, isFatal: true, message)
    {
    }
}
