using System.Collections.Concurrent;
using Akka.Hosting;
using AkkaStream.Client;
using AkkaStream.Client.Actors;
using AkkaStream.Client.Admin;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Consumer;
using AkkaStream.Client.Consumer.Handling;
using AkkaStream.Client.Hosting;
using AkkaStream.Client.Producer;
using AkkaStream.Host.Embedded;
using AkkaStream.Tests.Client.Specification;
using AkkaStream.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AkkaStream.Tests.Client.Hosting;

/// <summary>Clients as services of an application.</summary>
public sealed class HostingTests
{
    [Fact]
    public async Task Producers_consumers_handlers_and_health_come_from_the_configuration()
    {
        await using var broker = await EmbeddedBroker.StartAsync(new EmbeddedBrokerOptions { Settings = new Dictionary<string, string> { ["group.initial.rebalance.delay.ms"] = "0" } });
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["AkkaStream:producer:linger.ms"] = "1",
            ["AkkaStream:producer:acks"] = "all",
            ["AkkaStream:consumer:group.id"] = "shop",
            ["AkkaStream:consumer:auto.offset.reset"] = "earliest",
        });
        var log = new CollectedLog();
        builder.Logging.AddProvider(log);
        builder.Services.AddSingleton(new Seen());
        builder.Services.AddAkkaStream(builder.Configuration.GetSection("AkkaStream"), transport: _ => broker.Transport)
            .AddProducer<string, int>()
            .AddHandler<string, int, Handler>(["numbers"], new HandlerOptions { Parallelism = 4 })
            .AddHealthCheck();
        using var host = builder.Build();
        await host.StartAsync();
        var producer = host.Services.GetRequiredService<Producer<string, int>>();
        for (var i = 0; i < 20; i++) await producer.SendAsync("numbers", "k", i);
        var seen = host.Services.GetRequiredService<Seen>();
        await Eventually.Holds(() => seen.Count == 20, "the handler has seen all");
        Assert.Equal(Enumerable.Range(0, 20), seen);
        var health = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(HealthStatus.Healthy, health.Entries["akkastream"].Status);
        Assert.Equal(1, health.Entries["akkastream"].Data["brokers"]);
        await host.StopAsync();
        Assert.Contains(log.Lines, l => l is ("AkkaStream.Client.Consumer", "Group shop: assigned numbers-0"));
        var admin = host.Services.GetRequiredService<AkkaStreamClient>().Admin;
        Assert.Equal(20, (await admin.ListGroupOffsetsAsync("shop")).Values.Sum(o => o.Offset));
    }

    [Fact]
    public async Task What_is_configured_wrongly_stops_the_start_with_a_sentence_for_each_fault()
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["A:producer:linger.mss"] = "1",
            ["A:producer:acks"] = "2",
            ["A:producer:group.id"] = "g",
            ["A:consumer:max.poll.records"] = "0",
            ["A:heartbeat.interval.ms"] = "50000",
        });
        builder.Services.AddAkkaStream(builder.Configuration.GetSection("A"), name: "one");
        builder.Services.AddAkkaStream(configure: o => o.Client["client.id"] = "x");
        using var host = builder.Build();
        var refused = await Assert.ThrowsAsync<AggregateException>(() => host.StartAsync());
        var faults = refused.InnerExceptions.OfType<OptionsValidationException>().SelectMany(e => e.Failures).ToList();
        Assert.Equal(
            [
                "bootstrap.servers is not set: expected host:port, several separated by commas",
                "client one: consumer: max.poll.records=0: expected a whole number, 1 or more",
                "client one: heartbeat.interval.ms has to be less than session.timeout.ms",
                "client one: producer: acks=2: expected all, 1 or 0",
                "client one: producer: group.id is a key of a consumer, not of a producer",
                "client one: producer: linger.mss is no key of a producer; did you mean linger.ms?",
            ],
            faults.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Named_clients_are_apart_and_an_unreachable_one_is_unhealthy()
    {
        await using var first = await EmbeddedBroker.StartAsync();
        await using var second = await EmbeddedBroker.StartAsync();
        var services = new ServiceCollection();
        services.AddAkkaStream(name: "first", transport: _ => first.Transport).AddProducer<string, string>().AddConsumer<string, string>();
        services.AddAkkaStream(name: "second", transport: _ => second.Transport).AddProducer<string, string>();
        services.AddAkkaStream(name: "gone", configure: o => o.Client["bootstrap.servers"] = "127.0.0.1:22999").AddHealthCheck(timeout: TimeSpan.FromMilliseconds(200));
        await using var provider = services.BuildServiceProvider();
        await provider.GetRequiredKeyedService<Producer<string, string>>("first").SendAsync("a", "k", "v");
        await provider.GetRequiredKeyedService<Producer<string, string>>("second").SendAsync("b", "k", "v");
        Assert.Equal("a", Assert.Single(await provider.GetRequiredKeyedService<AkkaStreamClient>("first").Admin.ListTopicsAsync()).Name);
        Assert.Equal("b", Assert.Single(await provider.GetRequiredKeyedService<AkkaStreamClient>("second").Admin.ListTopicsAsync()).Name);
        await using (var consumer = provider.GetRequiredKeyedService<Consumer<string, string>>("first"))
        {
            await consumer.AssignAsync(new Dictionary<TopicPartition, long> { [new("a", 0)] = 0 });
            await foreach (var record in consumer.ConsumeAsync())
            {
                Assert.Equal("v", record.Value);
                break;
            }
        }

        var health = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(HealthStatus.Unhealthy, health.Entries["akkastream-gone"].Status);
    }

    [Fact]
    public async Task Addresses_of_actors_are_reached_by_the_applications_actor_system_which_sends_all_before_it_ends()
    {
        await using var broker = await EmbeddedBroker.StartAsync(new EmbeddedBrokerOptions { Settings = new Dictionary<string, string> { ["group.initial.rebalance.delay.ms"] = "0", ["cluster.listener"] = "127.0.0.1:0" } });
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["AkkaStream:bootstrap.servers"] = broker.ActorAddress,
            ["AkkaStream:producer:linger.ms"] = "60000",
            ["AkkaStream:consumer:group.id"] = "shop",
            ["AkkaStream:consumer:auto.offset.reset"] = "earliest",
        });
        builder.Services.AddSingleton(new Seen());
        builder.Services.AddAkka("app", akka => akka.AddHocon(ActorCluster.Remote, HoconAddMode.Prepend)).AddAkkaStreamActors();
        builder.Services.AddAkkaStream(builder.Configuration.GetSection("AkkaStream")).AddProducer<string, int>().AddHandler<string, int, Handler>(["numbers"]).AddHealthCheck();
        using var host = builder.Build();
        await host.StartAsync();
        var health = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(HealthStatus.Healthy, health.Entries["akkastream"].Status);
        Assert.NotEqual(0, broker.Running.Node.Services.ActorClients.Sessions);
        var producer = host.Services.GetRequiredService<Producer<string, int>>();
        for (var i = 0; i < 10; i++) await producer.EnqueueAsync("numbers", "k", i);
        await producer.FlushAsync();
        var seen = host.Services.GetRequiredService<Seen>();
        await Eventually.Holds(() => seen.Count == 10, "the handler has seen all");
        // It would wait for more for a minute.
        await producer.EnqueueAsync("numbers", "k", 10);
        await host.StopAsync();
        await using var inside = broker.Connect();
        Assert.Equal(11, (await inside.Admin.ListOffsetsAsync(new Dictionary<TopicPartition, long> { [new("numbers", 0)] = OffsetSpec.Latest })).Values.Single().Offset);
        Assert.Equal(10, (await inside.Admin.ListGroupOffsetsAsync("shop")).Values.Sum(o => o.Offset));
        await Eventually.Holds(() => broker.Running.Node.Services.ActorClients.Sessions == 0, "no session is left");
    }

    [Theory]
    [InlineData("akka.tcp://akkastream@a:1", "bootstrap.servers are addresses of actors: add the actor transport with services.AddAkkaStreamActors() of AkkaStream.Client.Actors and an actor system with AddAkka, or give host:port")]
    [InlineData("akka.tcp://akkastream@a:1,b:2", "bootstrap.servers=akka.tcp://akkastream@a:1,b:2: expected host:port, several separated by commas, or akka.tcp://system@host:port for every one of them")]
    public async Task Addresses_that_cannot_be_served_stop_the_start(string servers, string sentence)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddAkkaStream(configure: o => o.Client["bootstrap.servers"] = servers);
        using var host = builder.Build();
        Assert.Equal([sentence], (await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync())).Failures);
    }

    private sealed class Seen : ConcurrentQueue<int>;

    private sealed class Handler(Seen seen) : IRecordHandler<string, int>
    {
        public ValueTask HandleAsync(ConsumeResult<string, int> record, CancellationToken cancellation)
        {
            seen.Enqueue(record.Value);
            return default;
        }
    }

    private sealed class CollectedLog : ILoggerProvider
    {
        public ConcurrentQueue<(string Category, string Line)> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => new CategoryLog(categoryName, this);

        public void Dispose()
        {
            // It holds nothing.
        }

        private sealed class CategoryLog(string category, CollectedLog all) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => all.Lines.Enqueue((category, formatter(state, exception)));
        }
    }
}
