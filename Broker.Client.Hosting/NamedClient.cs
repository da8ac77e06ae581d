using System.Collections.Concurrent;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Configuration;
using AkkaStream.Client.Consumer;
using AkkaStream.Client.Producer;
using AkkaStream.Client.Serialization;
using Microsoft.Extensions.Logging;

namespace AkkaStream.Client.Hosting;

/// <summary>A client with its settings and loggers; disposed with the services.</summary>
internal sealed partial class NamedClient(ClientSettings settings, AkkaStreamClient client, ILoggerFactory loggers) : IAsyncDisposable
{
    private readonly ConcurrentBag<Func<ValueTask>> flushes = [];

    public ClientSettings Settings => settings;

    public AkkaStreamClient Client => client;

    public Producer<TKey, TValue> MakeProducer<TKey, TValue>(ISerializer<TKey>? keys, ISerializer<TValue>? values, Func<ProducerOptions, ProducerOptions>? options)
    {
        var log = loggers.CreateLogger("AkkaStream.Client.Producer");
        var producer = new Producer<TKey, TValue>(client.Cluster, options?.Invoke(settings.Producer) ?? settings.Producer, keys, values) { Retrying = why => Hindered(log, why) };
        flushes.Add(() => producer.FlushAsync());
        return producer;
    }

    public Consumer<TKey, TValue> MakeConsumer<TKey, TValue>(IDeserializer<TKey>? keys, IDeserializer<TValue>? values, Func<ConsumerOptions, ConsumerOptions>? options)
    {
        var log = loggers.CreateLogger("AkkaStream.Client.Consumer");
        var group = options?.Invoke(settings.Consumer) ?? settings.Consumer;
        return new Consumer<TKey, TValue>(client.Cluster, group, keys, values)
        {
            PartitionsAssigned = (partitions, _) => Tell(() => Assigned(log, group.GroupId, Show(partitions))),
            PartitionsRevoked = (partitions, _) => Tell(() => Revoked(log, group.GroupId, Show(partitions))),
            PartitionsLost = (partitions, _) => Tell(() => Lost(log, group.GroupId, Show(partitions))),
        };
    }

    /// <summary>Sends what the client's producers have; each is made once for the whole application.</summary>
    public async Task FlushAsync()
    {
        foreach (var flush in flushes)
        {
            try
            {
                await flush().ConfigureAwait(false);
            }
            catch (ObjectDisposedException)
            {
                // It has sent what it had.
                continue;
            }
        }
    }

    public ValueTask DisposeAsync() => client.DisposeAsync();

    private static ValueTask Tell(Action tell)
    {
        tell();
        return default;
    }

    private static string Show(IReadOnlyList<TopicPartition> partitions) => string.Join(", ", partitions);

    [LoggerMessage(1, LogLevel.Warning, "A producer is hindered and goes on trying: {Why}")]
    private static partial void Hindered(ILogger log, string why);

    [LoggerMessage(2, LogLevel.Information, "Group {Group}: assigned {Partitions}")]
    private static partial void Assigned(ILogger log, string? group, string partitions);

    [LoggerMessage(3, LogLevel.Information, "Group {Group}: revoked {Partitions}")]
    private static partial void Revoked(ILogger log, string? group, string partitions);

    [LoggerMessage(4, LogLevel.Warning, "Group {Group}: lost {Partitions}; the group went on without this member")]
    private static partial void Lost(ILogger log, string? group, string partitions);
}
