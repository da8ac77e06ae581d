using System.Diagnostics;
using System.Globalization;
using System.Text;
using AkkaStream.Client.Admin;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Consumer;
using AkkaStream.Client.Transport;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Cluster;

/// <summary>Real processes: a broker and a client that writes in transactions, both killed in the middle, again and again.</summary>
public sealed class TransactionKillTests : IDisposable
{
    private const int Lines = 3000;
    private const int LinesOfTransaction = 10;
    private const string Id = "copy";
    private static readonly TopicPartition Out = new("out", 0);
    private readonly Processes processes = new();

    public void Dispose() => processes.Dispose();

    [Fact]
    public async Task Every_line_is_committed_once_over_kills_of_broker_and_client()
    {
        var port = Processes.FreePort();
        var broker = await StartBroker(port);
        await using var cluster = new ClusterClient(new WireTransport([new BrokerAddress("127.0.0.1", port)]), new ClusterOptions { RetryBackoff = TimeSpan.FromMilliseconds(20), RetryBackoffMax = TimeSpan.FromMilliseconds(100) });
        var admin = new AdminClient(cluster);
        (await admin.CreateTopicsAsync([new NewTopic("out", 1)]))[0].ThrowIfFailed();
        var done = 0;
        for (var round = 0; done < Lines; round++)
        {
            Assert.True(round < 20, $"{done} lines after {round} clients");
            var client = StartClient(port, done);
            var end = await End(admin);
            if (round < 3)
            {
                // It is in the middle of its work: some transactions are committed, one is under way.
                await Eventually.Holds(async () => client.HasExited || await End(admin) > end + 200, "transactions are committed");
                if (round % 2 == 0) client.Kill();
                broker.Kill();
                await broker.WaitForExitAsync();
                broker = await StartBroker(port);
                if (round % 2 == 1)
                {
                    // This client lives on, over the death of its broker, for a while.
                    end = await End(admin);
                    await Eventually.Holds(async () => client.HasExited || await End(admin) > end + 100, "the client goes on");
                    client.Kill();
                }
            }

            await client.WaitForExitAsync();
            await admin.TerminateTransactionAsync(Id);
            done = (await Read(cluster)).Count;
            Assert.Equal(0, done % LinesOfTransaction);
        }

        Assert.Equal(Enumerable.Range(0, Lines).Select(Line), await Read(cluster));
    }

    private static string Line(int number) => $"line {number.ToString("D5", CultureInfo.InvariantCulture)}";

    private static async Task<long> End(AdminClient admin)
        => (await admin.ListOffsetsAsync(new Dictionary<TopicPartition, long> { [Out] = OffsetSpec.Latest }, Isolation.ReadCommitted))[Out].Offset;

    private static async Task<List<string>> Read(ClusterClient cluster)
    {
        var end = await End(new AdminClient(cluster));
        await using var consumer = new PartitionConsumer(cluster, new FetchOptions { Isolation = Isolation.ReadCommitted });
        await consumer.AssignAsync(new Dictionary<TopicPartition, long> { [Out] = 0 });
        var lines = new List<string>();
        while (consumer.Position(Out) < end)
        {
            using var polled = await consumer.PollAsync(TimeSpan.FromSeconds(1));
            foreach (var record in polled) lines.Add(Encoding.UTF8.GetString(record.Value!.Value.Span));
        }

        return lines;
    }

    private Task<Process> StartBroker(int port) => processes.Broker(port, "transaction.state.log.num.partitions=1");

    // Everything from a line on; what it does not read any more when it is killed is lost with it.
    private Process StartClient(int port, int from)
    {
        var file = Path.Combine(processes.Folder, $"lines{from}-{processes.Count}");
        File.WriteAllLines(file, Enumerable.Range(from, Lines - from).Select(Line));
        var process = processes.Host("produce", "out", "-p", "0", "-q", "-l", file, "--transactional-id", Id, "--transaction-records", LinesOfTransaction.ToString(CultureInfo.InvariantCulture), "-b", $"127.0.0.1:{port}");
        _ = process.StandardError.ReadToEndAsync();
        return process;
    }
}
