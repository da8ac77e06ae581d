using System.Diagnostics;
using AkkaStream.Tests.Support;
using Xunit.Abstractions;

namespace AkkaStream.Tests.Simulation;

/// <summary>
/// Whether the relay's checker would find what it is there to find: coordinators, groups and logs with a mistake in them, each built from changed sources,
/// and each of them caught. The builds take minutes, so they stand behind AKKASTREAM_NIGHTLY; that the changes still fit the sources is looked at always.
/// </summary>
public sealed class BrokenVariantTests(ITestOutputHelper output)
{
    private const int Seeds = 60;

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
        ("a member gets partitions that another still has", "Broker.Actors/Groups/Reconciler.cs",
            "if (group.IsTaken(topic, partition, member.Id)) waits = true;\n            else free.Add((topic, partition));", "free.Add((topic, partition));"),
        ("offsets are read while an open transaction has something to say", "Broker.Actors/Groups/GroupOffsets.cs",
            "if (requireStable && group.IsPending(partition)) result.ErrorCode = ErrorCode.UnstableOffsetCommit;\n        else if", "if"),
        ("a new producer does not end what its former self left open", "Broker.Actors/Transactions/TransactionCoordinator.Requests.cs",
            "else if (current.State == TransactionState.Ongoing) Fence(slot, request, error => request.Refuse(error == ErrorCode.None ? ErrorCode.ConcurrentTransactions : error), nowMs);", ""),
        ("a decision that was made before a crash is forgotten", "Broker.Actors/Transactions/TransactionCoordinator.cs",
            "if (slot.Current.State.IsEnding()) WriteMarkers(slot, nowMs);\n        }", "}"),
    ];

    [Fact]
    public void Every_variant_fits_the_sources()
    {
        Assert.All(Variants, variant => Assert.Equal(2, File.ReadAllText(Path.Combine(Repository.Root, variant.File)).Split(variant.Right).Length));
    }

    [Fact]
    public async Task Every_variant_is_caught()
    {
        if (Environment.GetEnvironmentVariable("AKKASTREAM_NIGHTLY") is not "1") return;
        var copy = Directory.CreateTempSubdirectory("variants").FullName;
        try
        {
            CopySources(Repository.Root, copy);
            Assert.Equal((0, ""), await Try(copy));
            var missed = new List<string>();
            foreach (var (what, file, right, wrong) in Variants)
            {
                var path = Path.Combine(copy, file);
                var source = await File.ReadAllTextAsync(path);
                await File.WriteAllTextAsync(path, source.Replace(right, wrong, StringComparison.Ordinal));
                var (code, why) = await Try(copy);
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

    // What a build leaves behind is made there anew.
    private static void CopySources(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from).Where(f => Path.GetExtension(f) is ".props" or ".targets" or ".json")) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (var part in (string[])["akka", "build", "Broker.Client", "Broker.Client.Generator", "Broker.Actors", "Broker.Host"])
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

    // Builds the copy and runs the relay: nought and nothing where all is well, else what went wrong.
    private static async Task<(int Code, string Why)> Try(string copy)
    {
        var (built, said) = await Run(copy, "build", "Broker.Host", "-v", "q", "--nologo", "-p:TreatWarningsAsErrors=false", "-p:RunAnalyzers=false");
        Assert.True(built == 0, said);
        var (code, output) = await Run(copy, Path.Combine("Broker.Host", "bin", "Debug", "net10.0", "AkkaStream.Host.dll"), "simulate", "relay", "--count", $"{Seeds}");
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
