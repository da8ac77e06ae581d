using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Client.Diagnostics;

/// <summary>
/// What the client tells OpenTelemetry, by its conventions for messaging: <c>AddSource(ClientTelemetry.Name)</c> and <c>AddMeter(ClientTelemetry.Name)</c>. Nothing is measured while nobody
/// listens. A trace goes on over a record by its headers <c>traceparent</c> and <c>tracestate</c> (W3C).
/// </summary>
public static class ClientTelemetry
{
    /// <summary>Name of the activity source and of the meter.</summary>
    public const string Name = "AkkaStream.Client";

    private const string TraceParent = "traceparent";
    private const string TraceState = "tracestate";
    private const string Kafka = "kafka";
    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> SentMessages = Meter.CreateCounter<long>("messaging.client.sent.messages", "{message}", "Messages that brokers acknowledged or refused.");
    private static readonly Counter<long> ConsumedMessages = Meter.CreateCounter<long>("messaging.client.consumed.messages", "{message}", "Messages that were fetched.");
    private static readonly Histogram<double> SendDuration = Meter.CreateHistogram<double>("messaging.client.operation.duration", "s", "From a batch's first record to its answer.");
    private static readonly Histogram<double> ProcessDuration = Meter.CreateHistogram<double>("messaging.process.duration", "s", "How long handlers took.");

    /// <summary>Whether traces are listened to.</summary>
    internal static bool Traces => Source.HasListeners();

    /// <summary>Begins the span of a send, as a child of the present one; null where it is not sampled.</summary>
    internal static Activity? StartSend(string topic)
    {
        var present = Activity.Current;
        var activity = Source.StartActivity($"send {topic}", ActivityKind.Producer);
        Describe(activity, topic, "send");
        // It ends on another thread: what the caller does next is no part of it.
        Activity.Current = present;
        return activity;
    }

    /// <summary>The headers with the span's context behind them.</summary>
    internal static IReadOnlyList<RecordHeader> WithContext(Activity activity, IReadOnlyList<RecordHeader>? headers)
    {
        List<RecordHeader> all = headers is null ? [] : [.. headers.Where(h => h.Key is not (TraceParent or TraceState))];
        if (activity.Id is { } id) all.Add(new RecordHeader(TraceParent, Encoding.ASCII.GetBytes(id)));
        if (activity.TraceStateString is { Length: > 0 } state) all.Add(new RecordHeader(TraceState, Encoding.ASCII.GetBytes(state)));
        return all;
    }

    /// <summary>Ends the span of a send.</summary>
    internal static void EndSend(Activity activity, in Producer.DeliveryReport report)
    {
        activity.SetTag("messaging.destination.partition.id", report.Location.Partition.Partition.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (report.IsDelivered) activity.SetTag("messaging.kafka.offset", report.Location.Offset);
        else Fail(activity, report.Error.Name());
        activity.Dispose();
    }

    /// <summary>Ends the span of a send that came into no batch.</summary>
    internal static void EndSend(Activity? activity, Exception refused)
    {
        if (activity is null) return;
        Fail(activity, refused.GetType().Name);
        activity.Dispose();
    }

    /// <summary>Begins the span of a record's handling, as a child of that of its sender; null where it is not sampled.</summary>
    internal static Activity? StartProcess(TopicPartition partition, long offset, IReadOnlyList<RecordHeader> headers)
    {
        string? parent = null, state = null;
        foreach (var header in headers)
        {
            if (header.Key == TraceParent && header.Value is { } id) parent = Encoding.ASCII.GetString(id.Span);
            else if (header.Key == TraceState && header.Value is { } more) state = Encoding.ASCII.GetString(more.Span);
        }

        _ = ActivityContext.TryParse(parent, state, isRemote: true, out var context);
        var activity = Source.StartActivity($"process {partition.Topic}", ActivityKind.Consumer, context);
        Describe(activity, partition.Topic, "process");
        activity?.SetTag("messaging.destination.partition.id", partition.Partition.ToString(System.Globalization.CultureInfo.InvariantCulture));
        activity?.SetTag("messaging.kafka.offset", offset);
        return activity;
    }

    /// <summary>A span, or what it stands for, failed.</summary>
    internal static void Fail(Activity? activity, string error)
    {
        activity?.SetTag("error.type", error);
        activity?.SetStatus(ActivityStatusCode.Error);
    }

    /// <summary>A batch was answered for good.</summary>
    internal static void Sent(string topic, int records, double seconds, ErrorCode error)
    {
        if (!SentMessages.Enabled && !SendDuration.Enabled) return;
        var tags = Tags(topic, "send", error == ErrorCode.None ? null : error.Name());
        SentMessages.Add(records, tags);
        SendDuration.Record(seconds, tags);
    }

    /// <summary>Records of a topic were fetched.</summary>
    internal static void Consumed(string topic, int records)
    {
        if (ConsumedMessages.Enabled && records > 0) ConsumedMessages.Add(records, Tags(topic, "poll", null));
    }

    /// <summary>A handler ended.</summary>
    internal static void Processed(string topic, double seconds, string? error)
    {
        if (ProcessDuration.Enabled) ProcessDuration.Record(seconds, Tags(topic, "process", error));
    }

    private static TagList Tags(string topic, string operation, string? error)
    {
        var tags = new TagList { { "messaging.system", Kafka }, { "messaging.destination.name", topic }, { "messaging.operation.name", operation } };
        if (error is not null) tags.Add("error.type", error);
        return tags;
    }

    private static void Describe(Activity? activity, string topic, string operation)
    {
        activity?.SetTag("messaging.system", Kafka);
        activity?.SetTag("messaging.destination.name", topic);
        activity?.SetTag("messaging.operation.name", operation);
        activity?.SetTag("messaging.operation.type", operation);
    }
}
