using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.HealthCheck.Hosting;
using Akka.Hosting;
using Akka.Remote.Hosting;
using Akka.Remote.Transport;
using AkkaStream.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace AkkaStream.Tests.Akka.Hosting;

/// <summary>What a probe is told of a system and of its place in the cluster.</summary>
public sealed class HealthCheckTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_node_is_ready_when_it_is_up_and_neither_lives_nor_is_ready_when_it_has_ended()
    {
        using var host = Host(new MemoryNetwork(), "a", "a");
        await host.StartAsync();
        var system = host.Services.GetRequiredService<ActorSystem>();
        var cluster = global::Akka.Cluster.Cluster.Get(system);
        await Eventually.Holds(() => cluster.IsUp, "it is up");
        var report = await Report(host);
        Assert.Equal(HealthStatus.Healthy, report.Status);
        Assert.Equal("akka.tcp://hosted@a:1", report.Entries["akka-cluster"].Data["address"]);
        Assert.Contains("live", report.Entries["akka-system"].Tags);
        await system.Terminate().WaitAsync(Patience);
        report = await Report(host);
        Assert.Equal(HealthStatus.Unhealthy, report.Entries["akka-system"].Status);
        Assert.Equal(HealthStatus.Unhealthy, report.Entries["akka-cluster"].Status);
        Assert.Contains("has ended", report.Entries["akka-system"].Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_seeks_its_cluster_lives_and_is_not_ready()
    {
        using var host = Host(new MemoryNetwork(), "b", "nobody");
        await host.StartAsync();
        var report = await Report(host);
        Assert.Equal(HealthStatus.Healthy, report.Entries["akka-system"].Status);
        Assert.Equal(HealthStatus.Unhealthy, report.Entries["akka-cluster"].Status);
        await host.StopAsync().WaitAsync(Patience);
    }

    [Fact]
    public async Task One_without_a_cluster_says_so()
    {
        using var host = new HostBuilder().ConfigureServices(services =>
        {
            services.AddAkka("alone", akka => akka.AddHocon("akka.loglevel = OFF", HoconAddMode.Prepend));
            services.AddHealthChecks().AddAkkaCluster();
        }).Build();
        await host.StartAsync();
        var report = await Report(host);
        Assert.Contains("in no cluster", report.Entries["akka-cluster"].Description, StringComparison.Ordinal);
        await host.StopAsync().WaitAsync(Patience);
    }

    private static Task<HealthReport> Report(IHost host) => host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

    private static IHost Host(MemoryNetwork network, string name, string seed) => new HostBuilder().ConfigureServices(services =>
    {
        services.AddAkka("hosted", akka => akka
            .AddHocon("akka.loglevel = OFF", HoconAddMode.Prepend)
            .WithRemoting(name, 1)
            .AddSetup(new NetworkSetup(_ => network.Node()))
            .WithClustering(new ClusterOptions { SeedNodes = [$"akka.tcp://hosted@{seed}:1"] }));
        services.AddHealthChecks().AddAkkaSystem().AddAkkaCluster();
    }).Build();
}
