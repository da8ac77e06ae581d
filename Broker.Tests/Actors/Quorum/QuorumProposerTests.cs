using AkkaStream.Actors.Metadata.Quorum;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Tests.Actors.Quorum;

/// <summary>Proposers against voters, message by message.</summary>
public sealed class QuorumProposerTests
{
    private readonly Dictionary<int, (QuorumVoter Voter, FakeQuorumLog Log, FakePromises Promises)> voters = [];
    private readonly HashSet<QuorumProposer> started = [];
    private int claims;

    public QuorumProposerTests()
    {
        for (var id = 1; id <= 5; id++) Renew(id);
    }

    [Fact]
    public void The_first_one_needs_every_voter_and_the_next_one_a_majority()
    {
        var first = NewProposer(1, 3);
        Play(first, 1, 2);
        Assert.Equal(QuorumPhase.Claiming, first.Phase);
        first.Tick();
        first.Tick();
        Play(first, 1, 2, 3);
        Assert.True(first.IsElected);
        var second = NewProposer(2, 3);
        Play(second, 2, 3);
        Assert.True(second.IsElected);
        Assert.Equal([1, 2, 3], second.Voters.Members.Select(m => m.Id));
    }

    [Fact]
    public void A_minority_elects_nobody_and_commits_nothing()
    {
        var first = Elected(1, 3);
        first.Propose([Event("a")]);
        Play(first, 1);
        Assert.True(first.IsBusy);
        var second = NewProposer(2, 3);
        Play(second, 2);
        for (var i = 0; i < 30; i++)
        {
            second.Tick();
            Play(second, 2);
        }

        Assert.False(second.IsElected);
    }

    [Fact]
    public void One_that_writes_nothing_hears_by_its_beat_of_another_that_was_elected()
    {
        var first = Elected(1, 3);
        Assert.Equal(1, first.Epoch);
        first.Beat();
        Play(first, 1, 2, 3);
        Assert.All(first.Standings, s => Assert.Equal((0, 0), (s.HeardMs, s.CaughtUpMs)));
        var second = NewProposer(2, 3);
        Play(second, 2, 3);
        first.Beat();
        Play(first, 1, 2, 3);
        Assert.Equal(QuorumPhase.Deposed, first.Phase);
    }

    [Fact]
    public void One_that_heard_nothing_is_deposed_by_the_first_voter_that_has_promised_another()
    {
        var first = Elected(1, 3);
        var second = NewProposer(2, 3);
        Play(second, 2, 3);
        Assert.True(second.IsElected);
        first.Propose([Event("lost")]);
        Play(first, 1, 2, 3);
        Assert.Equal(QuorumPhase.Deposed, first.Phase);
        Assert.Equal(voters[2].Log.Contents, voters[3].Log.Contents);
    }

    [Fact]
    public void What_a_majority_has_is_adopted_although_nobody_was_told()
    {
        var first = Elected(1, 3);
        first.Propose([Event("a")]);
        Play(first, 1, 2);
        var second = NewProposer(3, 3);
        Play(second, 2, 3);
        Assert.True(second.IsElected);
        Assert.Equal(voters[1].Log.Contents.Select(c => c.Text), voters[3].Log.Contents.Select(c => c.Text).SkipLast(1));
    }

    [Fact]
    public void A_tail_that_only_one_has_and_that_was_not_found_gives_way_when_it_comes_back()
    {
        var first = Elected(1, 3);
        first.Propose([Event("nobody knows")]);
        Play(first, 1);
        var second = NewProposer(2, 3);
        Play(second, 2, 3);
        second.Tick();
        second.Tick();
        Play(second, 1, 2, 3);
        Assert.Equal(voters[2].Log.Contents, voters[1].Log.Contents);
        Assert.DoesNotContain(voters[1].Log.Contents, c => c.Text.Contains(Hex("nobody knows"), StringComparison.Ordinal));
    }

    // The case by which a batch of an earlier epoch must not count although a majority has it: another one with a later epoch may still take its place.
    [Fact]
    public void Batches_of_earlier_epochs_count_only_with_one_of_the_own()
    {
        var first = Elected(1, 5);
        var all = first.Committed;
        first.Propose([Event("x")]);
        Play(first, 1, 2);
        Assert.Equal(all, first.Committed);
        var fifth = NewProposer(5, 5);
        started.Add(fifth);
        fifth.Start();
        Claims(fifth, 3, 4, 5);
        Play(fifth, 5);
        Assert.False(fifth.IsElected);
        var again = NewProposer(1, 5);
        Play(again, 1, 2);
        Assert.False(again.IsElected);
        Assert.Equal(-1, again.Committed);
        again.Tick();
        again.Tick();
        Play(again, 1, 2, 3);
        Assert.True(again.IsElected);
        Assert.Equal(voters[1].Log.Contents, voters[3].Log.Contents);
    }

    [Fact]
    public void A_voter_with_a_new_disk_does_not_count()
    {
        Elected(1, 3);
        Renew(3);
        var second = NewProposer(2, 3);
        Play(second, 2, 3);
        for (var i = 0; i < 30; i++)
        {
            second.Tick();
            Play(second, 2, 3);
        }

        Assert.False(second.IsElected);
        Play(second, 1, 2, 3);
        for (var i = 0; i < 30 && !second.IsElected; i++)
        {
            second.Tick();
            Play(second, 1, 2, 3);
        }

        Assert.True(second.IsElected);
        second.Tick();
        Play(second, 1, 2, 3);
        Assert.Equal(voters[2].Log.Contents, voters[3].Log.Contents);
        Assert.Contains(second.Standings, s => s.Member.Id == 3 && !s.IsVoter);
        Assert.Contains("one voter at a time", second.TryChange(second.Voters.With(new QuorumMember(3, voters[3].Promises.Disk, "n3", 1))), StringComparison.Ordinal);
        second.Probe();
        Play(second, 1, 2, 3);
        Assert.Null(second.TryChange(second.Voters.Without(3)));
        Play(second, 1, 2, 3);
        second.Probe();
        Play(second, 1, 2, 3);
        Assert.Null(second.TryChange(second.Voters.With(new QuorumMember(3, voters[3].Promises.Disk, "n3", 1))));
        Play(second, 1, 2, 3);
        Assert.Equal(3, second.Standings.Count(s => s.IsVoter));
    }

    [Fact]
    public void What_would_lose_the_majority_is_refused()
    {
        var first = Elected(1, 3);
        first.Probe();
        Play(first, 1, 2);
        Assert.Contains("are needed", first.TryChange(first.Voters.Without(2)), StringComparison.Ordinal);
        Assert.Null(first.TryChange(first.Voters.Without(3)));
        Play(first, 1, 2);
        Assert.False(first.IsBusy);
    }

    private static ConfigRecord Event(string value) => new() { ResourceType = 2, ResourceName = "t", Name = "e", Value = value };

    private static string Hex(string text) => Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(text));

    private void Renew(int id)
    {
        var (log, promises) = (new FakeQuorumLog(), new FakePromises(new Guid(id, 0, 0, [.. BitConverter.GetBytes((long)++claims)])));
        voters[id] = (new QuorumVoter(id, log, promises), log, promises);
    }

    private QuorumProposer NewProposer(int id, int size)
    {
        var configured = new VoterSet([.. Enumerable.Range(1, size).Select(i => new QuorumMember(i, Guid.Empty, $"n{i}", 1))]);
        var (_, log, promises) = voters[id];
        return new QuorumProposer(new QuorumProposerParts { Id = id, Claim = new Guid(++claims, 1, 1, new byte[8]), Configured = configured, Log = log, LocalPromise = () => promises.Promise.Epoch, NowMs = () => 0 });
    }

    private QuorumProposer Elected(int id, int size)
    {
        var proposer = NewProposer(id, size);
        Play(proposer, [.. Enumerable.Range(1, size)]);
        Assert.True(proposer.IsElected);
        return proposer;
    }

    // Until nothing is said any more; only these voters are reached.
    private void Play(QuorumProposer proposer, params int[] reached)
    {
        if (started.Add(proposer)) proposer.Start();
        while (proposer.TakeOutbox() is { Count: > 0 } messages)
        {
            foreach (var (to, message) in messages)
            {
                if (reached.Contains(to.Id)) proposer.Handle(voters[to.Id].Voter.Handle(message));
            }
        }
    }

    // Only its claims arrive.
    private void Claims(QuorumProposer proposer, params int[] reached)
    {
        for (var left = 2; left > 0; left--)
        {
            foreach (var (to, message) in proposer.TakeOutbox())
            {
                if (message is QuorumClaim && reached.Contains(to.Id)) proposer.Handle(voters[to.Id].Voter.Handle(message));
            }
        }
    }
}
