using System.Net;

namespace AkkaStream.Host.Kafka;

/// <summary>How many connections there are, in all and from each address, and how many there may be.</summary>
internal sealed class ConnectionQuota(int most, Func<IPAddress, int> mostFrom)
{
    private readonly Lock gate = new();
    private readonly Dictionary<IPAddress, int> byAddress = [];
    private int all;

    /// <summary>Connections that are open.</summary>
    public int Open => Volatile.Read(ref all);

    /// <summary>Counts one more, or gives the sentence that says why it may not be.</summary>
    public string? TryEnter(IPAddress address)
    {
        lock (gate)
        {
            if (all >= most) return $"{all} connections are open; max.connections is {most}";
            var ofAddress = byAddress.GetValueOrDefault(address);
            var limit = mostFrom(address);
            if (ofAddress >= limit) return $"{ofAddress} connections from {address} are open; max.connections.per.ip is {limit} for it";
            byAddress[address] = ofAddress + 1;
            all++;
            return null;
        }
    }

    /// <summary>One less.</summary>
    public void Leave(IPAddress address)
    {
        lock (gate)
        {
            all--;
            if (!byAddress.TryGetValue(address, out var count)) return;
            if (count > 1) byAddress[address] = count - 1;
            else byAddress.Remove(address);
        }
    }
}
