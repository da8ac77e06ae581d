using System.CommandLine;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Transport;
using AkkaStream.Host.Cluster;
using AkkaStream.Host.Start;
using Spectre.Console;

namespace AkkaStream.Host.Verbs;

/// <summary><c>cluster</c>: several brokers as processes of this machine, with a table of who leads what, until Ctrl-C.</summary>
internal static class ClusterVerb
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    internal static Command Create(TextWriter output, TextWriter error)
    {
        var brokers = new Option<int>("--brokers", "-n") { Description = "How many brokers.", DefaultValueFactory = _ => 3 };
        var data = new Option<string>("--data") { Description = "Folder of their logs.", DefaultValueFactory = _ => Path.Combine("data", "cluster") };
        var port = new Option<int>("--port") { Description = "Port of the first broker for clients; the others follow.", DefaultValueFactory = _ => 9092 };
        var clusterPort = new Option<int>("--cluster-port") { Description = "Port of the first broker for the others; those follow.", DefaultValueFactory = _ => 19092 };
        var consolePort = new Option<int>("--pbm-port") { Description = "Port of the first broker for pbm; the others follow.", DefaultValueFactory = _ => 9110 };
        var restart = new Option<double>("--restart-after") { Description = "Seconds after which a broker that ended is started again; 0 leaves it down.", DefaultValueFactory = _ => 10 };
        var plain = new Option<bool>("--plain") { Description = "A line for each change in place of the table, as where the output is no terminal." };
        var overrides = new Option<string[]>("--override") { Description = "A setting of all brokers, KEY=VALUE; may be repeated." };
        var cluster = new Command("cluster", "Start several brokers on this machine as one cluster, and show who leads what, until Ctrl-C. Kill one and look.") { brokers, data, port, clusterPort, consolePort, restart, plain, overrides };
        cluster.SetAction((parsed, _) =>
        {
            var count = parsed.GetValue(brokers);
            if (count is < 2 or > 9)
            {
                error.WriteLine($"--brokers {count}: a cluster on one machine has 2 to 9 brokers; for one broker leave the verb out");
                return Task.FromResult(VerbProgram.Misused);
            }

            var options = new LocalClusterOptions(count, Path.GetFullPath(parsed.GetValue(data)!), parsed.GetValue(port), parsed.GetValue(clusterPort), parsed.GetValue(consolePort), parsed.GetValue(overrides) ?? []);
            return Run(options, TimeSpan.FromSeconds(parsed.GetValue(restart)), parsed.GetValue(plain), output, error);
        });
        return cluster;
    }

    private static async Task<int> Run(LocalClusterOptions options, TimeSpan restartAfter, bool isPlain, TextWriter output, TextWriter error)
    {
        using var signals = new StopSignals();
        using var cluster = new LocalCluster(options);
        try
        {
            cluster.Start();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or System.ComponentModel.Win32Exception)
        {
            error.WriteLine(fault.Message);
            await cluster.StopAsync();
            return VerbProgram.Failed;
        }

        await using var transport = new WireTransport(BrokerAddress.ParseList(options.Bootstrap), new WireOptions { ClientId = "akkastream-cluster" });
        await using var client = new ClusterClient(transport, new ClusterOptions { OperationTimeout = Patience, RequestTimeout = Patience });
        var watch = new ClusterWatch(cluster, client, restartAfter);
        if (!isPlain && ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected) await Live(watch, options, signals);
        else await Lines(watch, options, signals, output);
        output.WriteLine("stopping");
        await cluster.StopAsync();
        return VerbProgram.Done;
    }

    private static Task Live(ClusterWatch watch, LocalClusterOptions options, StopSignals signals)
        => AnsiConsole.Live(ClusterTable.Of(watch, options, AnsiConsole.Profile.Height)).AutoClear(false).StartAsync(async live =>
        {
            live.Refresh();
            while (!signals.Asked.IsCompleted)
            {
                await Task.WhenAny(signals.Asked, watch.LookAsync());
                live.UpdateTarget(ClusterTable.Of(watch, options, AnsiConsole.Profile.Height));
                await Task.WhenAny(signals.Asked, Task.Delay(Interval));
            }
        });

    // Where nobody looks, a line for each change.
    private static async Task Lines(ClusterWatch watch, LocalClusterOptions options, StopSignals signals, TextWriter output)
    {
        output.WriteLine($"bootstrap servers {options.Bootstrap}; data and logs in {options.Data}");
        var last = "";
        while (!signals.Asked.IsCompleted)
        {
            await watch.LookAsync();
            var now = watch.ToString();
            if (now != last) output.WriteLine(now);
            last = now;
            await Task.WhenAny(signals.Asked, Task.Delay(Interval));
        }
    }
}
