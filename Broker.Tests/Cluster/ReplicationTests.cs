using System.Diagnostics;
using AkkaStream.Client.Admin;
using AkkaStream.Client.Protocol;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Cluster;

/// <summary>
/// Three brokers as processes: what was acknowledged is there, once and in order, whoever of them is killed, stopped, halted or loses its disk meanwhile. What takes long stands behind
/// <c>AKKASTREAM_NIGHTLY=1</c>.
/// </summary>
public sealed class ReplicationTests
{
    private const string Topic = "records";
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Nothing_acknowledged_is_lost_when_the_leader_is_killed_and_another_one_stops_in_order()
    {
        if (OperatingSystem.IsWindows()) return;
        await using var cluster = await Started();
        await using var work = new Workload(cluster.Client, Topic);
        await work.Grows();

        var killed = await cluster.Leader(Topic);
        await cluster.Kill(killed);
        await work.Grows();
        cluster.Start(killed);
        await cluster.InSync(Topic);

        var stopped = await cluster.Leader(Topic);
        await ClusterNodeProcess.Signal(cluster.Of(stopped), "TERM");
        await cluster.Of(stopped).WaitForExitAsync().WaitAsync(Eventually.Patience);
        Assert.Equal(0, cluster.Of(stopped).ExitCode);
        await work.Grows();
        cluster.Start(stopped);
        await cluster.InSync(Topic);
        await work.Check();
    }

    [Fact]
    public async Task Nothing_acknowledged_is_lost_when_the_leader_halts_and_when_most_brokers_are_gone_for_a_while()
    {
        if (OperatingSystem.IsWindows()) return;
        await using var cluster = await Started();
        await using var work = new Workload(cluster.Client, Topic);
        await work.Grows();
        await Halt(cluster, TimeSpan.FromSeconds(1));
        await work.Grows();

        // Nobody is left to agree with: records wait, and are written when the others are back.
        var (one, two) = (await cluster.Leader(Topic), 0);
        two = one % 3 + 1;
        await cluster.Kill(one);
        await cluster.Kill(two);
        cluster.Start(one);
        cluster.Start(two);
        await work.Grows(Long);
        await cluster.InSync(Topic);
        await work.Check();
    }

    [Fact]
    public async Task A_broker_that_comes_back_with_an_empty_disk_gets_its_replicas_and_its_vote_again()
    {
        if (OperatingSystem.IsWindows()) return;
        // Snapshots at every turn: what the empty disk lacks is not in the journal any more.
        await using var cluster = await Started(settings: ["metadata.log.max.record.bytes.between.snapshots=500"]);
        await using var work = new Workload(cluster.Client, Topic);
        await work.Grows();
        var lost = await cluster.Leader(Topic);
        await cluster.Kill(lost);
        cluster.Empty(lost);
        cluster.Start(lost);
        await cluster.InSync(Topic);
        await work.Grows();

        // The disk that was lost votes still, and cannot: it gives way to the new one.
        var (one, two) = (lost % 3 + 1, (lost + 1) % 3 + 1);
        var before = await cluster.Admin.DescribeQuorumAsync();
        var (code, said) = cluster.Run(one, "controller", "remove-voter", $"{lost}");
        Assert.True(code == 0, said);
        Assert.Contains($"broker {lost} votes; 2 of 3 are a majority now", await cluster.Console(two, "controller", "add-voter", "-i", $"{lost}"), StringComparison.Ordinal);
        var after = await cluster.Admin.DescribeQuorumAsync();
        Assert.Equal([1, 2, 3], after.Voters.Select(v => v.Id).Order());
        Assert.NotEqual(before.Voters.Single(v => v.Id == lost).Disk, after.Voters.Single(v => v.Id == lost).Disk);
        Assert.Contains(Directory.EnumerateFiles(Path.Combine(cluster.FolderOf(lost), "__cluster_metadata-0")), file => file.EndsWith(".image", StringComparison.Ordinal));

        // Which is a vote: with one of the others gone it is needed.
        await cluster.Kill(one);
        await work.Grows();
        cluster.Start(one);
        await cluster.InSync(Topic);
        await work.Check();
    }

    [Fact]
    public async Task A_broker_does_not_start_on_anothers_disk()
    {
        if (OperatingSystem.IsWindows()) return;
        await using var cluster = await Started();
        await using var work = new Workload(cluster.Client, Topic);
        await work.Grows();
        await cluster.Kill(1);
        var (code, said) = await cluster.StartOn(1, cluster.FolderOf(2));
        Assert.NotEqual(0, code);
        Assert.Contains(cluster.FolderOf(2), said, StringComparison.Ordinal);
        await cluster.Kill(2);
        (code, said) = await cluster.StartOn(1, cluster.FolderOf(2));
        Assert.NotEqual(0, code);
        Assert.Contains("belongs to broker 2, this is broker 1", said, StringComparison.Ordinal);
        cluster.Start(2);
        cluster.Start(1);
        await work.Grows(Long);
        await cluster.InSync(Topic);
        await work.Check();
    }

    [Fact]
    public async Task Nothing_acknowledged_is_lost_when_the_disk_of_one_broker_is_full_for_a_while()
    {
        if (!SmallDisk.CanBeMade) return;
        SmallDisk? disk = null;
        await using var cluster = await Started(before: c => disk = new SmallDisk(c.FolderOf(1)));
        using var made = disk;
        await using var work = new Workload(cluster.Client, Topic);
        await work.Grows();
        disk!.Fill();
        await work.Grows(Long);
        await Eventually.Holds(async () => (await cluster.Partitions(Topic))[0] is { Leader: 2 or 3, InSync.Count: >= 2 }, "others lead", Long);
        await work.Grows(Long);
        disk.Empty();
        await cluster.InSync(Topic);
        await work.Grows();
        await work.Check();
    }

    [Fact]
    public async Task Nothing_acknowledged_is_lost_when_a_leader_halts_for_half_a_minute()
    {
        if (OperatingSystem.IsWindows() || Environment.GetEnvironmentVariable("AKKASTREAM_NIGHTLY") is not "1") return;
        await using var cluster = await Started();
        await using var work = new Workload(cluster.Client, Topic);
        await work.Grows();
        await Halt(cluster, TimeSpan.FromSeconds(30));
        await work.Grows(Long);
        await cluster.InSync(Topic);
        await work.Check();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_acknowledged_is_lost_when_a_leader_or_the_controller_is_cut_off_from_the_other_brokers_while_clients_reach_it(bool isController)
    {
        if (!Namespaces.CanBeMade || Environment.GetEnvironmentVariable("AKKASTREAM_NIGHTLY") is not "1") return;
        await using var cluster = await Started(new Namespaces(3));
        await using var work = new Workload(cluster.Client, Topic);
        await work.Grows();
        for (var round = 0; round < 3; round++)
        {
            var cut = isController ? await cluster.Controller() : await cluster.Leader(Topic);
            cluster.Namespaces!.Cut(cut);
            await work.Grows(Long);
            cluster.Namespaces.Heal(cut);
            await cluster.InSync(Topic);
        }

        await work.Check();
    }

    private static async Task<ReplicatedCluster> Started(Namespaces? namespaces = null, IReadOnlyList<string>? settings = null, Action<ReplicatedCluster>? before = null)
    {
        var cluster = await ReplicatedCluster.Start(namespaces, settings, before);
        var created = await cluster.Admin.CreateTopicsAsync([new NewTopic(Topic) { Partitions = 1, ReplicationFactor = 3 }]);
        Assert.Equal(ErrorCode.None, created[0].Error);
        await cluster.InSync(Topic);
        return cluster;
    }

    private static async Task Halt(ReplicatedCluster cluster, TimeSpan time)
    {
        var halted = cluster.Of(await cluster.Leader(Topic));
        await ClusterNodeProcess.Signal(halted, "STOP");
        var watch = Stopwatch.StartNew();
        await Eventually.Holds(() => watch.Elapsed >= time, "it has stood still for long enough", Long);
        await ClusterNodeProcess.Signal(halted, "CONT");
    }
}
