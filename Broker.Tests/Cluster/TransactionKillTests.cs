using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
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
    private readonly string folder = Directory.CreateTempSubdirectory("kill").FullName;
    private readonly List<Process> started = [];

    public void Dispose()
    {
        foreach (var process in started)
        {
            if (!process.HasExited) process.Kill();
            process.WaitForExit();
            process.Dispose();
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Every_line_is_committed_once_over_kills_of_broker_and_client()
    {
        var port = FreePort();
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

    private async Task<Process> StartBroker(int port)
    {
        var process = Start("--data", folder, "--override", $"listeners=PLAINTEXT://127.0.0.1:{port}", "--override", "transaction.state.log.num.partitions=1");
        // The banner's last line says that it serves.
        for (var i = 0; i < 4; i++) Assert.True(await process.StandardOutput.ReadLineAsync() is not null, "the broker did not start");
        _ = process.StandardError.ReadToEndAsync();
        return process;
    }

    // Everything from a line on; what it does not read any more when it is killed is lost with it.
    private Process StartClient(int port, int from)
    {
        var file = Path.Combine(folder, $"lines{from}-{started.Count}");
        File.WriteAllLines(file, Enumerable.Range(from, Lines - from).Select(Line));
        var process = Start("produce", "out", "-p", "0", "-q", "-l", file, "--transactional-id", Id, "--transaction-records", LinesOfTransaction.ToString(CultureInfo.InvariantCulture), "-b", $"127.0.0.1:{port}");
        _ = process.StandardError.ReadToEndAsync();
        return process;
    }

    private Process Start(params string[] args)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "AkkaStream.Host.dll"));
        foreach (var arg in args) start.ArgumentList.Add(arg);
        start.Environment.Remove("AKKASTREAM_LOG_DIRS");
        start.Environment["AKKASTREAM_PETABRIDGE_CMD_ENABLE"] = "false";
        var process = Process.Start(start)!;
        started.Add(process);
        return process;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
