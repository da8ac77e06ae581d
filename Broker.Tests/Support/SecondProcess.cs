using System.Diagnostics;
using System.Globalization;
using AkkaStream.Host.Simulation;
using AkkaStream.Tests.Akka.Cluster.Processes;
using AkkaStream.Tests.Akka.Cluster.Simulated;
using AkkaStream.Tests.Akka.Simulation;
using AkkaStream.Tests.Cluster;

namespace AkkaStream.Tests.Support;

/// <summary>This assembly as a program of its own, for what must be the same in two processes: <c>dotnet AkkaStream.Tests.dll SCENARIO FROM COUNT</c> prints a line for each seed; <c>copy ADDRESS</c> is <see cref="CopyProgram"/>.</summary>
internal static class SecondProcess
{
    /// <summary>The scenarios by name: a seed's hash.</summary>
    private static readonly Dictionary<string, Func<ulong, ulong>> Scenarios = new()
    {
        ["gossip"] = seed => Gossip.Run(seed).TraceHash,
        ["membership"] = seed => MembershipSimulation.Run(seed).TraceHash,
        ["singleton"] = seed => SingletonSimulation.Run(seed).TraceHash,
        ["sharding"] = seed => ShardingSimulation.Run(seed).TraceHash,
        ["remember"] = seed => RememberSimulation.Run(seed).TraceHash,
        ["producer"] = seed => ProducerScenario.Run(seed).TraceHash,
        ["relay"] = seed => RelayScenario.Run(seed).TraceHash,
        ["replicas"] = seed => ReplicaScenario.Run(seed).TraceHash,
    };

    public static int Main(string[] args)
    {
        if (args[0] == ClusterNodeProcess.Verb) return ClusterNodeProcess.Run(args);
        if (args[0] == NodeProgram.Verb) return NodeProgram.Run(args);
        if (args[0] == "copy") return CopyProgram.Run(args[1]).GetAwaiter().GetResult();
        foreach (var hash in HashesHere(args[0], ulong.Parse(args[1], CultureInfo.InvariantCulture), int.Parse(args[2], CultureInfo.InvariantCulture))) Console.WriteLine(hash.ToString("x16", CultureInfo.InvariantCulture));
        return 0;
    }

    /// <summary>The hashes of seeds, made in this process.</summary>
    public static IEnumerable<ulong> HashesHere(string scenario, ulong from, int count) => Enumerable.Range(0, count).Select(i => Scenarios[scenario](from + (ulong)i));

    /// <summary>The hashes of seeds, made in another process.</summary>
    public static async Task<List<ulong>> HashesThere(string scenario, ulong from, int count)
    {
        var dotnet = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        var start = new ProcessStartInfo(dotnet, [typeof(SecondProcess).Assembly.Location, scenario, from.ToString(CultureInfo.InvariantCulture), count.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => ulong.Parse(line, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
    }
}
