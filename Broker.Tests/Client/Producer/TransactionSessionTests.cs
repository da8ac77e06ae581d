using AkkaStream.Client.Cluster;
using AkkaStream.Client.Producer;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Tests.Client.Producer;

/// <summary>What a transactional producer may do when, and what an error leaves it.</summary>
public sealed class TransactionSessionTests
{
    private static readonly TopicPartition Partition = new("t", 0);
    private readonly TransactionSession session = new("x");

    [Fact]
    public void Nothing_goes_out_of_turn()
    {
        Assert.Throws<InvalidOperationException>(session.Begin);
        session.Initialized(epochPerTransaction: true);
        Assert.Throws<InvalidOperationException>(session.CheckOpen);
        Assert.Throws<InvalidOperationException>(session.BeginCommit);
        Assert.Throws<InvalidOperationException>(session.BeginAbort);
        session.Begin();
        Assert.Throws<InvalidOperationException>(session.Begin);
        session.CheckOpen();
        session.BeginCommit();
        Assert.Throws<InvalidOperationException>(session.CheckOpen);
        // The outcome of a commit is not changed by an abort, but it may be asked for again.
        Assert.Throws<InvalidOperationException>(session.BeginAbort);
        session.BeginCommit();
        session.Ended();
        Assert.Equal(TransactionPhase.Ready, session.Phase);
    }

    [Fact]
    public void An_abortable_error_ends_with_the_abort()
    {
        session.Initialized(epochPerTransaction: false);
        session.Begin();
        session.BatchFailed(ErrorCode.MessageTooLarge, "too large");
        var error = Assert.Throws<TransactionException>(session.CheckOpen);
        Assert.Equal((ErrorCode.MessageTooLarge, false, false), (error.Code, error.IsFatal, error.IsFenced));
        Assert.Throws<TransactionException>(session.BeginCommit);
        session.BeginAbort();
        session.BatchFailed(ErrorCode.NetworkException, "and then another one");
        Assert.Equal(TransactionPhase.Aborting, session.Phase);
        session.Ended();
        Assert.True(session.HadError);
        session.Begin();
        Assert.False(session.HadError);
    }

    [Fact]
    public void A_fatal_error_ends_the_producer()
    {
        session.Initialized(epochPerTransaction: true);
        session.Begin();
        session.Failed(ErrorCode.ProducerFenced, "another instance");
        Assert.True(Assert.ThrowsAny<TransactionException>(session.BeginAbort) is { IsFatal: true, IsFenced: true });
        Assert.ThrowsAny<TransactionException>(session.Begin);
        session.Failed(ErrorCode.MessageTooLarge, "a batch");
        Assert.Equal(TransactionPhase.Fatal, session.Phase);
    }

    [Fact]
    public void What_a_leader_says_of_the_state_is_for_the_coordinator_to_confirm()
    {
        session.Initialized(epochPerTransaction: true);
        session.Begin();
        session.BatchFailed(ErrorCode.InvalidTxnState, "not verified");
        Assert.Equal(TransactionPhase.Abortable, session.Phase);
        session.BeginAbort();
        session.Failed(ErrorCode.InvalidTxnState, "the coordinator agrees");
        Assert.Equal(TransactionPhase.Fatal, session.Phase);
    }

    [Fact]
    public void Partitions_are_added_first_where_the_broker_does_not_do_it()
    {
        session.Initialized(epochPerTransaction: false);
        session.Begin();
        Assert.False(session.MaySend(Partition));
        Assert.False(session.HasWork);
        session.Added([Partition]);
        Assert.True(session.MaySend(Partition) && session.HasWork);
        Assert.True(session.MustAddGroup("g"));
        session.GroupAdded("g");
        Assert.False(session.MustAddGroup("g"));
        session.BeginCommit();
        session.Ended();
        session.Begin();
        Assert.False(session.MaySend(Partition));
    }

    [Fact]
    public void An_empty_transaction_needs_nobody()
    {
        session.Initialized(epochPerTransaction: true);
        session.Begin();
        Assert.False(session.HasWork);
        Assert.True(session.MaySend(Partition));
        Assert.True(session.HasWork);
    }
}
