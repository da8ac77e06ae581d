using Akka.Simulation;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Simulation;

/// <summary>One broker of three has no room, or loses a log directory: the partition goes on without it, and nothing acknowledged is lost.</summary>
public sealed class DiskTroubleTests
{
    private static readonly int[][] Everywhere = [[1, 2, 3], [2, 3, 1], [3, 1, 2]];

    // Long before replica.lag.time.max.ms, after which a leader would go on without a follower that stands still.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_full_disk_on_one_broker_stops_no_partition(int full) => SimulatedCluster.Run(async cluster =>
    {
        await cluster.Create(SimulatedCluster.Topic, null, Everywhere);
        for (var p = 0; p < 3; p++) await cluster.Send("a", p);
        var disk = cluster.Broker(full).Node.Devices[0];
        disk.Fail(DeviceFault.Full);
        for (var p = 0; p < 3; p++)
        {
            var took = await cluster.Send("b", p);
            Assert.True(took < Soon, $"partition {p} stood still for {took}");
        }

        Assert.DoesNotContain(Enumerable.Range(0, 3), p => cluster.Partition(p)!.Leader == full);
        disk.Heal();
        for (var p = 0; p < 3; p++)
        {
            await cluster.Send("c", p);
            await cluster.Whole(p);
            for (var id = 1; id <= 3; id++) Assert.Equal("a b c", cluster.Values(id, p));
        }
    });

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_log_directory_that_goes_offline_takes_its_leaders_with_it_and_the_others_stay(int broken)
    {
        var disks = new Dictionary<int, FaultyDisk>();
        SimulatedCluster.Run(async cluster =>
        {
            await cluster.Create(SimulatedCluster.Topic, null, Everywhere);
            for (var p = 0; p < 3; p++) await cluster.Send("a", p);
            var home = Enumerable.Range(0, 3).ToDictionary(p => p, p => cluster.Replica(broken, p)!.Home.Path);
            Assert.Contains("/more", home.Values);
            var led = Enumerable.Range(0, 3).Where(p => cluster.Partition(p)!.Leader == broken && home[p] == "/data").ToList();
            disks[broken].Break("/more");
            for (var p = 0; p < 3; p++)
            {
                var took = await cluster.Send("b", p);
                Assert.True(took < Soon, $"partition {p} stood still for {took}");
            }

            var gone = Enumerable.Range(0, 3).Where(p => home[p] == "/more").ToList();
            await cluster.Until(() => gone.TrueForAll(p => !cluster.Partition(p)!.InSync.Contains(broken)), "what lay there is not in sync", Soon);
            Assert.DoesNotContain(gone, p => cluster.Partition(p)!.Leader == broken);
            Assert.All(led, p => Assert.Equal(broken, cluster.Partition(p)!.Leader));

            // Mended and started anew, it takes part again.
            disks[broken].Mend();
            cluster.Broker(broken).Node.Crash();
            cluster.Broker(broken).Node.Restart();
            for (var p = 0; p < 3; p++)
            {
                await cluster.Whole(p);
                for (var id = 1; id <= 3; id++) Assert.Equal("a b", cluster.Values(id, p));
            }
        },
        new Dictionary<string, string> { ["log.dirs"] = "/data,/more" },
        (id, disk) => disks[id] = new FaultyDisk(disk));
    }
}
