using System.Globalization;
using System.Net;
using Akka.Cluster;
using Akka.Cluster.Hosting;
using Akka.Event;
using Akka.Hosting;
using Akka.Remote.Hosting;
using Petabridge.Cmd.Cluster;
using Petabridge.Cmd.Host;

namespace AkkaStream.Lighthouse;

/// <summary>
/// What the environment says: <c>ACTORSYSTEM</c> (default <c>lighthouse</c>), <c>CLUSTER_IP</c> (the public host; default this machine's name), <c>CLUSTER_PORT</c> (default 4053),
/// <c>CLUSTER_SEEDS</c> (addresses with commas between them; default this node itself, which then begins the cluster), <c>PETABRIDGE_CMD_HOST</c> and <c>PETABRIDGE_CMD_PORT</c> (where
/// <c>pbm</c> finds it; default 127.0.0.1 and 9110).
/// </summary>
public sealed record LighthouseOptions(string SystemName, string Host, int Port, IReadOnlyList<string> Seeds)
{
    private const int DefaultPort = 4053;

    // A first seed node that is alone begins a cluster after 5 s, and has nothing to wait for.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(6);

    /// <summary>Where it listens for <c>pbm</c>; null for the default.</summary>
    public string? CommandHost { get; init; }

    /// <summary>At which port; null for the default.</summary>
    public int? CommandPort { get; init; }

    /// <summary>By the environment. Throws <see cref="FormatException"/> with a sentence where a value makes no sense.</summary>
    public static LighthouseOptions FromEnvironment(Func<string, string?> variable)
    {
        var system = Given(variable, "ACTORSYSTEM") ?? "lighthouse";
        var host = Given(variable, "CLUSTER_IP") ?? Dns.GetHostName();
        var port = PortOf(variable, "CLUSTER_PORT") ?? DefaultPort;

        if (!IsName(system)) throw new FormatException($"ACTORSYSTEM is '{system}': a system's name is of letters and digits, and of - and _ behind the first of them.");

        var self = string.Create(CultureInfo.InvariantCulture, $"akka.tcp://{system}@{host}:{port}");
        if (!Akka.Actor.Address.TryParse(self, out _)) throw new FormatException($"CLUSTER_IP is '{host}': it is the name or the address by which others reach this machine, and makes no address such as {self}.");

        var seeds = (Given(variable, "CLUSTER_SEEDS") ?? self).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(seed => seed.Trim('[', ']', '"', ' ')).ToList();
        foreach (var seed in seeds)
        {
            if (!Akka.Actor.Address.TryParse(seed, out var address) || !address.HasGlobalScope) throw new FormatException($"CLUSTER_SEEDS holds '{seed}': a seed is an address such as {self}.");
            if (address.System != system) throw new FormatException($"CLUSTER_SEEDS holds '{seed}', whose system is '{address.System}': this one's is '{system}' (ACTORSYSTEM), and all of a cluster have the same.");
        }

        return new LighthouseOptions(system, host, port, seeds) { CommandHost = Given(variable, "PETABRIDGE_CMD_HOST"), CommandPort = PortOf(variable, "PETABRIDGE_CMD_PORT") };
    }

    /// <summary>Makes the system a seed node.</summary>
    public void Apply(AkkaConfigurationBuilder builder)
        => builder
            .WithRemoting(new RemoteOptions { HostName = "0.0.0.0", PublicHostName = Host, Port = Port })
            .WithClustering(new ClusterOptions { SeedNodes = [.. Seeds], Roles = ["lighthouse"] });

    /// <summary>Has it say once what it waits for where no seed node answers.</summary>
    public void ApplyPatience(AkkaConfigurationBuilder builder)
        => builder.AddStartup((system, _) =>
        {
            var cluster = Akka.Cluster.Cluster.Get(system);
            var others = Seeds.Where(seed => seed != cluster.SelfAddress.ToString()).ToList();
            system.Scheduler.Advanced.ScheduleOnce(Patience, () =>
            {
                if (others.Count == 0 || cluster.IsTerminated || cluster.SelfMember.Status != MemberStatus.Removed) return;
                system.Log.Warning("in no cluster after {0} s: waits for an answer of {1} (CLUSTER_SEEDS). Does one of them run, at that address, and with the same CLUSTER_SEEDS?", Patience.TotalSeconds, string.Join(" or ", others));
            });
        });

    /// <summary>Lets <c>pbm</c> look into it, with the palette <c>cluster</c>.</summary>
    public void ApplyConsole(AkkaConfigurationBuilder builder)
        => builder.AddPetabridgeCmd(new PetabridgeCmdOptions { Host = CommandHost, Port = CommandPort }, cmd => cmd.RegisterCommandPalette(ClusterCommands.Instance));

    private static int? PortOf(Func<string, string?> variable, string name)
    {
        if (Given(variable, name) is not { } text) return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is not (0 or > 65535)) return port;
        throw new FormatException($"{name} is '{text}': a port is a number from 1 to 65535.");
    }

    private static bool IsName(string text) => char.IsAsciiLetterOrDigit(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static string? Given(Func<string, string?> variable, string name) => variable(name)?.Trim() is { Length: > 0 } value ? value : null;
}
