using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Hosting;
using Akka.Hosting.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AkkaStream.Tests.Akka.Hosting;

public sealed class HostingTests
{
    private sealed class Echo : ReceiveActor
    {
        public Echo() => ReceiveAny(message => Sender.Tell(message));
    }

    private sealed class Talker : ReceiveActor
    {
        public Talker() => ReceiveAny(message => Context.GetLogger().Warning("heard {0}", message));
    }

    private static IHost Host(Action<AkkaConfigurationBuilder> configure, ILoggerProvider? logs = null)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        if (logs is not null) builder.Logging.AddProvider(logs);
        builder.Services.AddAkka("hosted", configure);
        return builder.Build();
    }

    [Fact]
    public async Task A_system_starts_and_stops_with_its_host()
    {
        using var host = Host(akka => akka.WithActors((system, registry) => registry.Register<Echo>(system.ActorOf(Props.Create(() => new Echo()), "echo"))));
        await host.StartAsync();
        var system = host.Services.GetRequiredService<ActorSystem>();
        Assert.Equal("hosted", system.Name);
        var echo = host.Services.GetRequiredService<IRequiredActor<Echo>>().ActorRef;
        Assert.Equal("hello", await echo.Ask<string>("hello", TimeSpan.FromSeconds(20)));
        await host.StopAsync();
        Assert.True(system.WhenTerminated.IsCompletedSuccessfully);
        Assert.Same(CoordinatedShutdown.ClrExitReason.Instance, CoordinatedShutdown.Get(system).ShutdownReason);
    }

    [Fact]
    public async Task A_system_that_ends_stops_its_host()
    {
        using var host = Host(_ => { });
        await host.StartAsync();
        await host.Services.GetRequiredService<ActorSystem>().Terminate();
        var stopping = new TaskCompletionSource();
        using var registration = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopping.SetResult);
        await stopping.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_start_that_fails_fails_the_host()
    {
        using var host = Host(akka => akka.AddStartup((_, _) => throw new InvalidOperationException("meant")));
        Assert.Equal("meant", (await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync())).Message);
        await host.StopAsync();
    }

    [Fact]
    public async Task Actors_start_before_startup_tasks_and_in_order()
    {
        var order = new ConcurrentQueue<string>();
        using var host = Host(akka => akka
            .AddStartup((_, _) => order.Enqueue("startup"))
            .WithActors((_, _) => order.Enqueue("first"))
            .WithActors(async (_, _) =>
            {
                await Task.Yield();
                order.Enqueue("second");
            }));
        await host.StartAsync();
        Assert.Equal(["first", "second", "startup"], order);
        await host.StopAsync();
    }

    [Fact]
    public async Task Configuration_is_put_over_below_or_in_the_place_of_what_is_there()
    {
        using var host = Host(akka => akka
            .AddHocon("x = lost", HoconAddMode.Append)
            .AddHocon("a = 1, b = 1", HoconAddMode.Replace)
            .AddHocon("b = 2, c = 2", HoconAddMode.Prepend)
            .AddHocon("c = 3, d = 3", HoconAddMode.Append)
            .WithActorAskTimeout(TimeSpan.FromSeconds(7)));
        var config = host.Services.GetRequiredService<ActorSystem>().Settings.Config;
        Assert.Equal((1, 2, 2, 3), (config.GetInt("a"), config.GetInt("b"), config.GetInt("c"), config.GetInt("d")));
        Assert.False(config.HasPath("x"));
        Assert.Equal(TimeSpan.FromSeconds(7), config.GetTimeSpan("akka.actor.ask-timeout"));
        await host.Services.GetRequiredService<ActorSystem>().Terminate();
    }

    [Fact]
    public async Task Log_events_reach_the_hosts_logging()
    {
        var logs = new Logs();
        using var host = Host(
            akka => akka.ConfigureLoggers(loggers => loggers.ClearLoggers().AddLoggerFactory()).WithActors((system, _) => system.ActorOf(Props.Create(() => new Talker())).Tell("{a brace}")),
            logs);
        await host.StartAsync();
        await Support.Eventually.Holds(() => logs.Lines.Any(line => line.Contains("Talker Warning heard {a brace}", StringComparison.Ordinal)), "the actor's warning in the host's log");
        await host.StopAsync();
    }

    [Fact]
    public async Task The_registry_knows_its_actors()
    {
        using var system = ActorSystem.Create("registry");
        var registry = ActorRegistry.For(system);
        Assert.Same(registry, ActorRegistry.For(system));
        Assert.Throws<MissingActorRegistryEntryException>(() => registry.Get<Echo>());
        Assert.False(registry.TryGet<Echo>(out var nobody));
        Assert.Equal(ActorRefs.Nobody, nobody);
        var awaited = registry.GetAsync<Echo>();
        var echo = system.ActorOf(Props.Create(() => new Echo()));
        registry.Register<Echo>(echo);
        Assert.Equal(echo, await awaited);
        Assert.Equal(echo, registry.Get<Echo>());
        Assert.Throws<DuplicateActorRegistryException>(() => registry.Register<Echo>(system.DeadLetters));
        registry.Register<Echo>(system.DeadLetters, overwrite: true);
        Assert.Equal(system.DeadLetters, registry.Get<Echo>());
        Assert.Single(registry);
        await system.Terminate();
    }

    [Fact]
    public void The_hosts_configuration_reads_as_hocon()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["akka:loglevel"] = "DEBUG",
            ["akka:actor:list:0"] = "a \"quote\"",
            ["akka:actor:list:1"] = "b",
            ["akka:actor:dotted.key"] = "1",
            ["AKKA:COORDINATED_SHUTDOWN:exit-clr"] = "off",
        }).Build();
        var config = configuration.ToHocon();
        Assert.Equal("DEBUG", config.GetString("akka.loglevel"));
        Assert.Equal(["a \"quote\"", "b"], config.GetStringList("akka.actor.list"));
        Assert.Equal(1, config.GetInt("akka.actor.dotted.key"));
        Assert.False(configuration.ToHocon(normalizeKeys: true).GetBoolean("akka.coordinated-shutdown.exit-clr", true));
    }

    [Fact]
    public void Values_are_written_as_hocon()
    {
        Assert.Equal("a\\\"\n", ConfigurationFactory.ParseString("x = " + "a\\\"\n".ToHocon()).GetString("x"));
        Assert.Equal(TimeSpan.FromMilliseconds(1500), ConfigurationFactory.ParseString("x = " + TimeSpan.FromSeconds(1.5).ToHocon()).GetTimeSpan("x"));
        Assert.Equal("infinite", Timeout.InfiniteTimeSpan.ToHocon(allowInfinite: true));
        Assert.Throws<ArgumentOutOfRangeException>(() => Timeout.InfiniteTimeSpan.ToHocon());
        Assert.Equal("on", true.ToHocon());
    }

    private sealed class Logs : ILoggerProvider
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => new Logged(this, categoryName);

        public void Dispose()
        {
        }

        private sealed class Logged(Logs logs, string category) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull
                => null;

            public bool IsEnabled(Microsoft.Extensions.Logging.LogLevel logLevel) => true;

            public void Log<TState>(Microsoft.Extensions.Logging.LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
                => logs.Lines.Enqueue($"{category} {logLevel} {formatter(state, exception)}");
        }
    }
}
