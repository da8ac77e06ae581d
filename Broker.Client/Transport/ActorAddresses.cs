namespace AkkaStream.Client.Transport;

/// <summary>Addresses of brokers as actors know them.</summary>
internal static class ActorAddresses
{
    /// <summary>What they begin with.</summary>
    public const string Scheme = "akka.tcp://";

    private const string Expected = "expected akka.tcp://system@host:port, for example akka.tcp://akkastream@127.0.0.1:9093";

    /// <summary>Whether a list of addresses is one of actors' addresses.</summary>
    /// <exception cref="FormatException">Some are and some are not.</exception>
    public static bool AreActors(string bootstrapServers)
    {
        var all = bootstrapServers.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var actors = all.Count(address => address.StartsWith(Scheme, StringComparison.Ordinal));
        if (actors == 0 || actors == all.Length) return actors > 0;
        throw new FormatException($"bootstrap.servers={bootstrapServers}: {actors} of {all.Length} addresses are actors' ones; give either akka.tcp://system@host:port for all, or host:port for all");
    }

    /// <summary>Reads a comma-separated list of addresses: the name of the brokers' actor systems, and where they are.</summary>
    /// <exception cref="FormatException">One of them is none, they name different systems, or the list is empty.</exception>
    public static (string System, IReadOnlyList<BrokerAddress> Brokers) Parse(string text)
    {
        string? system = null;
        var brokers = new List<BrokerAddress>();
        foreach (var address in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var at = address.IndexOf('@', StringComparison.Ordinal);
            var named = at > Scheme.Length && address.StartsWith(Scheme, StringComparison.Ordinal) ? address[Scheme.Length..at] : null;
            if (named is null || address.LastIndexOf(':') < at) throw new FormatException($"'{address}' is no actor's address: {Expected}");
            if (system is not null && system != named) throw new FormatException($"'{text}' names the systems {system} and {named}: all brokers of a cluster have the same one");
            system = named;
            brokers.Add(BrokerAddress.Parse(address[(at + 1)..]));
        }

        return system is null ? throw new FormatException($"no broker address: {Expected}") : (system, brokers);
    }
}
