using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Journal;

namespace AkkaStream.Tests.Akka.Persistence;

/// <summary>Persistent actors over the journal and snapshot store in memory, and over a journal that fails when it is told to.</summary>
public sealed class PersistenceTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ActorSystem _system = ActorSystem.Create("persistence", ConfigurationFactory.ParseString($$"""
        akka { loglevel = OFF, stdout-loglevel = OFF, loggers = [], coordinated-shutdown.run-by-clr-shutdown-hook = off }
        akka.persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
        moody { class = "{{typeof(MoodyJournal).AssemblyQualifiedName}}" }
        """));

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _system.Terminate().WaitAsync(Patience);

    [Fact]
    public async Task Events_come_back_in_their_order()
    {
        var first = Start("a");
        for (var i = 1; i <= 5; i++) Assert.Equal($"+{i}", await Ask(first, $"add {i}"));
        await End(first);
        Assert.Equal("1,2,3,4,5 at 5", await Ask(Start("a"), "state"));
        Assert.Equal(" at 0", await Ask(Start("b"), "state"));
    }

    [Fact]
    public async Task Commands_wait_while_an_event_is_written_and_keep_their_order()
    {
        var actor = Start("a");
        var answers = new List<Task<string>>();
        for (var i = 1; i <= 200; i++) answers.Add(Ask(actor, $"add {i}"));
        answers.Add(Ask(actor, "state"));
        var got = await Task.WhenAll(answers);
        Assert.Equal(Enumerable.Range(1, 200).Select(i => $"+{i}"), got[..200]);
        Assert.Equal($"{string.Join(',', Enumerable.Range(1, 200))} at 200", got[200]);
    }

    [Fact]
    public async Task Several_events_of_one_command_are_handled_in_their_order_and_before_the_next_command()
    {
        var actor = Start("a");
        var all = Ask(actor, "all 3");
        var state = Ask(actor, "state");
        Assert.Equal("done", await all);
        Assert.Equal("1,2,3 at 3", await state);
    }

    [Fact]
    public async Task PersistAsync_does_not_hold_commands_up_and_DeferAsync_waits_for_it()
    {
        var actor = Start("a", "moody");
        await Moody("hold");
        var written = Ask(actor, "async 1");
        Assert.Equal("pong", await Ask(actor, "ping"));
        Assert.False(written.IsCompleted);
        await Moody("go");
        Assert.Equal("1 deferred", await written);
    }

    [Fact]
    public async Task A_snapshot_takes_the_place_of_the_events_before_it()
    {
        var actor = Start("a");
        for (var i = 1; i <= 3; i++) await Ask(actor, $"add {i}");
        Assert.Equal("saved 3", await Ask(actor, "save"));
        Assert.Equal("deleted 3", await Ask(actor, "delete 3"));
        Assert.Equal("+4", await Ask(actor, "add 4"));
        await End(actor);
        Assert.Equal("[1,2,3],4 at 4", await Ask(Start("a"), "state"));
    }

    [Fact]
    public async Task The_number_of_the_last_event_outlives_its_deletion()
    {
        var actor = Start("a");
        for (var i = 1; i <= 3; i++) await Ask(actor, $"add {i}");
        Assert.Equal("deleted 3", await Ask(actor, "delete 3"));
        await End(actor);
        Assert.Equal(" at 3", await Ask(Start("a"), "state"));
    }

    [Fact]
    public async Task A_refused_event_is_told_and_the_actor_goes_on()
    {
        var actor = Start("a", "moody");
        await Moody("refuse");
        Assert.Equal("refused 1: not this one", await Ask(actor, "add 1"));
        await Moody("go");
        Assert.Equal("+2", await Ask(actor, "add 2"));
        Assert.Equal("2 at 2", await Ask(actor, "state"));
    }

    [Fact]
    public async Task A_failed_write_stops_the_actor_and_what_waits_is_for_the_dead_letters()
    {
        var actor = Start("a", "moody");
        await Ask(actor, "add 1");
        await Moody("fail");
        var over = actor.WatchAsync();
        Assert.Equal("failed 2: the journal is gone", await Ask(actor, "add 2"));
        Assert.True(await over.WaitAsync(Patience));
        await Moody("go");
        Assert.Equal("1 at 1", await Ask(Start("a", "moody"), "state"));
    }

    [Fact]
    public async Task A_failing_replay_stops_the_actor()
    {
        var actor = Start("a", "moody");
        await Ask(actor, "add 1");
        await End(actor);
        await Moody("fail");
        Assert.True(await Start("a", "moody").WatchAsync().WaitAsync(Patience));
    }

    [Fact]
    public async Task A_restart_recovers_and_takes_the_waiting_commands_along()
    {
        var actor = Start("a");
        await Ask(actor, "add 1");
        actor.Tell("throw");
        Assert.Equal("+2", await Ask(actor, "add 2"));
        Assert.Equal("1,2 at 2", await Ask(actor, "state"));
    }

    [Fact]
    public async Task A_failing_handler_restarts_the_actor_with_its_event_written()
    {
        var actor = Start("a");
        await Ask(actor, "add 1");
        actor.Tell("bad 2");
        Assert.Equal("1,2 at 2", await Ask(actor, "state"));
    }

    [Fact]
    public async Task Events_cannot_be_persisted_during_a_replay_but_with_its_completion()
    {
        var actor = _system.ActorOf(Props.Create(() => new Beginner()));
        Assert.Equal("begun at 1, refused", await Ask(actor, "state"));
    }

    [Fact]
    public async Task Recovery_may_end_before_the_last_event_or_be_left_out()
    {
        var actor = Start("a");
        for (var i = 1; i <= 5; i++) await Ask(actor, $"add {i}");
        await End(actor);
        Assert.Equal("1,2 at 5", await Ask(_system.ActorOf(Props.Create(() => new Ledger("a", "", new Recovery(SnapshotSelectionCriteria.Latest, 2)))), "state"));
        Assert.Equal(" at 5", await Ask(_system.ActorOf(Props.Create(() => new Ledger("a", "", Recovery.None))), "state"));
    }

    [Fact]
    public async Task More_actors_than_permits_recover_one_after_the_other()
    {
        using var system = ActorSystem.Create("permits", """
            akka { loglevel = OFF, stdout-loglevel = OFF, loggers = [] }
            akka.persistence.max-concurrent-recoveries = 2
            """);
        var actors = Enumerable.Range(0, 20).Select(i => system.ActorOf(Props.Create(() => new Ledger($"p{i}", "", Recovery.Default)))).ToList();
        var answers = await Task.WhenAll(actors.Select(actor => actor.Ask<string>("add 1", Patience)));
        Assert.All(answers, answer => Assert.Equal("+1", answer));
    }

    [Fact]
    public async Task An_asynchronous_command_may_persist()
    {
        var actor = Start("a");
        var answers = await Task.WhenAll(Ask(actor, "later 1"), Ask(actor, "add 2"), Ask(actor, "state"));
        Assert.Equal(["+1", "+2", "1,2 at 2"], answers);
    }

    private IActorRef Start(string id, string journal = "") => _system.ActorOf(Props.Create(() => new Ledger(id, journal, Recovery.Default)));

    private static Task<string> Ask(IActorRef actor, string command) => actor.Ask<string>(command, Patience);

    private static async Task End(IActorRef actor) => Assert.True(await actor.GracefulStop(Patience));

    private Task Moody(string mood) => PersistenceExtensionOf(_system).JournalFor("moody").Ask<string>(mood, Patience);

    private static PersistenceExtension PersistenceExtensionOf(ActorSystem system) => global::Akka.Persistence.Persistence.Instance.Apply(system);

    private sealed record Added(int Number);

    private sealed class Ledger : ReceivePersistentActor
    {
        private readonly List<string> _state = [];
        private readonly Recovery _recovery;
        private IActorRef? _asker;

        public Ledger(string id, string journal, Recovery recovery)
        {
            PersistenceId = id;
            JournalPluginId = journal;
            _recovery = recovery;
            Recover<Added>(added => _state.Add($"{added.Number}"));
            Recover<SnapshotOffer>(offer => _state.Add($"[{offer.Snapshot}]"));
            Command<string>(text => text == "state", _ => Sender.Tell($"{string.Join(',', _state)} at {LastSequenceNr}"));
            Command<string>(text => text == "ping", _ => Sender.Tell("pong"));
            Command<string>(text => text == "throw", _ => throw new InvalidOperationException("thrown"));
            Command<string>(text => text == "save", _ =>
            {
                _asker = Sender;
                SaveSnapshot(string.Join(',', _state));
            });
            Command<SaveSnapshotSuccess>(saved => _asker!.Tell($"saved {saved.Metadata.SequenceNr}"));
            Command<DeleteMessagesSuccess>(deleted => _asker!.Tell($"deleted {deleted.ToSequenceNr}"));
            CommandAsync<string>(text => text.StartsWith("later", StringComparison.Ordinal), async text =>
            {
                await Task.Yield();
                Persist(new Added(NumberOf(text)), Done);
            });
            Command<string>(Numbered);
        }

        public override string PersistenceId { get; }

        public override Recovery Recovery => _recovery;

        protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) => Sender.Tell($"refused {sequenceNr}: {cause.Message}");

        protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) => Sender.Tell($"failed {sequenceNr}: {cause.Message}");

        private static int NumberOf(string text) => int.Parse(text.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);

        private void Numbered(string text)
        {
            var number = NumberOf(text);
            switch (text.Split(' ')[0])
            {
                case "add":
                    Persist(new Added(number), Done);
                    break;
                case "bad":
                    Persist(new Added(number), _ => throw new InvalidOperationException("bad"));
                    break;
                case "all":
                    PersistAll(Enumerable.Range(1, number).Select(i => new Added(i)), added =>
                    {
                        _state.Add($"{added.Number}");
                        if (added.Number == number) Sender.Tell("done");
                    });
                    break;
                case "async":
                    PersistAsync(new Added(number), added => _state.Add($"{added.Number}"));
                    DeferAsync("deferred", word => Sender.Tell($"{string.Join(',', _state)} {word}"));
                    break;
                case "delete":
                    _asker = Sender;
                    DeleteMessages(number);
                    break;
            }
        }

        private void Done(Added added)
        {
            _state.Add($"{added.Number}");
            Sender.Tell($"+{added.Number}");
        }
    }

    /// <summary>Persists its first event when it finds none.</summary>
    private sealed class Beginner : UntypedPersistentActor
    {
        private string _state = "";

        public override string PersistenceId => "beginner";

        protected override void OnCommand(object message) => Sender.Tell(_state);

        protected override void OnRecover(object persistentEvent)
        {
            if (persistentEvent is not RecoveryCompleted) return;
            Persist("begun", word => _state = $"{word} at {LastSequenceNr}, {_state}");
            _state = "refused";
        }

        public override Recovery Recovery
        {
            get
            {
                Assert.Throws<InvalidOperationException>(() => Persist("too early", _ => { }));
                return Recovery.Default;
            }
        }
    }

    /// <summary>Writes, refuses, fails or takes its time, as it is told.</summary>
    private sealed class MoodyJournal : MemoryJournal
    {
        private string _mood = "go";
        private TaskCompletionSource _held = new();

        public override Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr)
            => _mood == "fail" ? Task.FromException<long>(new IOException("the journal is gone")) : base.ReadHighestSequenceNrAsync(persistenceId, fromSequenceNr);

        protected override async Task<IImmutableList<Exception?>?> WriteMessagesAsync(IEnumerable<AtomicWrite> messages)
        {
            if (_mood == "fail") throw new IOException("the journal is gone");
            if (_mood == "refuse") return messages.Select(Exception? (_) => new ArgumentException("not this one")).ToImmutableList();
            if (_mood == "hold") await _held.Task;
            return await base.WriteMessagesAsync(messages);
        }

        protected override bool ReceivePluginInternal(object message)
        {
            _mood = (string)message;
            if (_mood == "go")
            {
                _held.TrySetResult();
                _held = new TaskCompletionSource();
            }

            Sender.Tell(_mood);
            return true;
        }
    }
}
