using System.Globalization;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Persistence;
using AkkaStream.Actors.Persistence;
using AkkaStream.Actors.Storage;
using AkkaStream.Actors.Storage.Memory;

namespace AkkaStream.Tests.Actors.Persistence;

/// <summary>Persistent actors over a journal and a snapshot store in files, on disks that fail and lose their power.</summary>
public sealed class LogPersistenceTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Events_outlive_their_system_in_their_order_and_each_actor_has_its_own()
    {
        var disk = new MemoryDisk(new Random(1));
        await With(disk, async system =>
        {
            var (a, b) = (Start(system, "a"), Start(system, "b"));
            await Task.WhenAll(Enumerable.Range(0, 50).SelectMany(i => new[] { Ask(a, $"add a{i}"), Ask(b, $"add b{i}") }));
            Assert.Equal("done", await Ask(a, "all x y z"));
        });
        disk.Crash();
        await With(disk, async system =>
        {
            Assert.Equal(string.Join(',', Enumerable.Range(0, 50).Select(i => $"a{i}").Concat(["x", "y", "z"])) + " at 53", await Ask(Start(system, "a"), "state"));
            Assert.Equal(string.Join(',', Enumerable.Range(0, 50).Select(i => $"b{i}")) + " at 50", await Ask(Start(system, "b"), "state"));
            Assert.Equal(" at 0", await Ask(Start(system, "c/ä"), "state"));
        });
    }

    [Fact]
    public async Task Whatever_disk_operation_is_the_last_one_nothing_acknowledged_is_lost()
    {
        var failures = 0;
        for (var operations = 0; failures == operations; operations++)
        {
            var disk = new MemoryDisk(new Random(operations));
            disk.FailAfter(operations);
            var acknowledged = new List<string>();
            await With(disk, async system =>
            {
                var actor = Start(system, "a");
                foreach (var word in (string[])["add 1", "add 2", "all 3 4", "save", "delete 2", "add 5", "add 6"])
                {
                    var answer = await Ask(actor, word);
                    if (answer.StartsWith("failed", StringComparison.Ordinal)) break;
                    acknowledged.Add(word);
                }
            });
            if (acknowledged.Count < 7) failures++;
            disk.Crash();
            disk.Heal();
            await With(disk, async system => Holds(acknowledged, await Ask(Start(system, "a"), "state"), operations));
        }

        Assert.InRange(failures, 20, 500);
    }

    [Fact]
    public async Task What_a_failed_write_left_is_there_or_not_and_stays_so()
    {
        for (var operations = 0; operations < 6; operations++)
        {
            var disk = new MemoryDisk(new Random(operations));
            var state = "";
            await With(disk, async system =>
            {
                var actor = Start(system, "a");
                Assert.Equal("+1", await Ask(actor, "add 1"));
                disk.FailAfter(operations);
                var second = await Ask(actor, "add lost");
                disk.Heal();
                if (second.StartsWith("failed", StringComparison.Ordinal)) await End(actor);
                else Assert.Equal("+lost", second);
                actor = second == "+lost" ? actor : Start(system, "a");
                state = await Ask(actor, "state");
                Assert.Contains(state, second == "+lost" ? ["1,lost at 2"] : (string[])["1 at 1", "1,lost at 2"]);
                Assert.Equal("+2", await Ask(actor, "add 2"));
                state = state.Replace(" at ", ",2 at ", StringComparison.Ordinal);
            });
            disk.Crash();
            await With(disk, async system => Assert.Equal(state.Split(' ')[0], (await Ask(Start(system, "a"), "state")).Split(' ')[0]));
        }
    }

    [Fact]
    public async Task A_full_disk_fails_writes_and_when_there_is_room_again_they_go_on()
    {
        var disk = new MemoryDisk(new Random(1));
        await With(disk, async system =>
        {
            var actor = Start(system, "a");
            await Ask(actor, "add 1");
            disk.Capacity = 0;
            Assert.StartsWith("failed", await Ask(actor, $"add {new string('x', 10_000)}"));
            disk.Heal();
            await End(actor);
            actor = Start(system, "a");
            Assert.Equal("+2", await Ask(actor, "add 2"));
            Assert.Equal("1,2 at 2", await Ask(actor, "state"));
        });
    }

    [Fact]
    public async Task Deleted_events_give_their_room_back_and_their_numbers_are_not_given_again()
    {
        var disk = new MemoryDisk(new Random(1));
        var text = new string('x', 500);
        await With(disk, async system =>
        {
            var (idle, busy) = (Start(system, "idle"), Start(system, "busy"));
            await Ask(idle, "add 1");
            Assert.Equal("deleted 1", await Ask(idle, "delete 1"));
            for (var round = 1; round <= 20; round++)
            {
                for (var i = 0; i < 10; i++) await Ask(busy, $"add {text}");
                Assert.Equal($"deleted {round * 10}", await Ask(busy, $"delete {round * 10}"));
            }

            Assert.Equal("deleted 100", await Ask(busy, "delete 100"));
            Assert.InRange(disk.List("/p/journal/journal-0").Count(e => e.Name.EndsWith(".log", StringComparison.Ordinal)), 1, 4);
        }, segmentBytes: 4096);
        await With(disk, async system =>
        {
            Assert.Equal(" at 1", await Ask(Start(system, "idle"), "state"));
            Assert.Equal(" at 200", await Ask(Start(system, "busy"), "state"));
        }, segmentBytes: 4096);
    }

    [Fact]
    public async Task What_cannot_be_written_is_refused_alone()
    {
        var disk = new MemoryDisk(new Random(1));
        await With(disk, async system =>
        {
            var actor = Start(system, "a");
            Assert.StartsWith("refused 1: no serializer", await Ask(actor, "object"));
            Assert.StartsWith("refused 2: the events take", await Ask(actor, $"add {new string('x', 5000)}"));
            Assert.Equal("+3", await Ask(actor, "add 3"));
        }, segmentBytes: 4096);
        await With(disk, async system => Assert.Equal("3 at 3", await Ask(Start(system, "a"), "state")), segmentBytes: 4096);
    }

    [Fact]
    public async Task A_damaged_journal_is_said_and_not_read_over()
    {
        var disk = new MemoryDisk(new Random(1));
        await With(disk, async system =>
        {
            var actor = Start(system, "a");
            for (var i = 0; i < 20; i++) await Ask(actor, $"add {new string('x', 500)}");
        }, segmentBytes: 4096);
        var first = "/p/journal/journal-0/00000000000000000000.log";
        using (var file = disk.Open(first, DiskAccess.Write))
        {
            var one = new byte[1];
            file.Read(one, 700);
            file.Write([(byte)(one[0] ^ 4)], 700);
        }

        await With(disk, async system =>
        {
            Assert.Equal("failed: the actor has stopped", await Ask(Start(system, "a"), "state"));
            Assert.Equal("failed: the actor has stopped", await Ask(Start(system, "b"), "add 1"));
        }, segmentBytes: 4096);
    }

    [Fact]
    public async Task Snapshots_outlive_their_system_and_a_damaged_one_is_passed_over()
    {
        var disk = new MemoryDisk(new Random(1));
        var id = new string('ü', 300);
        await With(disk, async system =>
        {
            var actor = Start(system, id);
            await Ask(actor, "add 1");
            Assert.Equal("saved 1", await Ask(actor, "save"));
            await Ask(actor, "add 2");
            Assert.Equal("saved 2", await Ask(actor, "save"));
            await Ask(actor, "add 3");
            Assert.Equal("saved 0", await Ask(Start(system, ".."), "save"));
        });
        disk.Crash();
        await With(disk, async system => Assert.Equal("[1,2],3 at 3", await Ask(Start(system, id), "state")));
        var newest = disk.List("/p/snapshots").Select(e => e.Name).Where(n => n.EndsWith(SnapshotFile.Suffix, StringComparison.Ordinal) && n.StartsWith(SnapshotFile.Prefix(id), StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(2, newest.Count);
        using (var file = disk.Open($"/p/snapshots/{newest[1]}", DiskAccess.Write)) file.Write("!"u8, 40);
        await With(disk, async system =>
        {
            var actor = Start(system, id);
            Assert.Equal("[1],2,3 at 3", await Ask(actor, "state"));
            Assert.Equal("forgotten", await Ask(actor, "forget 2"));
            await End(actor);
            Assert.Equal("1,2,3 at 3", await Ask(Start(system, id), "state"));
        });
    }

    [Fact]
    public async Task A_folder_that_another_system_writes_is_not_taken_until_that_one_has_ended()
    {
        var folder = Directory.CreateTempSubdirectory("akkastream-").FullName;
        try
        {
            await With(new LocalDisk(), async first =>
            {
                Assert.Equal("+1", await Ask(Start(first, "a"), "add 1"));
                await With(new LocalDisk(), async second => Assert.StartsWith("failed", await Ask(Start(second, "a"), "add 2"), StringComparison.Ordinal), folder: folder);
                Assert.Contains("in use by another process", Assert.Throws<IOException>(() => new LocalDisk().LockFolder($"{folder}/journal", "the key")).Message, StringComparison.Ordinal);
                Assert.Equal("+1", await Ask(Start(first, "b"), "add 1"));
            }, folder: folder);
            await With(new LocalDisk(), async third => Assert.Equal("1 at 1", await Ask(Start(third, "a"), "state")), folder: folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Names_of_snapshots_are_told_apart()
    {
        var metadata = new SnapshotMetadata("a-1", 7, new DateTime(12345, DateTimeKind.Utc));
        var name = SnapshotFile.NameOf(metadata);
        Assert.Equal("a%2D1-0000000000000000007-0000000000000012345.snapshot", name);
        Assert.Equal(7, SnapshotFile.Parse("a-1", SnapshotFile.Prefix("a-1"), name)!.SequenceNr);
        Assert.Null(SnapshotFile.Parse("a", SnapshotFile.Prefix("a"), name));
        Assert.Null(SnapshotFile.Parse("a-1", SnapshotFile.Prefix("a-1"), name + ".tmp"));
        Assert.NotEqual(SnapshotFile.Prefix(new string('x', 200)), SnapshotFile.Prefix(new string('x', 201)));
    }

    private static void Holds(List<string> acknowledged, string state, int operations)
    {
        // In order, without a gap, all that was acknowledged, and of the rest whole persists only.
        var parts = state.Split(" at ");
        var found = parts[0].Replace("[", "", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).Split(',', StringSplitOptions.RemoveEmptyEntries);
        var all = (string[])["1", "2", "3", "4", "5", "6"];
        var least = acknowledged.Sum(w => w.StartsWith("add", StringComparison.Ordinal) ? 1 : w.StartsWith("all", StringComparison.Ordinal) ? 2 : 0);
        var highest = int.Parse(parts[1], CultureInfo.InvariantCulture);
        Assert.True(highest >= least, $"{operations}: {least} acknowledged, {state}");
        Assert.True(highest is not 3, $"{operations}: half of a persist is there: {state}");
        Assert.True(found.SequenceEqual(all[..highest]), $"{operations}: {state}");
    }

    private static async Task With(IDisk disk, Func<ActorSystem, Task> work, int segmentBytes = 1 << 20, string folder = "/p")
    {
        var config = ConfigurationFactory.ParseString($$"""
            akka { loglevel = OFF, stdout-loglevel = OFF, loggers = [], coordinated-shutdown.run-by-clr-shutdown-hook = off }
            akka.persistence.journal.log { dir = "{{folder}}/journal", segment-bytes = {{segmentBytes}} }
            akka.persistence.snapshot-store.log.dir = "{{folder}}/snapshots"
            """).WithFallback(LogPersistenceSetup.DefaultConfig());
        var system = ActorSystem.Create("persistence", ActorSystemSetup.Create(new LogPersistenceSetup(disk), BootstrapSetup.Create().WithConfig(config)));
        try
        {
            await work(system);
        }
        finally
        {
            await system.Terminate().WaitAsync(Patience);
        }
    }

    private static IActorRef Start(ActorSystem system, string id) => system.ActorOf(Props.Create(() => new Keeper(id)));

    // An actor that cannot recover, or that stops at a failed write, answers nothing more.
    private static async Task<string> Ask(IActorRef actor, string command)
    {
        var over = actor.WatchAsync();
        var answer = actor.Ask<string>(command, Patience);
        return await Task.WhenAny(answer, over) == answer ? await answer : "failed: the actor has stopped";
    }

    private static async Task End(IActorRef actor)
    {
        var over = actor.WatchAsync();
        actor.Tell(PoisonPill.Instance);
        await over.WaitAsync(Patience);
    }

    private sealed class Keeper : UntypedPersistentActor
    {
        private readonly List<string> _events = [];
        private IActorRef? _asker;

        public Keeper(string id) => PersistenceId = id;

        public override string PersistenceId { get; }

        protected override void OnRecover(object message)
        {
            if (message is SnapshotOffer offer) _events.Add((string)offer.Snapshot);
            else if (message is string text) _events.Add(text);
        }

        protected override void OnCommand(object message)
        {
            switch (message)
            {
                case string command:
                    _asker = Sender;
                    Do(command.Split(' '));
                    break;
                case SaveSnapshotSuccess saved:
                    _asker!.Tell($"saved {saved.Metadata.SequenceNr}");
                    break;
                case SaveSnapshotFailure failed:
                    _asker!.Tell($"failed to save: {failed.Cause.Message}");
                    break;
                case DeleteMessagesSuccess deleted:
                    _asker!.Tell($"deleted {deleted.ToSequenceNr}");
                    break;
                case DeleteMessagesFailure failed:
                    _asker!.Tell($"failed to delete: {failed.Cause.Message}");
                    break;
                case DeleteSnapshotsSuccess:
                    _asker!.Tell("forgotten");
                    break;
            }
        }

        protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) => Sender.Tell($"failed {sequenceNr}: {cause.Message}");

        protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) => Sender.Tell($"refused {sequenceNr}: {cause.Message}");

        protected override void OnRecoveryFailure(Exception reason, object? message = null)
        {
        }

        private void Do(string[] words)
        {
            switch (words[0])
            {
                case "add":
                    Persist(words[1], added =>
                    {
                        _events.Add(added);
                        Sender.Tell($"+{(added.Length > 100 ? "long" : added)}");
                    });
                    break;
                case "object":
                    Persist(new Uri("http://nobody"), _ => Sender.Tell("written"));
                    break;
                case "all":
                    var left = words.Length - 1;
                    PersistAll(words[1..], added =>
                    {
                        _events.Add(added);
                        if (--left == 0) Sender.Tell("done");
                    });
                    break;
                case "state":
                    Sender.Tell($"{string.Join(',', _events)} at {LastSequenceNr}");
                    break;
                case "save":
                    SaveSnapshot($"[{string.Join(',', _events)}]");
                    break;
                case "delete":
                    DeleteMessages(long.Parse(words[1], CultureInfo.InvariantCulture));
                    break;
                case "forget":
                    DeleteSnapshots(new SnapshotSelectionCriteria(long.Parse(words[1], CultureInfo.InvariantCulture)));
                    break;
            }
        }
    }
}
