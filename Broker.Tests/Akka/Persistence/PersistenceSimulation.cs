using System.Globalization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Simulation;
using Akka.Simulation.Faults;
using AkkaStream.Actors.Persistence;
using AkkaStream.Actors.Storage;
using AkkaStream.Host.Simulation;
using SimulatedWorld = global::Akka.Simulation.Simulation;

namespace AkkaStream.Tests.Akka.Persistence;

/// <summary>
/// Three persistent actors that count, one event for each number, on a journal and a snapshot store in files, while their node crashes, loses its power and its disk is full or fails: what was
/// acknowledged is there at the next recovery, once and in its order, whatever was snapshot and deleted meanwhile, and so is what a recovery has shown.
/// </summary>
internal static class PersistenceSimulation
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly string[] Ids = ["a", "b", "c"];

    private static readonly FaultPlan Plan = new()
    {
        Nodes = ["n01"],
        Kinds = [FaultKind.Crash, FaultKind.PowerLoss, FaultKind.DiskFull, FaultKind.DiskFailing, FaultKind.Pause, FaultKind.ClockJump],
        Count = 12,
        Within = TimeSpan.FromSeconds(30),
        Longest = TimeSpan.FromSeconds(2),
    };

    private static readonly Config Settings = ConfigurationFactory.ParseString("""
        akka.persistence.journal.log { dir = "/data/journal", segment-bytes = 65536 }
        akka.persistence.snapshot-store.log.dir = "/data/snapshots"
        """).WithFallback(LogPersistenceSetup.DefaultConfig());

    public static SimulationReport Run(ulong seed, SimulationOptions? options = null) => Run(seed, disk => disk, options);

    /// <param name="seed">Decides all.</param>
    /// <param name="sees">How the journal and the snapshot store see their disk.</param>
    /// <param name="options">How it is run and told of.</param>
    public static SimulationReport Run(ulong seed, Func<IDisk, IDisk> sees, SimulationOptions? options = null)
        => SimulatedWorld.Run(seed, sim => Body(sim, sees), (options ?? new SimulationOptions()) with { Plan = Plan, Replay = "AKKASTREAM_CLUSTER_SEED={0} dotnet test --filter ClusterSimulationTests" });

    private static async Task Body(SimulatedWorld sim, Func<IDisk, IDisk> sees)
    {
        var ledger = new Ledger();
        var disk = new SimulatedDisk("/data", sim.NewRandom());
        var node = sim.AddNode("n01", node =>
        {
            if (node.Incarnation == 1) node.Attach(disk);
            var system = node.StartSystem("persistence", Settings, new LogPersistenceSetup(sees(disk.Files)));
            var dice = node.NewRandom();
            system.ActorOf(Props.Create(() => new Parent(ledger, dice)), "counters");
        });
        for (var end = sim.Now + (32 * Second); sim.Now < end && ledger.Violation is null;) await sim.Delay(Second);
        sim.Heal();
        if (!node.IsUp) node.Restart();
        var (before, since) = (ledger.Recoveries, ledger.Known.ToDictionary());
        node.Crash();
        node.Restart();
        await sim.Until(() => ledger.Violation is not null || (ledger.Recoveries >= before + Ids.Length && Ids.All(id => ledger.Known[id] > since[id])), "all have recovered and count on", 60 * Second);
        if (ledger.Violation is { } violation) throw new InvalidOperationException(violation);
        sim.Trace($"{ledger.Recoveries} recoveries, {ledger.Known.Values.Sum()} numbers");
    }

    /// <summary>What is known to be on the disk, kept outside of all that crashes.</summary>
    private sealed class Ledger
    {
        public Dictionary<string, long> Known { get; } = Ids.ToDictionary(id => id, _ => 0L);

        public string? Violation { get; private set; }

        public int Recoveries { get; private set; }

        public void Holds(bool isSo, string otherwise)
        {
            if (!isSo) Violation ??= otherwise;
        }

        public void Recovered(string id, long count)
        {
            Recoveries++;
            Holds(count >= Known[id], $"{id} recovered {count} numbers, and {Known[id]} were acknowledged or seen before");
            Known[id] = Math.Max(Known[id], count);
        }
    }

    /// <summary>Gives its children work, and starts those anew that could not write or read.</summary>
    private sealed class Parent : ReceiveActor, IWithTimers
    {
        private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);
        private readonly Ledger _ledger;
        private readonly Random _dice;
        private readonly Dictionary<string, IActorRef> _children = [];

        public Parent(Ledger ledger, Random dice)
        {
            (_ledger, _dice) = (ledger, dice);
            Receive<Terminated>(ended =>
            {
                var id = _children.First(child => child.Value.Equals(ended.ActorRef)).Key;
                _children.Remove(id);
                Timers.StartSingleTimer(id, id, Pause);
            });
            Receive<string>(Start);
            Receive<int>(_ =>
            {
                foreach (var id in Ids)
                {
                    if (_children.TryGetValue(id, out var child)) child.Tell(_dice.Next(100));
                }

                Timers.StartSingleTimer("work", 0, TimeSpan.FromMilliseconds(_dice.Next(1, 60)));
            });
        }

        public ITimerScheduler Timers { get; set; } = null!;

        protected override void PreStart()
        {
            foreach (var id in Ids) Start(id);
            Self.Tell(0);
        }

        private void Start(string id) => _children[id] = Context.Watch(Context.ActorOf(Props.Create(() => new Counter(id, _ledger))));
    }

    /// <summary>Its events are the numbers from 1 on, its snapshots the number that it has come to.</summary>
    private sealed class Counter(string id, Ledger ledger) : UntypedPersistentActor
    {
        private long _count;
        private long _saved;

        public override string PersistenceId => id;

        protected override void OnRecover(object message)
        {
            switch (message)
            {
                case SnapshotOffer offer: _count = Number((string)offer.Snapshot); break;
                case string number: Counted(Number(number)); break;
                case RecoveryCompleted: ledger.Recovered(id, _count); break;
            }
        }

        protected override void OnCommand(object message)
        {
            switch (message)
            {
                case < 70: Persist(Text(_count + 1), Acknowledged); break;
                case < 85: PersistAll([Text(_count + 1), Text(_count + 2), Text(_count + 3)], Acknowledged); break;
                case < 93: SaveSnapshot(Text(_count)); break;
                case < 97 when _saved > 0: DeleteMessages(_saved); break;
                case < 100 when _saved > 0: DeleteSnapshots(new SnapshotSelectionCriteria(_saved - 1)); break;
                case SaveSnapshotSuccess saved: _saved = saved.Metadata.SequenceNr; break;
            }
        }

        private void Acknowledged(string number)
        {
            Counted(Number(number));
            ledger.Known[id] = Math.Max(ledger.Known[id], _count);
        }

        private void Counted(long number)
        {
            ledger.Holds(number == _count + 1, $"{id} has {number} behind {_count}");
            _count = number;
        }

        private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

        private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
    }
}
