using System.Globalization;
using Xunit.Abstractions;

namespace AkkaStream.Tests.Actors.Quorum;

/// <summary>Random schedules of voters and proposers, and the proof that the checker finds mistakes. <c>AKKASTREAM_QUORUM_RUNS=N</c> runs N of each.</summary>
public sealed class QuorumPropertyTests(ITestOutputHelper output)
{
    private const int Steps = 1500;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public void What_is_committed_stays(int size) => Run(size, 0);

    [Theory]
    [InlineData(1, 2)]
    [InlineData(3, 2)]
    public void What_is_committed_stays_while_voters_come_and_go(int size, int spares) => Run(size, spares);

    [Theory]
    [InlineData("ForgetsPromise")]
    [InlineData("AnswersBeforeFsync")]
    [InlineData("CommitsBeforeMajority")]
    [InlineData("SharesEpochs")]
    [InlineData("SkipsTheCheckOfTheTail")]
    [InlineData("LostDiskVotes")]
    [InlineData("AdoptsNothing")]
    [InlineData("TrimsBeforeDurable")]
    [InlineData("SnapshotsUncommitted")]
    public void A_mistake_is_found(string name)
    {
        var mistake = Enum.Parse<QuorumMistake>(name);
        for (var seed = 1; seed <= 4000; seed++)
        {
            var world = new QuorumWorld(seed, seed % 2 == 0 ? 3 : 5, mistake);
            world.Run(Steps);
            if (world.Violation is not { } violation || violation.StartsWith("nobody", StringComparison.Ordinal)) continue;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{mistake}: seed {seed}: {violation}"));
            return;
        }

        Assert.Fail($"{mistake} was not found in 4,000 runs");
    }

    private void Run(int size, int spares)
    {
        var runs = int.TryParse(Environment.GetEnvironmentVariable("AKKASTREAM_QUORUM_RUNS"), NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : 150;
        int committed = 0, elections = 0, changes = 0, taken = 0, installed = 0;
        for (var seed = 1; seed <= runs; seed++)
        {
            var world = new QuorumWorld(seed, size, spares: spares);
            world.Run(Steps);
            Assert.True(world.Violation is null, $"seed {seed}, {size} voters: {world.Violation}");
            committed += world.Committed;
            elections += world.Elections;
            changes += world.Changes;
            taken += world.Snapshots.Taken;
            installed += world.Snapshots.Installed;
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{runs} runs of {size} voters: {committed} batches committed in {elections} epochs, {changes} changes of voters, {taken} snapshots taken, {installed} in the place of a log"));
        Assert.True(committed > runs && elections > runs && taken > runs && (size == 1 || installed > 0));
    }
}
