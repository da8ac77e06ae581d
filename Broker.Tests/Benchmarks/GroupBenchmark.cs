using System.Diagnostics;
using AkkaStream.Actors.Coordinators;
using AkkaStream.Actors.Groups;
using AkkaStream.Actors.Storage;
using AkkaStream.Actors.Storage.Memory;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;
using AkkaStream.Tests.Actors.Groups;
using Xunit.Abstractions;

namespace AkkaStream.Tests.Benchmarks;

/// <summary>What groups cost their coordinator's state machine: commits, a large rebalance, memory. AKKASTREAM_BENCH=groups.</summary>
public sealed class GroupBenchmark(ITestOutputHelper output)
{
    private const int Groups = 10_000;
    private const int Members = 1000;
    private const int Commits = 500_000;

    [Fact]
    public void Commits_rebalance_and_memory()
    {
        if (Environment.GetEnvironmentVariable("AKKASTREAM_BENCH") != "groups") return;
        Commit();
        Rebalance();
        Memory();
        Load();
    }

    private void Commit()
    {
        var groups = new GroupHarness();
        for (var round = 0; round < 3; round++)
        {
            var memory = GC.GetAllocatedBytesForCurrentThread();
            var watch = Stopwatch.StartNew();
            for (var i = 0; i < Commits; i++)
            {
                groups.Commit("g", "t", i);
                if (groups.Log.Count >= 1000) groups.Log.Clear();
            }

            output.WriteLine($"offset commits: {Commits / watch.Elapsed.TotalSeconds:F0}/s, {(GC.GetAllocatedBytesForCurrentThread() - memory) / Commits} bytes each, request and answer included");
        }
    }

    private void Rebalance()
    {
        var groups = new GroupHarness(("group.initial.rebalance.delay.ms", "3000"));
        var watch = Stopwatch.StartNew();
        var joins = Enumerable.Range(0, Members).Select(_ => groups.Join("g", "", version: 3)).ToList();
        groups.Pass(6_000);
        var leader = joins[0].Value!;
        foreach (var join in joins.Skip(1)) groups.Sync("g", join.Value!.MemberId, 1);
        groups.Sync("g", leader.MemberId, 1, leader.Members.Select(m => (m.MemberId, "assignment")).ToArray());
        output.WriteLine($"a classic group of {Members}: {watch.Elapsed.TotalMilliseconds:F0} ms of the coordinator for join and sync");
        watch.Restart();
        joins.Add(groups.Join("g", "", version: 3));
        foreach (var join in joins.Take(Members)) groups.Join("g", join.Value!.MemberId);
        Assert.Equal(2, joins[^1].Value!.GenerationId);
        output.WriteLine($"one more member: {watch.Elapsed.TotalMilliseconds:F0} ms until all have joined again");
    }

    private void Memory()
    {
        var groups = new GroupHarness();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < Groups; i++)
        {
            var member = groups.Stable($"group-{i}");
            Assert.Equal(ErrorCode.None, groups.Commit($"group-{i}", "t", i, 1, member));
        }

        groups.Log.Clear();
        groups.Log.TrimExcess();
        output.WriteLine($"{Groups} groups of one member and one offset: {(GC.GetTotalMemory(forceFullCollection: true) - before) / 1e6:F1} MB");
        GC.KeepAlive(groups);
    }

    // What a new coordinator reads after a failover: a thousand groups of a thousand partitions, in batches of a thousand records.
    private void Load()
    {
        var disk = new MemoryDisk();
        var log = PartitionLog.Open(new LogOpening { Disk = disk, Directory = "/logs/__consumer_offsets-0", WasCleanlyShutDown = true });
        log.BecomeLeader(0);
        var writing = new GroupHarness();
        for (var group = 0; group < 1000; group++)
        {
            var request = new OffsetCommitRequest { GroupId = $"group-{group}", GenerationIdOrMemberEpoch = -1, Topics = [new() { Name = "topic", Partitions = [.. Enumerable.Range(0, 1000).Select(p => new OffsetCommitRequest.OffsetCommitRequestPartition { PartitionIndex = p, CommittedOffset = p })] }] };
            writing.Tell<OffsetCommitResponse>((caller, answer) => new CommitCall(request, caller, answer));
            using var builder = new RecordBatchBuilder();
            foreach (var record in writing.Log) builder.Append(record.Timestamp, record.Key.Span, true, record.Value!.Value.Span, true);
            writing.Log.Clear();
            var bytes = builder.Build(new RecordBatchFields());
            log.Stage(bytes, AkkaStream.Tests.Actors.Storage.TestBatch.Header(bytes.Span), 0, 0);
            log.Commit();
        }

        for (var round = 0; round < 3; round++)
        {
            var watch = Stopwatch.StartNew();
            var reading = new GroupHarness();
            var loader = new CoordinatorLoader(log, reading.Coordinator, 5 << 20);
            while (!loader.Step())
            {
            }

            reading.Coordinator.Loaded(reading);
            output.WriteLine($"load of {loader.Records} committed offsets, {log.SizeInBytes / 1e6:F0} MB: {watch.Elapsed.TotalMilliseconds:F0} ms, {loader.Records / watch.Elapsed.TotalSeconds / 1e6:F2} M records/s");
        }
    }
}
