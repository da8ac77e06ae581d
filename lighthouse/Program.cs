using Akka.Actor;
using Akka.Hosting;
using Akka.Remote;
using AkkaStream.Lighthouse;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// The seed node: it joins, and does nothing else. SIGTERM has it leave the cluster before it ends. Exit codes: 0 it left or was stopped; 1 it could not start, or was given up by the cluster,
// and then is to be started again.
LighthouseOptions options;
try
{
    options = LighthouseOptions.FromEnvironment(Environment.GetEnvironmentVariable);
}
catch (FormatException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}

CoordinatedShutdown? shutdown = null;
var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { Args = args, DisableDefaults = true });
builder.Services.AddAkka(options.SystemName, akka =>
{
    options.Apply(akka);
    options.ApplyConsole(akka);
    options.ApplyPatience(akka);
    akka.AddStartup((system, _) => shutdown = CoordinatedShutdown.Get(system));
});

// Leaving takes as long as its phases; the host must not cut it short.
builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(60));
using var host = builder.Build();
try
{
    await host.RunAsync();
}
catch (RemoteTransportException e)
{
    await Console.Error.WriteLineAsync($"{e.Message}. Stop what listens there, or name another port with CLUSTER_PORT.");
    return 1;
}

return shutdown?.ShutdownReason is CoordinatedShutdown.ClusterDowningReason or CoordinatedShutdown.ClusterJoinUnsuccessfulReason ? 1 : 0;
