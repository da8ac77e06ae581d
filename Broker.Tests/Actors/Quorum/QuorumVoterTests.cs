using AkkaStream.Actors.Metadata.Quorum;
using AkkaStream.Actors.Storage;
using AkkaStream.Actors.Storage.Memory;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Tests.Actors.Quorum;

/// <summary>A voter by itself: what it promises, what it takes, what it refuses, and what is left of that after a crash.</summary>
public sealed class QuorumVoterTests
{
    private const string Directory = "/data/__cluster_metadata-0";
    private static readonly Guid First = new(1, 0, 0, new byte[8]);
    private static readonly Guid Second = new(2, 0, 0, new byte[8]);

    [Fact]
    public void An_epoch_is_promised_once_and_no_lower_one_is_obeyed()
    {
        var voter = NewVoter(out _, out _);
        Assert.Equal(QuorumRefusal.None, voter.Handle(new QuorumClaim(5, First)).Refusal);
        Assert.Equal(QuorumRefusal.None, voter.Handle(new QuorumClaim(5, First)).Refusal);
        var other = voter.Handle(new QuorumClaim(5, Second));
        Assert.Equal((QuorumRefusal.Promised, 5), (other.Refusal, other.Promised));
        Assert.Equal(QuorumRefusal.Promised, voter.Handle(new QuorumClaim(4, Second)).Refusal);
        Assert.Equal(QuorumRefusal.Promised, voter.Handle(new QuorumAppend(4, Second, 0, -1, Batch(0, 4), 0)).Refusal);
        Assert.Equal(QuorumRefusal.Promised, voter.Handle(new QuorumFetch(4, Second, 0, -1)).Refusal);
    }

    [Fact]
    public void What_comes_twice_or_late_cuts_nothing_off()
    {
        var voter = NewVoter(out var log, out _);
        var first = new QuorumAppend(1, First, 0, -1, Batch(0, 1), 0);
        Assert.Equal(1, ((QuorumAppended)voter.Handle(first)).End);
        Assert.Equal(2, ((QuorumAppended)voter.Handle(new QuorumAppend(1, First, 1, 1, Batch(1, 1), 0))).End);
        var again = (QuorumAppended)voter.Handle(first);
        Assert.Equal((QuorumRefusal.None, 1, 2), (again.Refusal, again.End, log.EndOffset));
    }

    [Fact]
    public void A_tail_that_its_proposer_never_had_committed_gives_way()
    {
        var voter = NewVoter(out var log, out _);
        voter.Handle(new QuorumAppend(1, First, 0, -1, Batch(0, 1), 0));
        voter.Handle(new QuorumAppend(1, First, 1, 1, Batch(1, 1), 0));
        voter.Handle(new QuorumAppend(1, First, 2, 1, Batch(2, 1), 0));
        var elsewhere = (QuorumAppended)voter.Handle(new QuorumAppend(3, Second, 3, 2, Batch(3, 3), 0));
        Assert.Equal((QuorumRefusal.Diverged, new LogEnd(1, 3)), (elsewhere.Refusal, elsewhere.Near));
        Assert.Equal(3, log.EndOffset);
        Assert.Equal(2, ((QuorumAppended)voter.Handle(new QuorumAppend(3, Second, 1, 1, Batch(1, 3), 0))).End);
        Assert.Equal(new LogEnd(3, 2), ((QuorumClaimed)voter.Handle(new QuorumClaim(4, Second))).End);
    }

    [Fact]
    public void Behind_its_end_it_takes_nothing()
    {
        var voter = NewVoter(out var log, out _);
        voter.Handle(new QuorumAppend(1, First, 0, -1, Batch(0, 1), 0));
        var gap = (QuorumAppended)voter.Handle(new QuorumAppend(1, First, 4, 1, Batch(4, 1), 0));
        Assert.Equal((QuorumRefusal.Diverged, new LogEnd(1, 1), 1), (gap.Refusal, gap.Near, log.EndOffset));
    }

    [Fact]
    public void What_no_majority_can_want_is_not_cut_off()
    {
        var voter = NewVoter(out var log, out _);
        voter.Handle(new QuorumAppend(1, First, 0, -1, Batch(0, 1), 0));
        voter.Handle(new QuorumAppend(1, First, 1, 1, Batch(1, 1), 2));
        Assert.Equal(QuorumRefusal.Disk, voter.Handle(new QuorumAppend(2, Second, 1, 1, Batch(1, 2), 0)).Refusal);
        Assert.True(voter.IsBroken);
        Assert.Equal(2, log.EndOffset);
    }

    [Theory]
    [InlineData("checksum")]
    [InlineData("torn")]
    [InlineData("offset")]
    [InlineData("epoch")]
    [InlineData("garbage")]
    public void What_is_no_batch_that_follows_is_refused_and_nothing_of_it_taken(string wrong)
    {
        var voter = NewVoter(out var log, out _);
        var good = Batch(0, 1).ToArray();
        var bad = Batch(wrong == "offset" ? 7 : 1, wrong == "epoch" ? 9 : 1).ToArray();
        if (wrong == "checksum") bad[^1] ^= 1;
        var batches = wrong switch { "torn" => [.. good, .. bad[..^3]], "garbage" => [1, 2, 3], _ => (byte[])[.. good, .. bad] };
        Assert.Equal(QuorumRefusal.Malformed, voter.Handle(new QuorumAppend(1, First, 0, -1, batches, 0)).Refusal);
        Assert.Equal(0, log.EndOffset);
    }

    [Fact]
    public void The_newest_set_of_voters_of_the_log_counts_and_goes_with_its_batch()
    {
        var voter = NewVoter(out _, out _);
        var one = new VoterSet([new QuorumMember(1, First, "a", 1)]);
        var two = one.With(new QuorumMember(2, Second, "b", 2));
        voter.Handle(new QuorumAppend(1, First, 0, -1, QuorumBatches.Encode([QuorumBatches.ToRecord(one)], 0, 1, 0), 0));
        voter.Handle(new QuorumAppend(1, First, 1, 1, QuorumBatches.Encode([QuorumBatches.ToRecord(two)], 1, 1, 0), 0));
        Assert.Equal(two, voter.Voters);
        voter.Handle(new QuorumAppend(2, Second, 1, 1, Batch(1, 2), 0));
        Assert.Equal(one, voter.Voters);
    }

    [Fact]
    public void A_disk_keeps_what_was_promised_and_said_through_losses_of_power()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var dice = new Random(seed);
            var disk = new MemoryDisk(dice);
            disk.CreateDirectory("/data");
            disk.SyncDirectory("/");
            var (voter, log, promises) = OnDisk(disk, dice);
            var id = promises.Disk;
            var said = 0L;
            for (var offset = 0; offset < 8; offset++)
            {
                if (dice.Next(4) == 0) disk.FailAfter(dice.Next(12));
                var done = Append(voter, log, offset);
                if (done.Refusal != QuorumRefusal.None && dice.Next(3) == 0) break;
                disk.Heal();
                if (done.Refusal != QuorumRefusal.None) done = Append(voter, log, offset);
                Assert.Equal(QuorumRefusal.None, done.Refusal);
                said = done.End;
            }

            var promised = voter.Promised;
            disk.Heal();
            disk.Crash();
            (voter, log, promises) = OnDisk(disk, dice);
            Assert.Equal(id, promises.Disk);
            Assert.InRange(log.EndOffset, said, said + 1);
            Assert.True(voter.Promised >= promised);
            for (var offset = 0; offset < said; offset++) Assert.Equal(offset / 3, log.EpochBefore(offset + 1));
        }
    }

    // Each third offset another epoch.
    private static QuorumAppended Append(QuorumVoter voter, PartitionQuorumLog log, int offset)
        => (QuorumAppended)voter.Handle(new QuorumAppend(offset / 3, First, offset, log.EpochBefore(offset), Batch(offset, offset / 3), 0));

    [Fact]
    public void A_cut_that_the_disk_refuses_is_made_before_the_next_append()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var dice = new Random(seed);
            var disk = new MemoryDisk(dice);
            disk.CreateDirectory("/data");
            disk.SyncDirectory("/");
            var (voter, log, _) = OnDisk(disk, dice);
            for (var offset = 0; offset < 5; offset++) voter.Handle(new QuorumAppend(1, First, offset, offset == 0 ? -1 : 1, Batch(offset, 1), 0));
            disk.FailAfter(dice.Next(10));
            var answer = voter.Handle(new QuorumAppend(4, Second, 2, 1, Batch(2, 4), 0));
            if (answer.Refusal == QuorumRefusal.Disk)
            {
                disk.Heal();
                Assert.InRange(((QuorumClaimed)voter.Handle(new QuorumClaim(5, Second))).End.Offset, 2, 5);
                answer = voter.Handle(new QuorumAppend(5, Second, 2, 1, Batch(2, 4), 0));
            }

            Assert.Equal(QuorumRefusal.None, answer.Refusal);
            disk.Heal();
            disk.Crash();
            (_, log, _) = OnDisk(disk, dice);
            Assert.Equal((3, 4, 1), (log.EndOffset, log.EpochBefore(3), log.EpochBefore(2)));
        }
    }

    [Fact]
    public void A_lost_disk_is_another_voters()
    {
        var dice = new Random(1);
        Assert.NotEqual(OnDisk(new MemoryDisk(dice), dice).Promises.Disk, OnDisk(new MemoryDisk(dice), dice).Promises.Disk);
    }

    [Fact]
    public void A_damaged_promise_is_not_gone_on_from()
    {
        var dice = new Random(1);
        var disk = new MemoryDisk();
        OnDisk(disk, dice);
        using (var file = disk.Open($"{Directory}/{QuorumPromiseFile.FileName}", DiskAccess.Write)) file.Write("nonsense"u8, 3);
        Assert.Contains("is damaged", Assert.Throws<IOException>(() => OnDisk(disk, dice)).Message, StringComparison.Ordinal);
    }

    private static QuorumVoter NewVoter(out FakeQuorumLog log, out FakePromises promises) => new(1, log = new FakeQuorumLog(), promises = new FakePromises(First));

    private static (QuorumVoter Voter, PartitionQuorumLog Log, QuorumPromiseFile Promises) OnDisk(MemoryDisk disk, Random dice)
    {
        var log = new PartitionQuorumLog(disk, PartitionLog.Open(new LogOpening { Disk = disk, Directory = Directory }), () => 0);
        var promises = new QuorumPromiseFile(disk, Directory, () =>
        {
            var bytes = new byte[16];
            dice.NextBytes(bytes);
            return new Guid(bytes);
        });
        return (new QuorumVoter(1, log, promises), log, promises);
    }

    private static ReadOnlyMemory<byte> Batch(long offset, int epoch) => QuorumBatches.Encode([new NoOpRecord()], offset, epoch, 0);
}
