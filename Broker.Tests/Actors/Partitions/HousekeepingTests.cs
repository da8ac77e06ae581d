using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit;
using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Partitions;
using AkkaStream.Actors.Storage;
using AkkaStream.Actors.Storage.Memory;
using AkkaStream.Client.Protocol;
using AkkaStream.Tests.Actors.Storage;

namespace AkkaStream.Tests.Actors.Partitions;

/// <summary>Partitions are looked after when they have something to do, and idle ones never.</summary>
public sealed class HousekeepingTests
{
    private const long Never = long.MaxValue;
    private const long Interval = 1000;
    private readonly TestScheduler time = new(Config.Empty, null!);
    private readonly MemoryDisk disk = new(new Random(1));

    private long NowMs => time.Now.ToUnixTimeMilliseconds();

    [Fact]
    public void Each_is_told_at_its_time_however_often_that_moved()
    {
        var dice = new Random(7);
        var schedule = new HousekeepingSchedule(time) { IntervalMs = 3_600_000 };
        var all = Enumerable.Range(0, 300).Select(i => Handle(i)).ToArray();
        var expected = new long[all.Length];
        var start = NowMs;
        for (var i = 0; i < 3000; i++)
        {
            var which = dice.Next(all.Length);
            var at = dice.Next(4) == 0 ? Never : start + (dice.Next(1, 50) * 1000);
            var isEarlier = dice.Next(2) == 0;
            if (isEarlier) schedule.SetEarlier(all[which].Handle, at);
            else schedule.Set(all[which].Handle, at);
            expected[which] = isEarlier && expected[which] > 0 ? Math.Min(expected[which], at) : at;
        }

        Assert.Equal(expected.Count(at => at is > 0 and < Never), schedule.Count);
        time.Advance(TimeSpan.FromSeconds(60));
        for (var i = 0; i < all.Length; i++)
        {
            var times = all[i].Told.Times;
            if (expected[i] is 0 or Never) Assert.Empty(times);
            else Assert.InRange(Assert.Single(times), expected[i], expected[i] + 50);
        }

        Assert.Equal(0, schedule.Count);
    }

    [Fact]
    public void Nobody_is_told_after_the_stop()
    {
        var schedule = new HousekeepingSchedule(time);
        var (handle, told) = Handle(0);
        schedule.Set(handle, NowMs + 1000);
        schedule.Stop();
        schedule.Set(handle, NowMs + 2000);
        time.Advance(TimeSpan.FromMinutes(10));
        Assert.Empty(told.Times);
    }

    [Fact]
    public void An_idle_log_asks_for_nothing_and_one_with_records_for_the_day_they_are_too_old()
    {
        var log = Open(new LogConfig { RetentionMs = 50_000, SegmentBytes = 10_000 });
        Assert.Equal(Never, log.NextHousekeeping(0, Interval));
        log.Housekeep(0);
        Assert.Equal(Never, log.NextHousekeeping(0, Interval));
        Append(log, timestamp: 7000);
        Assert.Equal(8000, log.NextHousekeeping(7000, Interval));
        log.Housekeep(8000);
        Assert.Equal(9000, log.NextHousekeeping(8000, Interval));
        log.Housekeep(9000);
        Flush(log);
        Assert.Equal(57_002, log.NextHousekeeping(9000, Interval));
        log.Housekeep(57_001);
        Assert.Equal(0, log.View.StartOffset);
        log.Housekeep(57_002);
        Assert.Equal((2, 117_002), (log.View.StartOffset, log.NextHousekeeping(57_002, Interval)));
        log.Housekeep(117_002);
        Assert.Equal(Never, log.NextHousekeeping(117_002, Interval));
        Assert.DoesNotContain(disk.List("/data/idle-0"), file => file.Name.EndsWith(".deleted", StringComparison.Ordinal));
    }

    [Fact]
    public void A_log_that_falls_silent_is_made_durable_and_lets_go_of_its_memory_until_the_next_append()
    {
        var log = Open(new LogConfig { IndexIntervalBytes = 100, RetentionMs = -1 });
        for (var i = 0; i < 50; i++) Append(log, 1_000_000 + i);
        var active = log.View.Segments[^1];
        log.Housekeep(0);
        Assert.True(active.IsAwake);
        log.Housekeep(1000);
        Assert.Equal((true, false), (log.IsSilent, active.IsAwake));
        Assert.True(log.IsFlushDue(1000));
        Flush(log);
        Assert.Equal((log.View.EndOffset, Never), (log.RecoveryPoint, log.NextHousekeeping(1000, Interval)));
        for (var offset = 0; offset < 100; offset++) Assert.Equal(offset / 2 * 2, FirstOffset(log, offset));

        for (var i = 50; i < 60; i++) Append(log, 1_000_000 + i);
        Assert.Equal((false, true), (log.IsSilent, active.IsAwake));
        for (var offset = 0; offset < 120; offset++) Assert.Equal(offset / 2 * 2, FirstOffset(log, offset));
        log.Close();
        var entries = (disk.LengthOf(active.Offsets.Path), disk.LengthOf(active.Times.Path));

        // The same without a rest.
        var other = Open(new LogConfig { IndexIntervalBytes = 100, RetentionMs = -1 }, "other-0");
        for (var i = 0; i < 60; i++) Append(other, 1_000_000 + i);
        other.Close();
        Assert.Equal((disk.LengthOf(other.View.Segments[^1].Offsets.Path), disk.LengthOf(other.View.Segments[^1].Times.Path)), entries);
    }

    [Fact]
    public void What_came_while_a_flush_was_on_its_way_is_flushed_in_its_time()
    {
        var log = Open(new LogConfig { FlushMs = 200, RetentionMs = -1 });
        log.NoteFlush(1000);
        Append(log, 1000);
        var flush = log.BeginFlush();
        Append(log, 1100);
        flush.Run();
        log.NoteFlush(1150);
        Assert.Equal(ErrorCode.None, log.EndFlush(flush));
        Assert.Equal(1351, log.NextHousekeeping(1150, Interval));
    }

    private static void Flush(PartitionLog log)
    {
        var flush = log.BeginFlush();
        flush.Run();
        Assert.Equal(ErrorCode.None, log.EndFlush(flush));
    }

    private static long FirstOffset(PartitionLog log, long offset)
    {
        using var read = log.Read(offset, 1, ReadLimit.HighWatermark, minOneBatch: true);
        return TestBatch.Header(read.ReadBytes()).BaseOffset;
    }

    private static void Append(PartitionLog log, long timestamp)
    {
        var batch = TestBatch.Plain(2, 20, timestamp);
        Assert.Equal(ErrorCode.None, log.Stage(batch, TestBatch.Header(batch), 0, timestamp).Error);
        Assert.Equal(ErrorCode.None, log.Commit().Error);
    }

    private PartitionLog Open(LogConfig config, string name = "idle-0") => PartitionLog.Open(new LogOpening { Disk = disk, Directory = $"/data/{name}", Config = config });

    private (PartitionHandle Handle, Told Told) Handle(int i)
    {
        var told = new Told(time);
        var home = LogDirectory.Open(disk, "/data", null);
        return (new PartitionHandle($"t{i}", Guid.Empty, 0, 0, home.StandIn(new PartitionName("t", i)), BrokerConfig.Create(new Dictionary<string, string> { ["node.id"] = "1" }).TopicDefaults) { Home = home, Actor = told }, told);
    }

    private sealed class Told(TestScheduler time) : MinimalActorRef
    {
        public List<long> Times { get; } = [];

        public override ActorPath Path { get; } = new RootActorPath(Address.AllSystems) / "told";

        public override IActorRefProvider Provider => throw new NotSupportedException();

        protected override void TellInternal(object message, IActorRef? sender)
        {
            Assert.IsType<Housekeep>(message);
            Times.Add(time.Now.ToUnixTimeMilliseconds());
        }
    }
}
