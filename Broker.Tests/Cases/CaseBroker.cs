using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Storage.Memory;
using AkkaStream.Host;

namespace AkkaStream.Tests.Cases;

/// <summary>The broker that the cases talk to: one for all of them, on a disk in memory, behind real sockets.</summary>
internal sealed record CaseBroker(string Host, int Port, Dictionary<string, object?> Known)
{
    /// <summary>How much later than recorded an answer may come on a machine that does other things too.</summary>
    public const int LoadSlackMs = 10_000;

    private static readonly Lazy<CaseBroker> Running = new(Start);

    /// <summary>The broker, started at the first use.</summary>
    public static CaseBroker Shared => Running.Value;

    private static CaseBroker Start()
    {
        var config = BrokerConfig.Create(new Dictionary<string, string>
        {
            ["node.id"] = "1",
            ["log.dirs"] = "/cases",
            ["listeners"] = "PLAINTEXT://127.0.0.1:0",
            ["group.initial.rebalance.delay.ms"] = "0",
        });
        var broker = RunningBroker.Start(config, new MemoryDisk(new Random(1)));
        var known = new Dictionary<string, object?>
        {
            ["node"] = 1L,
            ["host"] = "127.0.0.1",
            ["port"] = (long)broker.Port,
            ["cluster"] = broker.Node.ClusterId,
            ["zero"] = "AAAAAAAAAAAAAAAAAAAAAA",
        };
        return new CaseBroker("127.0.0.1", broker.Port, known);
    }
}
