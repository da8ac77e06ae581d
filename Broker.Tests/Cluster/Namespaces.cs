using System.Diagnostics;
using System.Globalization;

namespace AkkaStream.Tests.Cluster;

/// <summary>
/// A network namespace for each broker, with two ways out of it: one for clients, one for the other brokers, which can be cut. Linux only, and as root with <c>ip</c> (iproute2); what it made
/// goes with it.
/// </summary>
internal sealed class Namespaces : IDisposable
{
    private readonly string tag = string.Create(CultureInfo.InvariantCulture, $"as{Environment.ProcessId % 100_000}");
    private readonly int count;

    /// <summary>Makes them.</summary>
    /// <exception cref="InvalidOperationException"><c>ip</c> failed.</exception>
    public Namespaces(int count)
    {
        this.count = count;
        foreach (var way in Ways)
        {
            Ip($"link add {Bridge(way)} type bridge");
            Ip($"link set {Bridge(way)} up");
        }

        Ip($"addr add {ForClients(254)}/24 dev {Bridge('c')}");
        for (var id = 1; id <= count; id++)
        {
            Ip($"netns add {Name(id)}");
            Ip($"-n {Name(id)} link set lo up");
            foreach (var way in Ways)
            {
                Ip($"link add {End(way, id)} type veth peer name {way}0 netns {Name(id)}");
                Ip($"link set {End(way, id)} master {Bridge(way)} up");
                Ip($"-n {Name(id)} addr add {(way == 'c' ? ForClients(id) : ForBrokers(id))}/24 dev {way}0");
                Ip($"-n {Name(id)} link set {way}0 up");
            }
        }
    }

    private static readonly char[] Ways = ['c', 'p'];

    /// <summary>Whether they can be made here.</summary>
    public static bool CanBeMade => OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && File.Exists("/usr/sbin/ip");

    /// <summary>Where clients find a broker.</summary>
    public static string ForClients(int id) => string.Create(CultureInfo.InvariantCulture, $"10.231.1.{id}");

    /// <summary>Where other brokers find it.</summary>
    public static string ForBrokers(int id) => string.Create(CultureInfo.InvariantCulture, $"10.231.2.{id}");

    /// <summary>What to put in front of a command, for it to run there.</summary>
    public IReadOnlyList<string> Inside(int id) => ["/usr/sbin/ip", "netns", "exec", Name(id)];

    /// <summary>Nothing goes from this broker to the others any more, or comes from them; nobody is told.</summary>
    public void Cut(int id) => Ip($"link set {End('p', id)} down");

    /// <summary>It does again.</summary>
    public void Heal(int id) => Ip($"link set {End('p', id)} up");

    public void Dispose()
    {
        for (var id = 1; id <= count; id++) Ip($"netns del {Name(id)}");
        foreach (var way in Ways) Ip($"link del {Bridge(way)}");
    }

    private string Name(int id) => string.Create(CultureInfo.InvariantCulture, $"{tag}-{id}");

    private string Bridge(char way) => $"{tag}b{way}";

    private string End(char way, int id) => string.Create(CultureInfo.InvariantCulture, $"{tag}{way}{id}");

    private static void Ip(string arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("/usr/sbin/ip", arguments) { RedirectStandardError = true })!;
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"ip {arguments}: {said}");
    }
}
