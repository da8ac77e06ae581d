using System.CommandLine;
using AkkaStream.Client.Admin;
using AkkaStream.Client.Transport;

namespace AkkaStream.Host.Verbs;

/// <summary><c>brokers [list]</c>: who is registered, who is there, and what each has.</summary>
internal static class BrokersVerb
{
    internal static Command Create(TextWriter output, TextWriter error, IBrokerTransport? transport = null)
    {
        var frame = new VerbFrame("brokers", "Show the brokers of the cluster: where they are, how they are, what they lead and hold.", output, error, transport);
        frame.Add(new Command("list", "List brokers; also without this word."), (parsed, session, cancellation) => List(frame, parsed, session, cancellation));
        frame.SetDefault((parsed, session, cancellation) => List(frame, parsed, session, cancellation));
        return frame.Command;
    }

    /// <summary>What a broker does, in a word or two.</summary>
    internal static string StateOf(ClusterBroker broker) => broker.IsFenced ? "fenced" : broker.IsShuttingDown ? "shutting down" : "registered";

    private static async Task<int> List(VerbFrame frame, ParseResult parsed, ClientSession session, CancellationToken cancellation)
    {
        var picture = await ClusterPicture.Read(session, cancellation);
        await picture.ReadSizes(session, cancellation);
        var quorum = await session.Admin.DescribeQuorumAsync(cancellation);
        var table = new RowTable("ID", "ADDRESS", "RACK", "STATE", "CONTROLLER", "LEADERS", "REPLICAS", "IN-SYNC", "SIZE");
        foreach (var broker in picture.Brokers)
        {
            var role = broker.Id == quorum.Leader ? "leader" : quorum.Voters.Any(v => v.Id == broker.Id) ? "voter" : null;
            var size = picture.DirectoriesOf(broker.Id)?.SelectMany(d => d.Replicas).Sum(r => r.SizeInBytes);
            table.Add(
                broker.Id,
                broker.Port == 0 ? null : $"{broker.Host}:{broker.Port}",
                broker.Rack,
                StateOf(broker) + (picture.IsCordoned(broker.Id) ? ", cordoned" : ""),
                role,
                picture.Partitions.Count(p => p.Partition.Leader == broker.Id),
                picture.Partitions.Count(p => p.Partition.Replicas.Contains(broker.Id)),
                picture.Partitions.Count(p => p.Partition.InSync.Contains(broker.Id)),
                size is { } bytes ? new ByteCount(bytes) : null);
        }

        foreach (var (broker, why) in picture.Silent) frame.Error.WriteLine($"broker {broker} did not say what it has: {why}");
        return frame.Show(parsed, table);
    }
}
