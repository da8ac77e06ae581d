using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Akka.Actor;
using Akka.Actor.Setup;
using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Storage.Memory;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Producer;
using AkkaStream.Host;
using AkkaStream.Host.Cluster;
using AkkaStream.Host.Pbm;
using AkkaStream.Host.Verbs;
using AkkaStream.Tests.Akka.Cmd;
using AkkaStream.Tests.Support;
using Pbm;
using Petabridge.Cmd;
using Petabridge.Cmd.Host;

namespace AkkaStream.Tests.Host.Pbm;

/// <summary>A broker as <c>pbm</c> sees it.</summary>
public sealed class ConsoleHostTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private RunningBroker broker = null!;
    private int port;

    public async Task InitializeAsync()
    {
        var config = BrokerConfig.Create(new Dictionary<string, string>
        {
            ["node.id"] = "1",
            ["log.dirs"] = "/in-memory",
            ["listeners"] = "PLAINTEXT://127.0.0.1:0",
            ["petabridge.cmd.port"] = "0",
        });
        var setup = BootstrapSetup.Create().WithConfig(ConsoleHost.Hocon(config) + "\nakka.stdout-loglevel = OFF\nakka.loggers = []\n" + ClusterSystem.Hocon(null));
        broker = RunningBroker.Start(config, new MemoryDisk(), setup: ActorSystemSetup.Create(setup));
        broker.Node.FormCluster();
        broker.ServeConsoles();
        port = await PetabridgeCmd.Get(broker.System).Bound.WaitAsync(Patience);
    }

    public async Task DisposeAsync() => await broker.DisposeAsync();

    [Fact]
    public async Task Groups_are_shown_as_the_verb_shows_them()
    {
        await Fill();
        Assert.Equal((0, "0\n1\n2\n", ""), (Verb("consume", "t1", "--group", "g", "--from-beginning", "-n", "3", "-q")));
        Assert.Equal((0, "g\n", ""), await Run("groups", "list"));
        Assert.Equal("GROUP                     TYPE                 STATE               \ng                         Classic              Empty               \n", (await Run("groups", "list", "--state", "--type")).Output);
        var (code, output, error) = await Run("groups", "describe", "-g", "g");
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("Consumer group 'g' has no active members.\n", output);
        Assert.EndsWith("g               t1              0          3               10              7               -               -               -\n", output);
        Assert.Contains("-                    Empty                0\n", (await Run("groups", "describe", "--all-groups", "--state")).Output);
        Assert.Equal((1, "", "groups describe: name groups, or --all-groups\n"), await Run("groups", "describe"));
        Assert.Equal(1, (await Run("groups", "list", "--state", "bogus")).Code);
        Assert.EndsWith("g               t1              0          2\n", (await Run("groups", "reset-offsets", "-g", "g", "--topic", "t1", "--to-offset", "2")).Output);
        Assert.Contains("          3               10              7  ", (await Run("groups", "describe", "-g", "g")).Output);
        Assert.Equal(0, (await Run("groups", "reset-offsets", "-g", "g", "--all-topics", "--to-latest", "--execute")).Code);
        Assert.Contains("          10              10              0  ", (await Run("groups", "describe", "-g", "g")).Output);
        Assert.Equal(0, (await Run("groups", "delete-offsets", "-g", "g", "--topic", "t1")).Code);
        Assert.Contains("GROUP_ID_NOT_FOUND", (await Run("groups", "delete", "-g", "nobody")).Error);
    }

    [Fact]
    public async Task A_broker_that_is_alone_is_a_cluster_of_one_with_its_partitions_as_shards()
    {
        await Fill();
        Assert.Contains("Up", (await Run("cluster", "show")).Output);
        Assert.Contains("partition", (await Run("cluster-sharding", "list-regions")).Output);
        await Eventually.Holds(async () => (await Run("cluster-sharding", "shards", "-t", "partition")).Output.Contains("t1-0", StringComparison.Ordinal), "the partition is a shard");
    }

    [Fact]
    public async Task Topics_and_transactions_answer_with_text_and_with_JSON()
    {
        await Fill();
        Assert.Equal((0, "t1\n", ""), await Run("topics", "list"));
        Assert.Equal("t1", JsonDocument.Parse((await Run("topics", "list", "--output", "json")).Output).RootElement[0].GetProperty("name").GetString());
        Assert.Contains("t1", (await Run("topics", "describe", "-t", "t1")).Output);
        Assert.Equal(1, (await Run("topics", "describe", "-t", "nope")).Code);
        Assert.Equal((0, "TransactionalId\tCoordinator\tProducerId\tTransactionState\t\n", ""), await Run("transactions", "list"));
        Assert.Equal((0, "[]\n", ""), await Run("--output", "json", "transactions", "list"));
        Assert.Contains("ProducerId", (await Run("transactions", "describe-producers", "--topic", "t1", "--partition", "0")).Output);
        Assert.Equal(1, (await Run("transactions", "describe", "-i", "nobody")).Code);
        Assert.Equal(2, (await Run("transactions", "describe")).Code);
        Assert.Contains("Could not find any open transactions starting at offset 0 on partition t1-0", (await Run("transactions", "abort", "--topic", "t1", "--partition", "0", "--start-offset", "0")).Error);
        Assert.NotEqual(0, (await Run("transactions", "terminate")).Code);
    }

    [Fact]
    public async Task The_engines_own_palettes_are_there_too()
    {
        Assert.Contains("system             akkastream\n", (await Run("sys", "info")).Output);
        Assert.Contains("/user  UserGuardianActor\n", (await Run("actor", "hierarchy", "-s", "/user")).Output);
    }

    [Fact]
    public void What_a_console_sends_is_a_value_where_a_value_is_expected()
    {
        var describe = BrokerPalettes.Groups.CommandsByName["describe"];
        var words = VerbPalette.WordsOf(describe, new Command("describe", [Tuple.Create("-g", "--all-groups"), Tuple.Create("--members", "true"), Tuple.Create("--group", "b")]));
        Assert.Equal(["describe", "--members", "--", "--all-groups", "b"], words);
        Assert.Equal(["list", "--state=-x"], VerbPalette.WordsOf(BrokerPalettes.Groups.CommandsByName["list"], new Command("list", [Tuple.Create("--state", "-x")])));
    }

    [Fact]
    public async Task A_broker_that_is_a_process_answers_where_its_configuration_says()
    {
        if (OperatingSystem.IsWindows()) return;
        int free;
        using (var taken = new Socket(SocketType.Stream, ProtocolType.Tcp))
        {
            taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            free = ((IPEndPoint)taken.LocalEndPoint!).Port;
        }

        var folder = Directory.CreateTempSubdirectory("pbm-");
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] args = [Path.Combine(AppContext.BaseDirectory, "AkkaStream.Host.dll"), "--data", folder.FullName, "--override", "listeners=PLAINTEXT://127.0.0.1:0", "--override", $"petabridge.cmd.port={free}"];
        foreach (var arg in args) start.ArgumentList.Add(arg);
        using var process = Process.Start(start)!;
        await Eventually.Holds(async () => await PbmProgram.Run(["--port", $"{free}", "topics", "list"], new FakeConsole()) == ExitCodes.Done, "the broker's answer");
        using (var kill = Process.Start("kill", ["-TERM", $"{process.Id}"])) await kill.WaitForExitAsync();
        await process.WaitForExitAsync();
        Assert.Equal((0, ""), (process.ExitCode, await process.StandardError.ReadToEndAsync()));
        folder.Delete(recursive: true);
    }

    private async Task Fill()
    {
        await using var cluster = new ClusterClient(broker.Connect());
        await using var producer = new RecordProducer(cluster);
        for (var i = 0; i < 10; i++) await producer.SendAsync(new ProducerRecord("t1", System.Text.Encoding.UTF8.GetBytes($"{i}")));
    }

    private (int Code, string Output, string Error) Verb(params string[] args)
    {
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var code = VerbProgram.Run([.. args, "-b", $"127.0.0.1:{broker.Port}"], output, error);
        return (code, output.ToString(), error.ToString());
    }

    private async Task<(int Code, string Output, string Error)> Run(params string[] args)
    {
        var console = new FakeConsole();
        var code = await PbmProgram.Run(["--port", $"{port}", .. args], console).WaitAsync(Patience);
        return (code, console.Out.ToString()!, console.Error.ToString()!);
    }
}
