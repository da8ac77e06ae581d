using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using AkkaStream.Client.Consumer;
using AkkaStream.Client.Diagnostics;
using AkkaStream.Host.Embedded;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Client.Hosting;

/// <summary>What OpenTelemetry gets to hear of a record's way.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public async Task A_trace_goes_on_from_the_sender_to_the_handler_and_messages_are_counted()
    {
        var topic = $"traced-{Guid.NewGuid():N}";
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == ClientTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> options) => options.Name.EndsWith(topic, StringComparison.Ordinal) ? ActivitySamplingResult.AllData : ActivitySamplingResult.None,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        var counted = new ConcurrentDictionary<string, double>();
        using var meters = new MeterListener { InstrumentPublished = (instrument, l) => { if (instrument.Meter.Name == ClientTelemetry.Name) l.EnableMeasurementEvents(instrument); } };
        meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Count(instrument, value, tags));
        meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Count(instrument, 1, tags));
        meters.Start();

        await using var broker = await EmbeddedBroker.StartAsync();
        await using var client = broker.Connect();
        await using var producer = client.CreateProducer<string, string>();
        await producer.SendAsync(topic, "k", "v");
        Assert.Null(Activity.Current);
        await using var consumer = client.CreateConsumer<string, string>(new ConsumerOptions { AutoOffsetReset = AutoOffsetReset.Earliest });
        await consumer.AssignAsync([new(topic, 0)]);
        using var stop = new CancellationTokenSource();
        string? inside = null;
        await consumer.HandleAsync((_, _) =>
        {
            inside = Activity.Current?.OperationName;
            stop.Cancel();
            return default;
        }, stopping: stop.Token);

        await Eventually.Holds(() => spans.Count == 2, "both spans have ended");
        var (send, process) = (spans.Single(s => s.Kind == ActivityKind.Producer), spans.Single(s => s.Kind == ActivityKind.Consumer));
        Assert.Equal((send.TraceId, send.SpanId), (process.TraceId, process.ParentSpanId));
        Assert.Equal(($"send {topic}", $"process {topic}", $"process {topic}"), (send.OperationName, process.OperationName, inside));
        Assert.Equal(("kafka", topic, "0", 0L), (process.GetTagItem("messaging.system"), process.GetTagItem("messaging.destination.name"), process.GetTagItem("messaging.destination.partition.id"), process.GetTagItem("messaging.kafka.offset")));
        Assert.Equal((1, 1, 1, 1), (counted["messaging.client.sent.messages"], counted["messaging.client.consumed.messages"], counted["messaging.client.operation.duration"], counted["messaging.process.duration"]));

        void Count(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            foreach (var tag in tags)
            {
                if (tag.Key == "messaging.destination.name" && Equals(tag.Value, topic)) counted.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value);
            }
        }
    }
}
