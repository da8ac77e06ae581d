using System.Globalization;
using System.Net;
using Akka.Cluster.Hosting;
using Akka.Hosting;
using Akka.Remote.Hosting;

namespace AkkaStream.Lighthouse;

/// <summary>
/// What the environment says: <c>ACTORSYSTEM</c> (default <c>lighthouse</c>), <c>CLUSTER_IP</c> (the public host; default this machine's name), <c>CLUSTER_PORT</c> (default 4053),
/// <c>CLUSTER_SEEDS</c> (addresses with commas between them; default this node itself, which then begins the cluster).
/// </summary>
public sealed record LighthouseOptions(string SystemName, string Host, int Port, IReadOnlyList<string> Seeds)
{
    private const int DefaultPort = 4053;

    /// <summary>By the environment. Throws <see cref="FormatException"/> with a sentence where a value makes no sense.</summary>
    public static LighthouseOptions FromEnvironment(Func<string, string?> variable)
    {
        var system = Given(variable, "ACTORSYSTEM") ?? "lighthouse";
        var host = Given(variable, "CLUSTER_IP") ?? Dns.GetHostName();
        var port = DefaultPort;
        if (Given(variable, "CLUSTER_PORT") is { } text && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is 0 or > 65535))
        {
            throw new FormatException($"CLUSTER_PORT is '{text}': a port is a number from 1 to 65535.");
        }

        var self = string.Create(CultureInfo.InvariantCulture, $"akka.tcp://{system}@{host}:{port}");
        var seeds = (Given(variable, "CLUSTER_SEEDS") ?? self).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(seed => seed.Trim('[', ']', '"', ' ')).ToList();
        foreach (var seed in seeds)
        {
            if (!Akka.Actor.Address.TryParse(seed, out var address) || !address.HasGlobalScope) throw new FormatException($"CLUSTER_SEEDS holds '{seed}': a seed is an address such as {self}.");
            if (address.System != system) throw new FormatException($"CLUSTER_SEEDS holds '{seed}', whose system is '{address.System}': this one's is '{system}' (ACTORSYSTEM), and all of a cluster have the same.");
        }

        return new LighthouseOptions(system, host, port, seeds);
    }

    /// <summary>Makes the system a seed node.</summary>
    public void Apply(AkkaConfigurationBuilder builder)
        => builder
            .WithRemoting(new RemoteOptions { HostName = "0.0.0.0", PublicHostName = Host, Port = Port })
            .WithClustering(new ClusterOptions { SeedNodes = [.. Seeds], Roles = ["lighthouse"] });

    private static string? Given(Func<string, string?> variable, string name) => variable(name) is { Length: > 0 } value ? value.Trim() : null;
}
