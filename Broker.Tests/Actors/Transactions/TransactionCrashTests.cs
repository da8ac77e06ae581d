using AkkaStream.Actors.Transactions;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Tests.Actors.Transactions;

/// <summary>Producers at random over a coordinator that crashes at random: whatever they were told holds.</summary>
public sealed class TransactionCrashTests
{
    private const int Seeds = 300;
    private const int Steps = 120;

    [Fact]
    public void What_was_promised_holds_over_crashes_at_any_moment()
    {
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var run = new Run(seed);
            try
            {
                for (var i = 0; i < Steps; i++) run.Step();
                run.Heal();
                run.Check();
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}: {e.Message}", e);
            }
        }
    }

    private sealed class Run(int seed)
    {
        private static readonly string[] Ids = ["a", "b"];
        private readonly Random dice = new(seed);
        private readonly CoordinatorHarness harness = new();
        private readonly Dictionary<string, (long Producer, short Epoch)> producers = [];
        private readonly List<(string Id, long Producer, short Epoch, bool Commit)> promised = [];
        private readonly HashSet<(string, long, short)> given = [];
        private readonly HashSet<string> asked = [];
        private int epoch;

        public void Step()
        {
            harness.NowMs += dice.Next(60);
            var what = dice.Next(100);
            if (what < 55 && harness.Work.Count > 0) RunSome();
            else if (what < 90) Ask(Ids[dice.Next(Ids.Length)]);
            else if (what < 94) harness.Do(c => c.Tick(harness.NowMs));
            else if (what < 96) harness.Do(c => c.AbortTimedOut(harness.NowMs));
            else if (what < 98) Crash();
            else (dice.Next(2) == 0 ? harness.MarkerErrors : harness.AppendErrors).Enqueue(ErrorCode.NotEnoughReplicas);
        }

        public void Heal()
        {
            harness.MarkerErrors.Clear();
            harness.AppendErrors.Clear();
            Crash();
            harness.RunAll();
        }

        public void Check()
        {
            foreach (var (id, producer, epoch, commit) in promised)
            {
                var decided = harness.Log.FindAll(e => e.Id == id && e.ProducerId == producer && e.Epoch == epoch && e.State.IsEnding());
                Assert.True(decided.Exists(e => e.State == (commit ? TransactionState.PrepareCommit : TransactionState.PrepareAbort)), $"{id} {producer}/{epoch}: the decision is not in the log");
            }

            foreach (var entry in harness.Log.Where(e => e.State.IsEnding()))
            {
                foreach (var partition in entry.Partitions)
                {
                    Assert.True(harness.Markers.Exists(m => m.Partition == partition && m.Order.ProducerId == entry.ProducerId && m.Order.Epoch == entry.Epoch && m.Order.Commit == (entry.State == TransactionState.PrepareCommit)), $"{entry}: {partition} has no marker");
                }
            }

            foreach (var id in Ids) Assert.False(harness.Coordinator.Find(id)?.State.IsEnding() ?? false, $"{id} never came to an end");
        }

        private void RunSome()
        {
            var before = harness.Markers.Count;
            harness.Run(dice.Next(harness.Work.Count));
            for (var i = before; i < harness.Markers.Count; i++)
            {
                // A marker stands for a decision that nobody can take back.
                var order = harness.Markers[i].Order;
                Assert.Contains(harness.Log, e => e.Id == order.Id && e.ProducerId == order.ProducerId && e.Epoch == order.Epoch && e.State == (order.Commit ? TransactionState.PrepareCommit : TransactionState.PrepareAbort));
            }
        }

        private void Crash()
        {
            harness.Crash(++epoch);
            asked.Clear();
        }

        // One request of an id's producer at a time, as clients do it, but a request may be given up and another instance begin.
        private void Ask(string id)
        {
            if (!asked.Add(id) && dice.Next(4) > 0) return;
            if (!producers.TryGetValue(id, out var producer) || dice.Next(8) == 0)
            {
                harness.Handle(new InitProducer(id, 200, -1, -1, answer => Began(id, answer)));
                return;
            }

            var version = (short)(id == "a" ? 0 : 2);
            if (dice.Next(2) == 0)
            {
                harness.Handle(new AddPartitions(id, producer.Producer, producer.Epoch, [CoordinatorHarness.Partition($"t-{dice.Next(3)}")], version, error => Answered(id, error)));
                return;
            }

            var commit = dice.Next(2) == 0;
            harness.Handle(new EndTransaction(id, producer.Producer, producer.Epoch, commit, version, answer => Ended(id, answer, commit)));
        }

        private void Began(string id, ProducerAnswer answer)
        {
            asked.Remove(id);
            if (answer.Error != ErrorCode.None) return;
            Assert.True(given.Add((id, answer.ProducerId, answer.Epoch)), $"{id}: epoch {answer.Epoch} of {answer.ProducerId} was given twice");
            producers[id] = (answer.ProducerId, answer.Epoch);
        }

        private void Answered(string id, ErrorCode error)
        {
            asked.Remove(id);
            if (error is ErrorCode.ProducerFenced or ErrorCode.InvalidProducerIdMapping) producers.Remove(id);
        }

        private void Ended(string id, ProducerAnswer answer, bool commit)
        {
            Answered(id, answer.Error);
            if (answer.Error != ErrorCode.None) return;
            promised.Add((id, answer.ProducerId, answer.Epoch, commit));
            if (producers.ContainsKey(id)) producers[id] = (answer.ProducerId, answer.Epoch);
        }
    }
}
