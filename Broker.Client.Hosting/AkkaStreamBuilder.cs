using System.Diagnostics.CodeAnalysis;
using AkkaStream.Client.Consumer;
using AkkaStream.Client.Consumer.Handling;
using AkkaStream.Client.Producer;
using AkkaStream.Client.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AkkaStream.Client.Hosting;

/// <summary>Adds what belongs to one client. Each call gives the same builder.</summary>
public sealed class AkkaStreamBuilder
{
    private readonly string key;

    internal AkkaStreamBuilder(IServiceCollection services, string? name)
    {
        Services = services;
        Name = name;
        key = name ?? Options.DefaultName;
    }

    /// <summary>The application's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>The client's name; null for the one without a name.</summary>
    public string? Name { get; }

    /// <summary>Adds a <see cref="Producer{TKey, TValue}"/>: one for the whole application, flushed when it ends.</summary>
    /// <param name="keys">Writes keys; one of <see cref="Serdes"/> by the type where left out.</param>
    /// <param name="values">Writes values; one of <see cref="Serdes"/> by the type where left out.</param>
    /// <param name="options">Changes what the configuration says.</param>
    public AkkaStreamBuilder AddProducer<TKey, TValue>(ISerializer<TKey>? keys = null, ISerializer<TValue>? values = null, Func<ProducerOptions, ProducerOptions>? options = null)
    {
        if (Name is null) Services.AddSingleton(provider => Client(provider).MakeProducer(keys, values, options));
        else Services.AddKeyedSingleton(Name, (provider, _) => Client(provider).MakeProducer(keys, values, options));
        return this;
    }

    /// <summary>Adds a <see cref="Consumer{TKey, TValue}"/>: another one for each who asks, who subscribes and reads, and stopped when its scope or the application ends.</summary>
    /// <param name="keys">Reads keys; one of <see cref="Serdes"/> by the type where left out.</param>
    /// <param name="values">Reads values; one of <see cref="Serdes"/> by the type where left out.</param>
    /// <param name="options">Changes what the configuration says.</param>
    public AkkaStreamBuilder AddConsumer<TKey, TValue>(IDeserializer<TKey>? keys = null, IDeserializer<TValue>? values = null, Func<ConsumerOptions, ConsumerOptions>? options = null)
    {
        if (Name is null) Services.AddTransient(provider => Client(provider).MakeConsumer(keys, values, options));
        else Services.AddKeyedTransient(Name, (provider, _) => Client(provider).MakeConsumer(keys, values, options));
        return this;
    }

    /// <summary>
    /// Adds a service that hands records to a handler as long as the application runs, as <see cref="Consumer{TKey, TValue}.HandleAsync"/> does. The handler is made anew for each record, in a scope of
    /// its own. Where it fails for good, the application is stopped.
    /// </summary>
    /// <param name="topics">What is read.</param>
    /// <param name="handling">How; the defaults where left out.</param>
    /// <param name="keys">Reads keys; one of <see cref="Serdes"/> by the type where left out.</param>
    /// <param name="values">Reads values; one of <see cref="Serdes"/> by the type where left out.</param>
    /// <param name="options">Changes what the configuration says.</param>
    public AkkaStreamBuilder AddHandler<TKey, TValue, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>(IReadOnlyList<string> topics, HandlerOptions? handling = null, IDeserializer<TKey>? keys = null, IDeserializer<TValue>? values = null, Func<ConsumerOptions, ConsumerOptions>? options = null)
        where THandler : class, IRecordHandler<TKey, TValue>
    {
        Services.AddScoped<THandler>();
        Services.AddSingleton<IHostedService>(provider => new HandlerService<TKey, TValue, THandler>(
            () => Client(provider).MakeConsumer(keys, values, options), topics, handling, provider.GetRequiredService<IServiceScopeFactory>(), provider.GetRequiredService<ILoggerFactory>()));
        return this;
    }

    /// <summary>Adds a health check: a broker of the cluster answers.</summary>
    /// <param name="name">The check's name; <c>akkastream</c>, with the client's name behind it where it has one, where left out.</param>
    /// <param name="timeout">How long a broker may take; 5 s where left out.</param>
    /// <param name="tags">Tags of the check.</param>
    public AkkaStreamBuilder AddHealthCheck(string? name = null, TimeSpan? timeout = null, IEnumerable<string>? tags = null)
    {
        var check = name ?? (Name is null ? "akkastream" : $"akkastream-{Name}");
        Services.AddHealthChecks().Add(new HealthCheckRegistration(check, provider => new ClusterHealthCheck(Client(provider).Client), HealthStatus.Unhealthy, tags, timeout ?? TimeSpan.FromSeconds(5)));
        return this;
    }

    private NamedClient Client(IServiceProvider provider)
    {
        // Services are disposed in the reverse order in which they were made: what the application may ask for itself must not end before its producers.
        _ = Name is null ? provider.GetRequiredService<AkkaStreamClient>() : provider.GetRequiredKeyedService<AkkaStreamClient>(Name);
        return provider.GetRequiredKeyedService<NamedClient>(key);
    }
}

/// <summary>Handles records that a service of <see cref="AkkaStreamBuilder.AddHandler{TKey, TValue, THandler}"/> reads.</summary>
public interface IRecordHandler<TKey, TValue>
{
    /// <summary>Handles a record; what it throws leads to another try, see <see cref="HandlerOptions"/>.</summary>
    /// <param name="record">The record.</param>
    /// <param name="cancellation">Cancelled when the application stops and waits no longer.</param>
    ValueTask HandleAsync(ConsumeResult<TKey, TValue> record, CancellationToken cancellation);
}

/// <summary>Reads and hands over as long as the application runs.</summary>
internal sealed partial class HandlerService<TKey, TValue, THandler>(Func<Consumer<TKey, TValue>> make, IReadOnlyList<string> topics, HandlerOptions? handling, IServiceScopeFactory scopes, ILoggerFactory loggers) : BackgroundService
    where THandler : class, IRecordHandler<TKey, TValue>
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var consumer = make();
        consumer.Subscribe(topics);
        try
        {
            await consumer.HandleAsync(Handle, handling, stoppingToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Failed(loggers.CreateLogger("AkkaStream.Client.Handler"), string.Join(", ", topics), failure);
            throw;
        }
    }

    private async ValueTask Handle(ConsumeResult<TKey, TValue> record, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<THandler>().HandleAsync(record, cancellation).ConfigureAwait(false);
    }

    [LoggerMessage(1, LogLevel.Error, "Handling {Topics} has ended")]
    private static partial void Failed(ILogger log, string topics, Exception failure);
}

/// <summary>Whether a broker answers.</summary>
internal sealed class ClusterHealthCheck(AkkaStreamClient client) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var cluster = await client.Admin.DescribeClusterAsync(cancellationToken).ConfigureAwait(false);
            var data = new Dictionary<string, object> { ["cluster.id"] = cluster.ClusterId, ["brokers"] = cluster.Brokers.Count, ["controller"] = cluster.ControllerId };
            return HealthCheckResult.Healthy($"{cluster.Brokers.Count} broker(s) of cluster {cluster.ClusterId}", data);
        }
        catch (Exception unreached) when (unreached is Cluster.IClientError or OperationCanceledException)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, unreached is OperationCanceledException ? "no broker answered in time" : unreached.Message, unreached);
        }
    }
}
