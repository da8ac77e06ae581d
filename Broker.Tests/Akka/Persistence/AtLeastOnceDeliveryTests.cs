using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Akka.Persistence;

/// <summary>Messages that are sent again until they are confirmed.</summary>
public sealed class AtLeastOnceDeliveryTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ActorSystem _system = ActorSystem.Create("delivery", ConfigurationFactory.ParseString("""
        akka { loglevel = OFF, stdout-loglevel = OFF, loggers = [], coordinated-shutdown.run-by-clr-shutdown-hook = off }
        akka.persistence {
          snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
          at-least-once-delivery { redeliver-interval = 20ms, warn-after-number-of-unconfirmed-attempts = 3, max-unconfirmed-messages = 5 }
        }
        """));

    private readonly ConcurrentQueue<string> _heard = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _system.Terminate().WaitAsync(Patience);

    [Fact]
    public async Task A_message_is_sent_again_until_it_is_confirmed()
    {
        var listener = Listener(confirmAfter: 3);
        var sender = Sender("a", listener.Path);
        Assert.Equal("sent", await Ask(sender, "send x"));
        await Eventually.Holds(async () => await Ask(sender, "count") == "0", "the confirmation");
        Assert.True(_heard.Count(h => h == "1 x") >= 3);
    }

    [Fact]
    public async Task What_was_not_confirmed_is_sent_again_by_the_next_instance_and_what_was_is_not()
    {
        var deaf = Listener(confirmAfter: int.MaxValue);
        var sender = Sender("a", deaf.Path);
        for (var i = 1; i <= 3; i++) await Ask(sender, $"send {i}");
        Assert.Equal("True", await Ask(sender, "confirm 2"));
        Assert.Equal("False", await Ask(sender, "confirm 2"));
        await End(sender);
        _heard.Clear();
        sender = Sender("a", deaf.Path);
        Assert.Equal("2", await Ask(sender, "count"));
        await Eventually.Holds(() => _heard.Contains("1 1") && _heard.Contains("3 3"), "both again");
        Assert.DoesNotContain("2 2", _heard);
        Assert.Equal("sent", await Ask(sender, "send 4"));
        await Eventually.Holds(() => _heard.Contains("4 4"), "the next number");
    }

    [Fact]
    public async Task A_snapshot_holds_what_was_not_confirmed()
    {
        var deaf = Listener(confirmAfter: int.MaxValue);
        var sender = Sender("a", deaf.Path);
        await Ask(sender, "send 1");
        await Ask(sender, "send 2");
        await Ask(sender, "confirm 1");
        Assert.Equal("saved", await Ask(sender, "save"));
        await End(sender);
        _heard.Clear();
        sender = Sender("a", deaf.Path);
        Assert.Equal("1", await Ask(sender, "count"));
        await Eventually.Holds(() => _heard.Contains("2 2"), "the second again");
        Assert.DoesNotContain("1 1", _heard);
        await Ask(sender, "send 3");
        await Eventually.Holds(() => _heard.Contains("3 3"), "the next number");
    }

    [Fact]
    public async Task Messages_that_nobody_confirms_are_told_to_their_sender()
    {
        var sender = Sender("a", Listener(confirmAfter: int.MaxValue).Path);
        await Ask(sender, "send 1");
        await Eventually.Holds(async () => (await Ask(sender, "warned")).Contains("deliveryId: 1", StringComparison.Ordinal), "the warning");
    }

    [Fact]
    public async Task Too_many_unconfirmed_messages_are_refused()
    {
        var sender = Sender("a", Listener(confirmAfter: int.MaxValue).Path);
        for (var i = 1; i <= 5; i++) Assert.Equal("sent", await Ask(sender, $"send {i}"));
        Assert.Contains("Maximum allowed is 5", await Ask(sender, "send 6"));
    }

    [Fact]
    public async Task A_selection_is_a_destination_where_it_names_one_actor()
    {
        var sender = Sender("a", Listener(confirmAfter: 1, name: "one").Path);
        Assert.Equal("sent", await Ask(sender, "select /user/one"));
        await Eventually.Holds(() => _heard.Contains("1 selected"), "what was sent by the selection");
        Assert.Contains("wildcard", await Ask(sender, "select /user/*"));
    }

    [Fact]
    public void Deliveries_and_snapshots_are_equal_by_what_they_hold()
    {
        var path = ActorPath.Parse("akka://s/user/a");
        var one = new UnconfirmedDelivery(1, path, "x");
        Assert.Equal(one, new UnconfirmedDelivery(1, path, "x"));
        Assert.NotEqual(one, new UnconfirmedDelivery(2, path, "x"));
        Assert.Equal(new AtLeastOnceDeliverySnapshot(3, [one]), new AtLeastOnceDeliverySnapshot(3, [new UnconfirmedDelivery(1, path, "x")]));
        Assert.NotEqual(new AtLeastOnceDeliverySnapshot(3, [one]), new AtLeastOnceDeliverySnapshot(3, []));
        var delivery = new AtLeastOnceDeliverySemantic.Delivery(path, "x", DateTime.UnixEpoch, 1);
        Assert.Equal(2, delivery.IncrementedCopy().Attempt);
        Assert.NotEqual(delivery, delivery.IncrementedCopy());
    }

    private IActorRef Listener(int confirmAfter, string? name = null) => _system.ActorOf(Props.Create(() => new Deaf(_heard, confirmAfter)), name);

    private IActorRef Sender(string id, ActorPath to) => _system.ActorOf(Props.Create(() => new Deliverer(id, to)));

    private static Task<string> Ask(IActorRef actor, string command) => actor.Ask<string>(command, Patience);

    private static async Task End(IActorRef actor)
    {
        var over = actor.WatchAsync();
        actor.Tell(PoisonPill.Instance);
        await over.WaitAsync(Patience);
    }

    private sealed record Letter(long Id, string Text);

    private sealed record Arrived(long Id);

    private sealed class Deaf(ConcurrentQueue<string> heard, int confirmAfter) : UntypedActor
    {
        private readonly Dictionary<long, int> _times = [];

        protected override void OnReceive(object message)
        {
            var letter = (Letter)message;
            heard.Enqueue($"{letter.Id} {letter.Text}");
            _times[letter.Id] = _times.GetValueOrDefault(letter.Id) + 1;
            if (_times[letter.Id] >= confirmAfter) Sender.Tell(new Arrived(letter.Id));
        }
    }

    private sealed class Deliverer : AtLeastOnceDeliveryReceiveActor
    {
        private string _warned = "";
        private IActorRef? _asker;

        public Deliverer(string id, ActorPath to)
        {
            PersistenceId = id;
            Recover<SnapshotOffer>(offer => SetDeliverySnapshot((AtLeastOnceDeliverySnapshot)offer.Snapshot));
            Recover<Letter>(sent => Deliver(to, number => new Letter(number, sent.Text)));
            Recover<Arrived>(arrived => ConfirmDelivery(arrived.Id));
            Command<Arrived>(arrived => Persist(arrived, _ => ConfirmDelivery(arrived.Id)));
            Command<UnconfirmedWarning>(warning => _warned = warning.ToString());
            Command<SaveSnapshotSuccess>(_ => _asker!.Tell("saved"));
            Command<string>(command => Do(command.Split(' '), to));
        }

        public override string PersistenceId { get; }

        private void Do(string[] words, ActorPath to)
        {
            _asker = Sender;
            switch (words[0])
            {
                case "send":
                    Persist(new Letter(0, words[1]), _ => Try(() => Deliver(to, number => new Letter(number, words[1]))));
                    break;
                case "select":
                    Try(() => Deliver(Context.ActorSelection(words[1]), number => new Letter(number, "selected")));
                    break;
                case "confirm":
                    Persist(new Arrived(long.Parse(words[1])), arrived => Sender.Tell($"{ConfirmDelivery(arrived.Id)}"));
                    break;
                case "count":
                    Sender.Tell($"{UnconfirmedCount}");
                    break;
                case "warned":
                    Sender.Tell(_warned);
                    break;
                case "save":
                    SaveSnapshot(GetDeliverySnapshot());
                    break;
            }
        }

        private void Try(Action deliver)
        {
            try
            {
                deliver();
                Sender.Tell("sent");
            }
            catch (Exception e) when (e is MaxUnconfirmedMessagesExceededException or NotSupportedException)
            {
                Sender.Tell(e.Message);
            }
        }
    }
}
