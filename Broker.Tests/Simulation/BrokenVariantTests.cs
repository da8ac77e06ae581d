using System.Diagnostics;
using AkkaStream.Tests.House;
using AkkaStream.Tests.Support;
using Xunit.Abstractions;

namespace AkkaStream.Tests.Simulation;

/// <summary>
/// Whether the checkers of the relay and of the replicas would find what they are there to find: coordinators, groups, logs and replicas with a mistake in them, each built from changed sources,
/// and each of them caught. The builds take minutes, so they stand behind AKKASTREAM_NIGHTLY; that the changes still fit the sources is looked at always.
/// </summary>
public sealed class BrokenVariantTests(ITestOutputHelper output)
{
    private const int Seeds = 60;
    private const int ReplicaSeeds = 1000;

    /// <summary>A mistake: what it is, where, what stands there, and what is put in its place.</summary>
    private static readonly (string What, string File, string Right, string Wrong)[] Variants =
    [
        ("markers go out before the log has the prepare", "Broker.Actors/Transactions/TransactionShard.cs",
            "effects.WhenCommitted(error => Committed(entry, error, effects));", "handle.TellCoordinator(new TransactionStep((c, now) => c.Appended(entry, ErrorCode.None, now)));"),
        ("a coordinator answers before the log has what it wrote", "Broker.Actors/Coordinators/CoordinatorWriter.cs",
            "if (gathering is not null) answers.Add(done);", "if (gathering is not null) done(ErrorCode.None);"),
        ("the last stable offset runs ahead of open transactions", "Broker.Actors/Storage/LogView.cs",
            "ReadLimit.Committed => LastStableOffset,", "ReadLimit.Committed => HighWatermark,"),
        ("readers are not told of aborted transactions", "Broker.Actors/Storage/ProducerStates.cs",
            "ended = new EndedTransaction(new AbortedTransaction(header.ProducerId, first, header.LastOffset, stable), marker.IsAbort);", "ended = new EndedTransaction(new AbortedTransaction(header.ProducerId, first, header.LastOffset, stable), false);"),
        ("offsets in a transaction count before it is committed", "Broker.Actors/Groups/GroupOffsets.cs",
            "AddPending(group, request.ProducerId, place, committed);", "group.Offsets[place] = committed;"),
        ("offsets of an aborted transaction count", "Broker.Actors/Groups/GroupOffsets.cs",
            "if (!commit) continue;", "if (written.Count == 0) continue;"),
        ("commits are not fenced by member and epoch", "Broker.Actors/Groups/GroupOffsets.cs",
            "ConsumerGroup young => ConsumerGroups.CheckCommit(young, committer.MemberId, committer.Generation, committer.Version, committer.IsTransactional),\n            ClassicGroup old => classic.CheckCommit(old, committer.MemberId, committer.InstanceId, committer.Generation, committer.IsTransactional),", ""),
        ("commits of a classic group are not fenced by member and generation", "Broker.Actors/Groups/ClassicGroups.Rebalance.cs",
            "            if (wrong != ErrorCode.None) return wrong;\n            if (generation != group.Generation) return ErrorCode.IllegalGeneration;\n", ""),
        ("the generation of a classic group does not rise", "Broker.Actors/Groups/ClassicGroups.Rebalance.cs",
            "group.Generation++;", "group.Generation = Math.Max(1, group.Generation);"),
        ("a member gets partitions that another still has", "Broker.Actors/Groups/Reconciler.cs",
            "if (group.IsTaken(topic, partition, member.Id)) waits = true;\n            else free.Add((topic, partition));", "free.Add((topic, partition));"),
        ("offsets are read while an open transaction has something to say", "Broker.Actors/Groups/GroupOffsets.cs",
            "if (requireStable && group.IsPending(partition)) result.ErrorCode = ErrorCode.UnstableOffsetCommit;\n        else if", "if"),
        ("a new producer does not end what its former self left open", "Broker.Actors/Transactions/TransactionCoordinator.Requests.cs",
            "else if (current.State == TransactionState.Ongoing) Fence(slot, request, error => request.Refuse(error == ErrorCode.None ? ErrorCode.ConcurrentTransactions : error), nowMs);", ""),
        ("a decision that was made before a crash is forgotten", "Broker.Actors/Transactions/TransactionCoordinator.cs",
            "if (slot.Current.State.IsEnding()) WriteMarkers(slot, nowMs);\n        }", "}"),
    ];

    /// <summary>The same for leaders and followers, each to be caught within a thousand seeds.</summary>
    private static readonly (string What, string File, string Right, string Wrong)[] ReplicaVariants =
    [
        ("an append is acknowledged before the in-sync set has it", "Broker.Actors/Partitions/PartitionState.cs",
            "if (append.StageError == ErrorCode.None && tracker is not null && append.RequiredAcks == -1)", "if (append.StageError == ErrorCode.None && tracker is not null && append.RequiredAcks == 7)"),
        ("a follower's log that went another way is not cut", "Broker.Actors/Partitions/PartitionActor.Leading.cs",
            "if (end.Epoch != asked.LastEpoch || end.StartOffset < asked.Offset) return", "if (end.Epoch > asked.LastEpoch) return"),
        ("a restarted follower counts with what its former life had", "Broker.Actors/Partitions/Replication/FollowingReplica.cs",
            "End = asked.Counted;", "End = Math.Max(End, asked.Counted);"),
        ("readers see beyond the high watermark", "Broker.Actors/Storage/LogView.cs",
            "ReadLimit.HighWatermark => HighWatermark,", "ReadLimit.HighWatermark => EndOffset,"),
        ("two leaderships have one epoch", "Broker.Host/Simulation/ReplicaController.cs",
            "        part.LeaderEpoch++;", "        part.LeaderEpoch += part.Epoch % 2;"),
        ("a set that is asked for does not count", "Broker.Actors/Partitions/Replication/ReplicaTracker.cs",
            "if (proposed is null) return least;", "if (proposed is null || least >= 0) return least;"),
        ("a follower reports what it has not written", "Broker.Actors/Partitions/PartitionActor.Following.cs",
            "if (!Stage(data)) AskLater();", "if (!Stage(data)) AskLater();\n                else following.LeaderActor!.Tell(new Replicated(Replication.BrokerId, Replication.BrokerEpoch(), following.LeaderEpoch, following.Session, handle.Log.StagedEndOffset, 0), Self);"),
        ("a copy that is not on disk counts with flush.mode=group", "Broker.Actors/Partitions/PartitionState.Replicated.cs",
            "public long CountedEnd => IsGroup ? handle.Log.RecoveryPoint : handle.Log.View.EndOffset;", "public long CountedEnd => handle.Log.View.EndOffset;"),
        ("records of a former leader are taken", "Broker.Actors/Partitions/Replication/FollowerState.cs",
            "if (data.LeaderEpoch != LeaderEpoch) return TakeData.Nothing;", ""),
        ("a report to a former leadership counts", "Broker.Actors/Partitions/PartitionActor.Leading.cs",
            "if (state.Tracker is not { } tracker || report.LeaderEpoch != handle.LeaderEpoch) return;", "if (state.Tracker is not { } tracker) return;"),
        ("a broker leads before its new life is registered", "Broker.Actors/Partitions/PartitionHost.cs",
            "replication.BrokerEpoch() is not (>= 0 and var epoch) || image.Offset < epoch) return;", "image.Offset < 0) return;"),
        ("a follower is in sync before it has caught up", "Broker.Actors/Partitions/Replication/ReplicaTracker.cs",
            "=> replica.IsSubscribed && replica.End >= Math.Max(facts.HighWatermark, epochStart) && !replica.LagsTooLong(facts);", "=> replica.IsSubscribed;"),
        ("a new leader takes all that it has for committed", "Broker.Actors/Partitions/PartitionActor.Roles.cs",
            "        handle.IsLeader = true;\n", "        handle.IsLeader = true;\n        handle.Log.SetHighWatermark(handle.Log.View.EndOffset);\n"),
        ("records behind a gap are appended", "Broker.Actors/Partitions/Replication/FollowerState.cs",
            "if (data.FirstOffset > stagedEnd) return IsAsking ? TakeData.Nothing : TakeData.AskAgain;", ""),
        ("one that lags leaves the set before the controller says so", "Broker.Actors/Partitions/Replication/ReplicaTracker.cs",
            "        var least = LeastOf(inSync, ownEnd);\n        if (proposed is null) return least;", "        var least = proposed is null ? LeastOf(inSync, ownEnd) : long.MaxValue;\n        if (proposed is null) return least;"),
        ("a leader that stepped down goes on acknowledging", "Broker.Actors/Partitions/PartitionActor.Roles.cs",
            "        state.Refuse(ErrorCode.NotLeaderOrFollower);", "        state.Refuse(ErrorCode.None);"),
    ];

    [Fact]
    public void Every_variant_fits_the_sources()
    {
        Assert.Superset(new HashSet<string> { "Broker.Host", "Broker.Actors", "Broker.Client", "Broker.Client.Generator" }, BuiltFrom("Broker.Host"));
        Assert.All(Variants.Concat(ReplicaVariants), variant => Assert.Equal(2, File.ReadAllText(Path.Combine(Repository.Root, variant.File)).Split(variant.Right).Length));
    }

    [Fact]
    public async Task Every_variant_is_caught()
    {
        if (Environment.GetEnvironmentVariable("AKKASTREAM_NIGHTLY") is not "1") return;
        var copy = Directory.CreateTempSubdirectory("variants").FullName;
        try
        {
            CopySources(Repository.Root, copy);
            Assert.Equal((0, ""), await Try(copy, "relay", Seeds));
            Assert.Equal((0, ""), await Try(copy, "replicas", Seeds));
            var missed = new List<string>();
            foreach (var (what, file, right, wrong) in Variants.Concat(ReplicaVariants))
            {
                var path = Path.Combine(copy, file);
                var source = await File.ReadAllTextAsync(path);
                await File.WriteAllTextAsync(path, source.Replace(right, wrong, StringComparison.Ordinal));
                var (code, why) = ReplicaVariants.Any(v => v.What == what) ? await Try(copy, "replicas", ReplicaSeeds) : await Try(copy, "relay", Seeds);
                output.WriteLine($"{what}: {(code == 0 ? "NOT CAUGHT" : why)}");
                if (code == 0) missed.Add(what);
                await File.WriteAllTextAsync(path, source);
            }

            Assert.Empty(missed);
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    // A project and all that it is built from, by their references to each other (../NAME/NAME.csproj).
    private static HashSet<string> BuiltFrom(string project)
        => [project, .. DependencyRules.References($"{project}/{project}.csproj", "ProjectReference").SelectMany(path => BuiltFrom(Path.GetFileNameWithoutExtension(path)))];

    // What a build leaves behind is made there anew.
    private static void CopySources(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from).Where(f => Path.GetExtension(f) is ".props" or ".targets" or ".json")) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (var part in (string[])["akka", "build", .. BuiltFrom("Broker.Host")])
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(from, part), "*", SearchOption.AllDirectories))
            {
                var relative = Path.GetRelativePath(from, file);
                if (relative.Split('/').Any(p => p is "bin" or "obj")) continue;
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(to, relative))!);
                File.Copy(file, Path.Combine(to, relative));
            }
        }
    }

    // Builds the copy and runs a scenario: nought and nothing where all is well, else what went wrong.
    private static async Task<(int Code, string Why)> Try(string copy, string scenario, int seeds)
    {
        var (built, said) = await Run(copy, "build", "Broker.Host", "-v", "q", "--nologo", "-p:TreatWarningsAsErrors=false", "-p:RunAnalyzers=false");
        Assert.True(built == 0, said);
        var (code, output) = await Run(copy, Path.Combine("Broker.Host", "bin", "Debug", "net10.0", "AkkaStream.Host.dll"), "simulate", scenario, "--count", $"{seeds}");
        return (code, code == 0 ? "" : output.Split('\n').FirstOrDefault(l => l.StartsWith("seed ", StringComparison.Ordinal)) ?? output);
    }

    private static async Task<(int Code, string Output)> Run(string folder, params string[] args)
    {
        var dotnet = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        using var process = Process.Start(new ProcessStartInfo(dotnet, args) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var text = await process.StandardOutput.ReadToEndAsync() + await error;
        await process.WaitForExitAsync();
        return (process.ExitCode, text);
    }
}
