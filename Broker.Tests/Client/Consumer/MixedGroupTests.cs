using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AkkaStream.Client;
using AkkaStream.Client.Admin;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Consumer;
using AkkaStream.Client.Consumer.Groups;
using AkkaStream.Client.Producer;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Serialization;
using AkkaStream.Host.Embedded;
using AkkaStream.Tests.Support;
using Xunit.Abstractions;

namespace AkkaStream.Tests.Client.Consumer;

/// <summary>
/// Groups with members of several clients: .NET, Java and librdkafka share out a topic's partitions, each exactly once, also when one after the other leaves; every record is read. Left out where the
/// others' programs are not there: <c>kafka/kafka.sh</c> of the shared folder with Java (<c>AKKASTREAM_JAVA</c>), and kcat (<c>AKKASTREAM_KCAT</c>).
/// </summary>
public sealed class MixedGroupTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Partitions = 8;
    private const int Round = 80;
    private readonly string folder = Directory.CreateTempSubdirectory("mixed").FullName;
    private EmbeddedBroker broker = null!;
    private AkkaStreamClient client = null!;

    public async Task InitializeAsync()
    {
        broker = await EmbeddedBroker.StartAsync(new EmbeddedBrokerOptions
        {
            Listen = true,
            Settings = new Dictionary<string, string>
            {
                ["group.initial.rebalance.delay.ms"] = "0",
                ["group.consumer.min.heartbeat.interval.ms"] = "50",
                ["group.consumer.heartbeat.interval.ms"] = "200",
                ["offsets.topic.num.partitions"] = "1",
            },
        });
        client = AkkaStreamClient.Connect(broker.BootstrapServers!);
    }

    public async Task DisposeAsync()
    {
        await client.DisposeAsync();
        await broker.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Members_of_all_clients_share_out_partitions_and_read_every_record()
    {
        if (OperatingSystem.IsWindows()) return;
        var kafka = Repository.SharedPath("kafka/kafka.sh", output);
        var (java, kcat) = (Tools.Find("java", "AKKASTREAM_JAVA", output), Tools.Find("kcat", "AKKASTREAM_KCAT", output));
        if (kafka is null || java is null || kcat is null) return;

        // Both at once: most of the time goes by while others' programs start.
        await Task.WhenAll(Classic(kafka, java, kcat), OfCoordinator(kafka, java));
    }

    private async Task Classic(string kafka, string java, string kcat)
    {
        var group = new Group(client, "classic", Partitions);
        await group.Create();
        await File.WriteAllTextAsync(Path.Combine(folder, "java"), "heartbeat.interval.ms=200\n");
        await using var first = new DotNetMember(client, group, GroupProtocol.Classic);
        await using var second = new DotNetMember(client, group, GroupProtocol.Classic);
        await using var other = ForeignMember.Kcat(kcat, broker.BootstrapServers!, group);
        await using var third = ForeignMember.Java(kafka, java, broker.BootstrapServers!, group, ["--group-protocol", "CLASSIC", "--command-config", Path.Combine(folder, "java")]);
        await group.IsShared(first, second, other, third);
        await second.Leave();
        await group.IsShared(first, other, third);
        await other.Leave();
        await group.IsShared(first, third);
        await third.Leave();
        await group.IsShared(first);
    }

    private async Task OfCoordinator(string kafka, string java)
    {
        var group = new Group(client, "coordinated", Partitions);
        await group.Create();
        await using var first = new DotNetMember(client, group, GroupProtocol.Consumer);
        await using var second = new DotNetMember(client, group, GroupProtocol.Consumer);
        await using var third = ForeignMember.Java(kafka, java, broker.BootstrapServers!, group, ["--group-protocol", "CONSUMER"]);
        await group.IsShared(first, second, third);
        await second.Leave();
        await group.IsShared(first, third);
        await third.Leave();
        await group.IsShared(first);
    }

    /// <summary>A group, the topic that it reads, and what was read of it.</summary>
    private sealed class Group(AkkaStreamClient client, string name, int partitions)
    {
        private readonly ConcurrentDictionary<TopicPartition, byte[]> read = new();
        private int written;

        public string Name => name;

        public async Task Create() => (await client.Admin.CreateTopicsAsync([new NewTopic(name, partitions)]))[0].ThrowIfFailed();

        /// <summary>These offsets of a partition were read.</summary>
        public void Read(int partition, long from, long to)
        {
            var offsets = read.GetOrAdd(new(name, partition), static _ => new byte[10 * Round]);
            for (var offset = from; offset <= to; offset++) offsets[offset] = 1;
        }

        /// <summary>Waits until each of these members, and nobody else, has partitions, each partition one owner; then until records of every partition that come now were read.</summary>
        public async Task IsShared(params IMember[] members)
        {
            await Eventually.Holds(async () => members.All(m => m.IsRunning) && Owns(await Describe(), members.Length), $"{members.Length} members own {name}");
            await using var producer = client.CreateProducer<Nothing, string>();
            for (var i = 0; i < partitions * Round; i++) await producer.EnqueueAsync(new Message<Nothing, string>(name, default, $"{i}") { Partition = i % partitions });
            await producer.FlushAsync();
            written += Round;
            await Eventually.Holds(() => read.Count == partitions && read.Values.All(o => o.Count(seen => seen == 1) == written), $"{written} records of each partition of {name} are read");
        }

        private bool Owns(GroupDescription? group, int members)
        {
            if (group is not { State: "Stable" } || group.Members.Count != members || group.Members.Any(m => m.Partitions.Count == 0)) return false;
            return group.Members.SelectMany(m => m.Partitions).OrderBy(p => p.Partition).SequenceEqual(Enumerable.Range(0, partitions).Select(i => new TopicPartition(name, i)));
        }

        private async Task<GroupDescription?> Describe()
        {
            try
            {
                return await client.Admin.DescribeGroupAsync(name);
            }
            catch (BrokerException e) when (e.Code == ErrorCode.GroupIdNotFound)
            {
                return null;
            }
        }
    }

    /// <summary>A member that can leave.</summary>
    private interface IMember : IAsyncDisposable
    {
        bool IsRunning { get; }

        Task Leave();
    }

    private sealed class DotNetMember : IMember
    {
        private readonly CancellationTokenSource stop = new();
        private readonly Task reading;

        public DotNetMember(AkkaStreamClient client, Group group, GroupProtocol protocol) => reading = Read(client, group, protocol);

        public bool IsRunning => !reading.IsCompleted;

        public async Task Leave()
        {
            await stop.CancelAsync();
            await reading;
        }

        public async ValueTask DisposeAsync()
        {
            await Leave();
            stop.Dispose();
        }

        private async Task Read(AkkaStreamClient client, Group group, GroupProtocol protocol)
        {
            await using var consumer = client.CreateConsumer<Nothing, string>(new ConsumerOptions { GroupId = group.Name, GroupProtocol = protocol, AutoOffsetReset = AutoOffsetReset.Earliest, HeartbeatInterval = TimeSpan.FromMilliseconds(200) });
            consumer.Subscribe(group.Name);
            await foreach (var record in consumer.ConsumeAsync(stop.Token)) group.Read(record.Partition.Partition, record.Offset, record.Offset);
        }
    }

    /// <summary>A program that tells what it reads on its output.</summary>
    private sealed class ForeignMember : IMember
    {
        private readonly Process process;
        private readonly Task telling;

        private ForeignMember(string program, IEnumerable<string> args, Action<string> tell)
        {
            process = Process.Start(new ProcessStartInfo(program, args) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            telling = Tell(tell);
            _ = process.StandardError.ReadToEndAsync();
        }

        public bool IsRunning => !process.HasExited && !telling.IsFaulted;

        /// <summary>librdkafka's member, which writes a line for each record.</summary>
        public static ForeignMember Kcat(string kcat, string bootstrap, Group group) => new(
            kcat,
            ["-b", bootstrap, "-G", group.Name, "-q", "-u", "-f", "%p %o\\n", "-X", "auto.offset.reset=earliest", "-X", "heartbeat.interval.ms=200", "-X", "partition.assignment.strategy=range", group.Name],
            line =>
            {
                var numbers = line.Split(' ');
                var offset = long.Parse(numbers[1], CultureInfo.InvariantCulture);
                group.Read(int.Parse(numbers[0], CultureInfo.InvariantCulture), offset, offset);
            });

        /// <summary>The Java client's member, which writes what it reads as JSON, in ranges.</summary>
        public static ForeignMember Java(string kafka, string java, string bootstrap, Group group, string[] how) => new(
            "env",
            [$"PATH={Path.GetDirectoryName(java)}:{Environment.GetEnvironmentVariable("PATH")}", kafka, "tool", "verifiable-consumer", "--bootstrap-server", bootstrap, "--topic", group.Name, "--group-id", group.Name, .. how],
            line =>
            {
                if (!line.Contains("\"records_consumed\"", StringComparison.Ordinal)) return;
                using var json = JsonDocument.Parse(line);
                foreach (var p in json.RootElement.GetProperty("partitions").EnumerateArray()) group.Read(p.GetProperty("partition").GetInt32(), p.GetProperty("minOffset").GetInt64(), p.GetProperty("maxOffset").GetInt64());
            });

        public async Task Leave()
        {
            using (var kill = Process.Start("kill", ["-TERM", $"{process.Id}"])) await kill.WaitForExitAsync();
            await process.WaitForExitAsync();
            await telling;
        }

        public async ValueTask DisposeAsync()
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }

        private async Task Tell(Action<string> tell)
        {
            while (await process.StandardOutput.ReadLineAsync() is { } line) tell(line);
        }
    }
}
