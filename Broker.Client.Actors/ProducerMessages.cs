using AkkaStream.Client.Cluster;
using AkkaStream.Client.Producer;

namespace AkkaStream.Client.Actors;

/// <summary>What a <see cref="ProducerActor{TKey, TValue}"/> is told, and answers.</summary>
public static class ProducerMessages
{
    /// <summary>Send a record. The sender hears <see cref="Produced"/> or <see cref="Refused"/>, once.</summary>
    /// <param name="Message">The record.</param>
    /// <param name="Correlation">Comes back with the answer; null for none.</param>
    public sealed record Produce<TKey, TValue>(Message<TKey, TValue> Message, object? Correlation = null);

    /// <summary>A record is as safe as the producer's <see cref="ProducerOptions.Acks"/> asks for.</summary>
    /// <param name="Location">Where it is.</param>
    /// <param name="Correlation">Of the <see cref="Produce{TKey, TValue}"/>.</param>
    public sealed record Produced(RecordLocation Location, object? Correlation);

    /// <summary>A record is not in the log, as far as is known.</summary>
    /// <param name="Kind">What can be done.</param>
    /// <param name="Why">A sentence.</param>
    /// <param name="Correlation">Of the <see cref="Produce{TKey, TValue}"/>.</param>
    public sealed record Refused(ErrorKind Kind, string Why, object? Correlation);

    /// <summary>Answer with <see cref="Flushed"/> when everything sent before was acknowledged or refused.</summary>
    public sealed record Flush
    {
        /// <summary>The message.</summary>
        public static readonly Flush Instance = new();
    }

    /// <summary>Everything sent before the <see cref="Flush"/> was acknowledged or refused.</summary>
    public sealed record Flushed
    {
        /// <summary>The message.</summary>
        public static readonly Flushed Instance = new();
    }
}
