using AkkaStream.Actors.Transactions;
using AkkaStream.Client.Protocol;
using Limits = AkkaStream.Actors.Limits;

namespace AkkaStream.Tests.Actors.Transactions;

/// <summary>The coordinator's state machine by itself.</summary>
public sealed class TransactionCoordinatorTests
{
    private readonly CoordinatorHarness harness = new();

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_transaction_goes_from_its_first_partition_to_its_last_marker(short version)
    {
        var producer = harness.Init("x");
        Assert.Equal(new ProducerAnswer(ErrorCode.None, 1000, 0), producer);
        Assert.Equal(ErrorCode.None, harness.Add("x", 1000, 0, "t-0", version));
        Assert.Equal(ErrorCode.None, harness.Add("x", 1000, 0, "u-3", version));
        var ended = harness.End("x", 1000, 0, commit: true, version);
        var epoch = (short)(version == 2 ? 1 : 0);
        Assert.Equal(new ProducerAnswer(ErrorCode.None, 1000, epoch), ended);
        Assert.Equal([TransactionState.Empty, TransactionState.Ongoing, TransactionState.Ongoing, TransactionState.PrepareCommit, TransactionState.CompleteCommit], harness.Log.Select(e => e.State));
        Assert.Equal(["t-0", "u-3"], harness.Markers.Select(m => m.Partition.ToString()).Order());
        Assert.All(harness.Markers, m => Assert.True(m.Order is { Commit: true, ProducerId: 1000 } && m.Order.Epoch == epoch && m.Order.ClientVersion == version));
    }

    [Fact]
    public void A_partition_that_is_in_already_costs_no_record()
    {
        harness.Init("x");
        harness.Add("x", 1000, 0);
        var before = harness.Log.Count;
        Assert.Equal(ErrorCode.None, harness.Add("x", 1000, 0));
        Assert.Equal(before, harness.Log.Count);
    }

    [Fact]
    public void Markers_follow_the_decision_and_the_end_follows_the_last_marker()
    {
        harness.Init("x");
        harness.Add("x", 1000, 0, "t-0");
        harness.Add("x", 1000, 0, "t-1");
        var answered = false;
        harness.Handle(new EndTransaction("x", 1000, 0, true, 0, _ => answered = true));
        Assert.Single(harness.Work);
        Assert.False(answered);
        harness.Run(0);
        Assert.True(answered);
        Assert.Equal(2, harness.Work.Count);
        harness.Run(1);
        Assert.Equal(TransactionState.PrepareCommit, harness.Coordinator.Find("x")!.State);
        Assert.Single(harness.Work);
        harness.Run(0);
        harness.Run(0);
        Assert.Equal(TransactionState.CompleteCommit, harness.Coordinator.Find("x")!.State);
    }

    [Fact]
    public void What_comes_while_a_change_is_under_way_waits_for_it_and_is_judged_then()
    {
        harness.Init("x");
        harness.Add("x", 1000, 0);
        ErrorCode? ended = null, added = null;
        harness.Handle(new EndTransaction("x", 1000, 0, true, 0, a => ended = a.Error));
        harness.Handle(new AddPartitions("x", 1000, 0, [CoordinatorHarness.Partition("t-1")], 0, e => added = e));
        Assert.Null(added);
        harness.RunAll();
        Assert.Equal((ErrorCode.None, ErrorCode.None), (ended, added));
        Assert.Equal(TransactionState.Ongoing, harness.Coordinator.Find("x")!.State);
        Assert.Equal(["t-1"], harness.Coordinator.Find("x")!.Partitions.Select(p => p.ToString()));
        Assert.Null(harness.Coordinator.NextTickMs);
    }

    [Fact]
    public void What_waits_too_long_or_behind_too_many_is_told_to_come_again()
    {
        harness.Init("x");
        harness.Add("x", 1000, 0);
        harness.Handle(new EndTransaction("x", 1000, 0, true, 0, _ => { }));
        var refused = new List<ErrorCode>();
        for (var i = 0; i < Limits.TransactionRequestsWaiting + 2; i++) harness.Handle(new EndTransaction("x", 1000, 0, true, 0, a => refused.Add(a.Error)));
        Assert.Equal([ErrorCode.ConcurrentTransactions, ErrorCode.ConcurrentTransactions], refused);
        Assert.Equal(harness.NowMs + Limits.TransactionWaitMs, harness.Coordinator.NextTickMs);
        harness.NowMs += Limits.TransactionWaitMs;
        harness.Do(c => c.Tick(harness.NowMs));
        Assert.Equal(Limits.TransactionRequestsWaiting + 2, refused.Count);
        Assert.All(refused, e => Assert.Equal(ErrorCode.ConcurrentTransactions, e));
        Assert.Null(harness.Coordinator.NextTickMs);
    }

    [Fact]
    public void Additions_that_wait_become_one_record()
    {
        harness.Init("x");
        var answers = new List<ErrorCode>();
        for (var i = 0; i < 500; i++) harness.Handle(new AddPartitions("x", 1000, 0, [CoordinatorHarness.Partition($"t-{i}")], 2, answers.Add));
        harness.RunAll();
        Assert.Equal(500, answers.Count);
        Assert.All(answers, e => Assert.Equal(ErrorCode.None, e));
        Assert.Equal(500, harness.Coordinator.Find("x")!.Partitions.Count);
        Assert.Equal(3, harness.Log.Count);
        for (var i = 0; i < Limits.TransactionRequestsWaiting + 2; i++) harness.Handle(new AddPartitions("x", 1000, 0, [CoordinatorHarness.Partition($"u-{i}")], 2, answers.Add));
        Assert.Contains(ErrorCode.ConcurrentTransactions, answers);
    }

    [Fact]
    public void A_new_instance_aborts_what_the_old_one_left_open_and_fences_it()
    {
        harness.Init("x");
        harness.Add("x", 1000, 0);
        Assert.Equal(ErrorCode.ConcurrentTransactions, harness.Init("x").Error);
        Assert.Equal(TransactionState.CompleteAbort, harness.Coordinator.Find("x")!.State);
        Assert.Equal(new ProducerAnswer(ErrorCode.None, 1000, 2), harness.Init("x"));
        Assert.All(harness.Markers, m => Assert.False(m.Order.Commit));
        Assert.Equal(ErrorCode.ProducerFenced, harness.Add("x", 1000, 0));
        Assert.Equal(ErrorCode.ProducerFenced, harness.End("x", 1000, 0, true).Error);
        Assert.Equal(ErrorCode.ProducerFenced, harness.End("x", 1000, 0, true, 2).Error);
        Assert.Equal("ProducerFenced", harness.Verify("x", 1000, 0, "t-0"));
    }

    [Fact]
    public void A_transaction_that_is_open_too_long_is_aborted_and_its_producer_fenced()
    {
        harness.Init("x", timeoutMs: 1000);
        harness.Add("x", 1000, 0);
        harness.NowMs += 1000;
        harness.Do(c => c.AbortTimedOut(harness.NowMs));
        Assert.Empty(harness.Work);
        harness.NowMs += 1;
        harness.Do(c => c.AbortTimedOut(harness.NowMs));
        harness.RunAll();
        Assert.Equal(TransactionState.CompleteAbort, harness.Coordinator.Find("x")!.State);
        Assert.Equal(ErrorCode.ProducerFenced, harness.Add("x", 1000, 0));
        Assert.Equal((short)1, Assert.Single(harness.Markers).Order.Epoch);
    }

    [Fact]
    public void A_timeout_waits_for_the_change_that_is_under_way()
    {
        harness.Init("x", timeoutMs: 1000);
        harness.Add("x", 1000, 0);
        harness.Handle(new EndTransaction("x", 1000, 0, true, 0, _ => { }));
        harness.NowMs += 5000;
        harness.Do(c => c.AbortTimedOut(harness.NowMs));
        harness.RunAll();
        Assert.Equal(TransactionState.CompleteCommit, harness.Coordinator.Find("x")!.State);
    }

    [Fact]
    public void Ids_without_use_are_forgotten_open_ones_are_not()
    {
        harness.Coordinator.Settings = new TransactionSettings(IdExpirationMs: 5000);
        harness.Init("idle");
        harness.Init("open");
        harness.Add("open", 1001, 0);
        harness.NowMs += 4999;
        harness.Do(c => c.Expire(harness.NowMs));
        Assert.Empty(harness.Work);
        harness.NowMs += 1;
        harness.Do(c => c.Expire(harness.NowMs));
        harness.RunAll();
        Assert.Null(harness.Coordinator.Find("idle"));
        Assert.NotNull(harness.Coordinator.Find("open"));
        harness.Crash();
        Assert.Null(harness.Coordinator.Find("idle"));
        // Its producer id is not given again.
        Assert.Equal(1002, harness.Init("idle").ProducerId);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_decision_that_was_in_the_log_is_carried_out_after_a_crash(short version)
    {
        foreach (var commit in new[] { true, false })
        {
            var id = commit ? "c" : "a";
            var producer = harness.Init(id);
            harness.Add(id, producer.ProducerId, 0, "t-0", version);
            harness.Handle(new EndTransaction(id, producer.ProducerId, 0, commit, version, _ => { }));
            harness.Run(0);
            harness.Crash(epoch: 7);
            harness.RunAll();
            Assert.Equal(commit ? TransactionState.CompleteCommit : TransactionState.CompleteAbort, harness.Coordinator.Find(id)!.State);
            var marker = Assert.Single(harness.Markers, m => m.Order.Id == id).Order;
            Assert.Equal((commit, 7), (marker.Commit, marker.CoordinatorEpoch));
            // A client that never heard the answer asks again.
            Assert.Equal(ErrorCode.None, harness.End(id, producer.ProducerId, 0, commit, version).Error);
            Assert.Equal(ErrorCode.InvalidTxnState, harness.End(id, producer.ProducerId, 0, !commit, version).Error);
        }
    }

    [Fact]
    public void An_open_transaction_stays_open_over_a_crash_and_times_out_there()
    {
        harness.Init("x", timeoutMs: 1000);
        harness.Add("x", 1000, 0);
        harness.Crash();
        Assert.Empty(harness.Work);
        Assert.Equal("True,False", harness.Verify("x", 1000, 0, "t-0", "t-1"));
        harness.NowMs += 1001;
        harness.Do(c => c.AbortTimedOut(harness.NowMs));
        harness.RunAll();
        Assert.Equal(TransactionState.CompleteAbort, harness.Coordinator.Find("x")!.State);
    }

    [Fact]
    public void A_used_up_epoch_gives_a_new_producer_id_also_in_the_middle_of_transactions()
    {
        var entry = new TransactionEntry("x") { ProducerId = 5, PreviousProducerId = 5, Epoch = 32766, TimeoutMs = 60_000, UpdateMs = harness.NowMs };
        harness.Log.Add(entry);
        harness.Crash();
        Assert.Equal(ErrorCode.None, harness.Add("x", 5, 32766, version: 2));
        Assert.Equal(new ProducerAnswer(ErrorCode.None, 1000, 0), harness.End("x", 5, 32766, commit: true, version: 2));
        Assert.Equal((5L, short.MaxValue), (harness.Markers[0].Order.ProducerId, harness.Markers[0].Order.Epoch));
        // The answer was lost, and the request comes again with the id before.
        Assert.Equal(new ProducerAnswer(ErrorCode.None, 1000, 0), harness.End("x", 5, 32766, commit: true, version: 2));
        Assert.Equal(ErrorCode.None, harness.Add("x", 1000, 0, version: 2));
    }

    [Fact]
    public void A_fenced_producer_with_a_used_up_epoch_cannot_end_up_past_the_last_number()
    {
        harness.Log.Add(new TransactionEntry("x") { ProducerId = 5, PreviousProducerId = 5, Epoch = 32766, TimeoutMs = 1000, UpdateMs = harness.NowMs });
        harness.Crash();
        harness.Add("x", 5, 32766);
        harness.NowMs += 2000;
        harness.Do(c => c.AbortTimedOut(harness.NowMs));
        harness.RunAll();
        Assert.Equal(ErrorCode.InvalidProducerIdMapping, harness.Add("x", 5, 32767));
        Assert.Equal((1000L, (short)0), (harness.Coordinator.Find("x")!.ProducerId, harness.Coordinator.Find("x")!.Epoch));
    }

    [Fact]
    public void The_new_producer_with_the_old_ones_last_epoch_gets_it_again()
    {
        harness.Log.Add(new TransactionEntry("x") { ProducerId = 5, PreviousProducerId = 5, Epoch = 32766, TimeoutMs = 60_000, UpdateMs = harness.NowMs });
        harness.Crash();
        Assert.Equal(new ProducerAnswer(ErrorCode.None, 1000, 0), harness.Init("x", 5, 32766));
        Assert.Equal(new ProducerAnswer(ErrorCode.None, 1000, 0), harness.Init("x", 5, 32766));
        Assert.Equal(ErrorCode.ProducerFenced, harness.Init("x", 5, 32765).Error);
        Assert.Equal(ErrorCode.ProducerFenced, harness.Init("x", 77, 0).Error);
    }

    [Fact]
    public void What_the_log_refuses_did_not_happen()
    {
        harness.AppendErrors.Enqueue(ErrorCode.NotEnoughReplicas);
        Assert.Equal(ErrorCode.CoordinatorNotAvailable, harness.Init("x").Error);
        Assert.Equal(0, harness.Coordinator.Count);
        var producer = harness.Init("x");
        harness.AppendErrors.Enqueue(ErrorCode.KafkaStorageError);
        Assert.Equal(ErrorCode.NotCoordinator, harness.Add("x", producer.ProducerId, 0));
        Assert.Equal(TransactionState.Empty, harness.Coordinator.Find("x")!.State);
        harness.Add("x", producer.ProducerId, 0);
        harness.AppendErrors.Enqueue(ErrorCode.RequestTimedOut);
        Assert.Equal(ErrorCode.CoordinatorNotAvailable, harness.End("x", producer.ProducerId, 0, true).Error);
        Assert.Empty(harness.Markers);
        Assert.Equal(ErrorCode.None, harness.End("x", producer.ProducerId, 0, true).Error);
    }

    [Fact]
    public void Markers_and_the_last_record_are_tried_until_they_are_taken()
    {
        harness.Init("x");
        harness.Add("x", 1000, 0);
        harness.MarkerErrors.Enqueue(ErrorCode.NotLeaderOrFollower);
        Assert.Equal(ErrorCode.None, harness.End("x", 1000, 0, true).Error);
        Assert.Equal(TransactionState.PrepareCommit, harness.Coordinator.Find("x")!.State);
        harness.NowMs += Limits.TransactionRetryMs;
        harness.AppendErrors.Enqueue(ErrorCode.KafkaStorageError);
        harness.Do(c => c.Tick(harness.NowMs));
        harness.RunAll();
        Assert.Single(harness.Markers);
        Assert.Equal(TransactionState.PrepareCommit, harness.Coordinator.Find("x")!.State);
        harness.NowMs += Limits.TransactionRetryMs;
        harness.Do(c => c.Tick(harness.NowMs));
        harness.RunAll();
        Assert.Single(harness.Markers);
        Assert.Equal(TransactionState.CompleteCommit, harness.Coordinator.Find("x")!.State);
        Assert.Null(harness.Coordinator.NextTickMs);
    }

    [Theory]
    [InlineData(ErrorCode.UnknownTopicOrPartition)]
    [InlineData(ErrorCode.InvalidProducerEpoch)]
    public void A_partition_that_needs_no_marker_any_more_holds_nothing_up(ErrorCode error)
    {
        harness.Init("x");
        harness.Add("x", 1000, 0);
        harness.MarkerErrors.Enqueue(error);
        harness.End("x", 1000, 0, false);
        Assert.Equal(TransactionState.CompleteAbort, harness.Coordinator.Find("x")!.State);
    }

    [Fact]
    public void Without_a_producer_id_to_give_the_client_is_told_to_come_again()
    {
        harness.ProducerIdErrors.Enqueue(ErrorCode.KafkaStorageError);
        Assert.Equal(ErrorCode.CoordinatorNotAvailable, harness.Init("x").Error);
        Assert.Equal(ErrorCode.None, harness.Init("x").Error);
    }

    [Fact]
    public void Whoever_waits_when_the_coordinator_goes_is_told_to_look_for_another()
    {
        harness.Init("x");
        harness.Add("x", 1000, 0);
        var answers = new List<ErrorCode>();
        harness.Handle(new EndTransaction("x", 1000, 0, true, 0, a => answers.Add(a.Error)));
        harness.Handle(new AddPartitions("x", 1000, 0, [CoordinatorHarness.Partition("t-1")], 0, answers.Add));
        harness.Coordinator.Resign(ErrorCode.NotCoordinator);
        Assert.Equal([ErrorCode.NotCoordinator, ErrorCode.NotCoordinator], answers);
        harness.RunAll();
        Assert.Equal(2, answers.Count);
    }

    [Fact]
    public void Verification_says_which_partitions_are_in()
    {
        harness.Init("x");
        Assert.Equal("False", harness.Verify("x", 1000, 0, "t-0"));
        harness.Add("x", 1000, 0);
        Assert.Equal("True,False", harness.Verify("x", 1000, 0, "t-0", "t-1"));
        Assert.Equal("InvalidProducerIdMapping", harness.Verify("x", 7, 0, "t-0"));
        Assert.Equal("InvalidProducerIdMapping", harness.Verify("y", 1000, 0, "t-0"));
        Assert.Equal("ProducerFenced", harness.Verify("x", 1000, 1, "t-0"));
    }
}
