using AkkaStream.Actors.Configuration;
using AkkaStream.Host;
using AkkaStream.Host.Verbs;

namespace AkkaStream.Tests.Host.Verbs;

/// <summary>The verbs about groups against a broker in this process: the tables of Kafka's own tool.</summary>
public sealed class GroupVerbTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("verbs").FullName;
    private RunningBroker broker = null!;

    public Task InitializeAsync()
    {
        broker = RunningBroker.Start(BrokerConfig.Create(new Dictionary<string, string> { ["log.dirs"] = Path.Combine(folder, "data"), ["listeners"] = "PLAINTEXT://127.0.0.1:0", ["group.initial.rebalance.delay.ms"] = "0" }));
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await broker.StopAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_group_reads_on_where_it_was_and_its_lag_is_told()
    {
        Fill("g1", 10);
        Assert.Equal(string.Concat(Enumerable.Range(0, 3).Select(i => $"{i}\n")), Run("consume", "g1", "--group", "gempty", "--from-beginning", "-n", "3", "-q").Output);
        Assert.Equal((0, "gempty\n", ""), Run("groups", "list"));
        Assert.Equal("GROUP                     TYPE                 STATE               \ngempty                    Classic              Empty               \n", Run("groups", "list", "--type", "classic", "--state").Output);
        Assert.Equal(2, Run("groups", "list", "--state", "bogus").Code);
        var (code, output, error) = Run("groups", "describe", "gempty");
        Assert.Equal((0, "\nConsumer group 'gempty' has no active members.\n"), (code, error));
        Assert.Equal(
            "\nGROUP           TOPIC           PARTITION  CURRENT-OFFSET  LOG-END-OFFSET  LAG             CONSUMER-ID     HOST            CLIENT-ID\n"
            + "gempty          g1              0          3               10              7               -               -               -\n", output);
        Assert.Equal("\nGROUP           CONSUMER-ID     HOST            CLIENT-ID       #PARTITIONS     \n", Run("groups", "describe", "gempty", "--members").Output);
        Assert.Contains("-                    Empty                0\n", Run("groups", "describe", "gempty", "--state").Output);
        Assert.Equal(string.Concat(Enumerable.Range(3, 7).Select(i => $"{i}\n")), Run("consume", "g1", "--group", "gempty", "-e", "-q").Output);
    }

    [Fact]
    public void Offsets_are_moved_only_when_that_is_asked_for()
    {
        Fill("g1", 10);
        Run("consume", "g1", "--group", "g", "--from-beginning", "-e", "-q");
        var row = "\nGROUP           TOPIC           PARTITION  NEW-OFFSET\ng               g1              0          ";
        Assert.Equal(row + "4\n", Run("groups", "reset-offsets", "-g", "g", "--topic", "g1", "--to-offset", "4").Output);
        Assert.Contains(" 10              10              0 ", Run("groups", "describe", "g").Output);
        Assert.Equal(row + "4\n", Run("groups", "reset-offsets", "-g", "g", "--topic", "g1", "--to-offset", "4", "--execute").Output);
        Assert.Contains(" 4               10              6 ", Run("groups", "describe", "g").Output);
        Assert.Equal("g1,0,2\n", Run("groups", "reset-offsets", "-g", "g", "--all-topics", "--shift-by", "-2", "--export").Output);
        Assert.Equal(row + "0\n", Run("groups", "reset-offsets", "-g", "g", "--topic", "g1:0", "--to-earliest").Output);
        Assert.Equal(row + "10\n", Run("groups", "reset-offsets", "-g", "g", "--all-topics", "--to-latest").Output);
        Assert.Equal(row + "4\n", Run("groups", "reset-offsets", "-g", "g", "--all-topics", "--to-current").Output);
        Assert.Equal(row + "0\n", Run("groups", "reset-offsets", "-g", "g", "--all-topics", "--by-duration", "PT1H").Output);
        Assert.Equal(row + "0\n", Run("groups", "reset-offsets", "-g", "g", "--all-topics", "--to-datetime", "2000-01-01T00:00:00.000").Output);
        var file = Path.Combine(folder, "reset.csv");
        File.WriteAllText(file, "g1,0,7\n");
        Assert.Equal(row + "7\n", Run("groups", "reset-offsets", "-g", "new", "--from-file", file, "--execute").Output.Replace("new            ", "g              ", StringComparison.Ordinal));
        Assert.Equal("g\nnew\n", Run("groups", "list").Output);
        Assert.Contains("Value will be set to 10", Run("groups", "reset-offsets", "-g", "g", "--topic", "g1", "--to-offset", "40").Error);
        foreach (var bad in new[] { "--to-earliest", "--topic g1", "--topic g1 --to-earliest --to-latest", "--topic g1:7 --to-earliest", "--topic g1 --to-datetime yesterday", "--topic g1 --to-earliest --dry-run --execute" })
        {
            Assert.Equal(2, Run(["groups", "reset-offsets", "-g", "g", .. bad.Split(' ')]).Code);
        }
    }

    [Fact]
    public void Groups_and_offsets_are_deleted()
    {
        Fill("g1", 3);
        Run("consume", "g1", "--group", "g", "--from-beginning", "-e", "-q");
        Assert.Equal("Request succeeded for deleting offsets from group g.\n\nTOPIC           PARTITION  STATUS         \ng1              0          Successful     \n", Run("groups", "delete-offsets", "-g", "g", "-t", "g1").Output);
        Assert.Equal((0, "Deletion of requested consumer groups ('g') was successful.\n", ""), Run("groups", "delete", "g"));
        Assert.Equal((1, "", "\nError: Deletion of some consumer groups failed:\n* Group 'missing' could not be deleted due to: GROUP_ID_NOT_FOUND\n"), Run("groups", "delete", "missing"));
        Assert.Equal(1, Run("groups", "describe", "missing").Code);
    }

    private void Fill(string topic, int count)
    {
        Run("topics", "create", topic);
        var file = Path.Combine(folder, "in");
        File.WriteAllText(file, string.Concat(Enumerable.Range(0, count).Select(i => $"{i}\n")));
        Assert.Equal(0, Run("produce", topic, "--file", file).Code);
    }

    private (int Code, string Output, string Error) Run(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var code = VerbProgram.Run([.. args, "-b", $"127.0.0.1:{broker.Port}"], output, error);
        return (code, output.ToString(), error.ToString());
    }
}
