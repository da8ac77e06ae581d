using System.Buffers;
using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Hosting;
using AkkaStream.Client;
using AkkaStream.Client.Actors;
using AkkaStream.Client.Admin;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Consumer;
using AkkaStream.Client.Producer;
using AkkaStream.Client.Serialization;
using AkkaStream.Host.Embedded;
using AkkaStream.Tests.Client.Specification;
using AkkaStream.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using static AkkaStream.Client.Actors.ConsumerMessages;
using static AkkaStream.Client.Actors.ProducerMessages;

namespace AkkaStream.Tests.Client.Actors;

/// <summary>Producers and consumers as actors, with a broker in this process.</summary>
public sealed class ClientActorsTests : IAsyncLifetime
{
    private EmbeddedBroker broker = null!;
    private AkkaStreamClient client = null!;
    private ActorSystem system = null!;

    public async Task InitializeAsync()
    {
        broker = await EmbeddedBroker.StartAsync(new EmbeddedBrokerOptions { Settings = new Dictionary<string, string> { ["group.initial.rebalance.delay.ms"] = "0", ["num.partitions"] = "2" } });
        client = broker.Connect();
        system = ActorSystem.Create("app");
    }

    public async Task DisposeAsync()
    {
        await system.Terminate();
        await client.DisposeAsync();
        await broker.DisposeAsync();
    }

    [Fact]
    public async Task A_producer_actor_answers_each_record()
    {
        var producer = system.ActorOf(ProducerActor<string, int>.Props(() => client.CreateProducer<string, int>()));
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => producer.Ask<object>(new Produce<string, int>(new Message<string, int>("numbers", "k", i), i), Eventually.Patience)));
        Assert.Equal(Enumerable.Range(0, 20), answers.Cast<Produced>().Select(p => (int)p.Correlation!));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => (long)i), answers.Cast<Produced>().Select(p => p.Location.Offset).Order());
        var refused = Assert.IsType<Refused>(await producer.Ask<object>(new Produce<string, int>(new Message<string, int>("numbers", "k", 1) { Partition = 9 }, "mine"), Eventually.Patience));
        Assert.Equal((ErrorKind.Retriable, "mine"), (refused.Kind, refused.Correlation));
        Assert.IsType<Flushed>(await producer.Ask<object>(Flush.Instance, Eventually.Patience));
    }

    [Fact]
    public async Task A_consumer_actor_gives_what_was_asked_for_and_commits_what_was_acknowledged()
    {
        await Produce(30);
        var seen = new ConcurrentQueue<object>();
        var receiver = system.ActorOf(Props.Create(() => new Collector(seen)));
        var consumer = system.ActorOf(ConsumerActor<string, int>.Props(client, Settings(), receiver));
        consumer.Tell(new Request(10));
        await Eventually.Holds(() => Records(seen).Count == 10, "ten come");
        var ten = Records(seen);
        Assert.Equal(Enumerable.Range(0, 10), ten.Select(r => r.Value));
        Assert.IsType<Assigned>(seen.First());
        // The third is not acknowledged: nothing behind it is committed, whatever is.
        foreach (var record in ten.Where(r => r.Offset != 2)) consumer.Tell(new Acknowledge(record.Partition, record.Offset));
        consumer.Tell(new Request(5));
        await Eventually.Holds(() => Records(seen).Count == 15, "five more come");
        await Eventually.Holds(async () => (await Committed()) == 2, "two are committed");
        foreach (var record in Records(seen)) consumer.Tell(new Acknowledge(record.Partition, record.Offset));
        await Eventually.Holds(async () => (await Committed()) == 15, "fifteen are committed");
        await consumer.GracefulStop(Eventually.Patience);

        var later = new ConcurrentQueue<object>();
        var second = system.ActorOf(ConsumerActor<string, int>.Props(client, Settings(), system.ActorOf(Props.Create(() => new Collector(later)))));
        second.Tell(new Request(100));
        await Eventually.Holds(() => Records(later).Count == 15, "the others come");
        Assert.Equal(Enumerable.Range(15, 15), Records(later).Select(r => r.Value));
        await second.GracefulStop(Eventually.Patience);
    }

    [Fact]
    public async Task Partitions_move_to_another_actor_and_what_was_not_acknowledged_comes_again_there()
    {
        await Produce(20);
        var (firstSeen, secondSeen) = (new ConcurrentQueue<object>(), new ConcurrentQueue<object>());
        var firstReceiver = system.ActorOf(Props.Create(() => new Collector(firstSeen)));
        var first = system.ActorOf(ConsumerActor<string, int>.Props(client, Settings(), firstReceiver));
        first.Tell(new Request(8));
        await Eventually.Holds(() => Records(firstSeen).Count == 8, "eight come");
        foreach (var record in Records(firstSeen).Take(3)) first.Tell(new Acknowledge(record.Partition, record.Offset));
        system.Stop(firstReceiver);
        var second = system.ActorOf(ConsumerActor<string, int>.Props(client, Settings(), system.ActorOf(Props.Create(() => new Collector(secondSeen)))));
        second.Tell(new Request(100));
        await Eventually.Holds(() => Records(secondSeen).Count == 17, "everything from the fourth on comes");
        Assert.Equal(Enumerable.Range(3, 17), Records(secondSeen).Select(r => r.Value));
        await second.GracefulStop(Eventually.Patience);
    }

    [Fact]
    public async Task A_consumer_actor_that_fails_is_started_anew_and_goes_on_behind_what_was_committed()
    {
        await Produce(10);
        var seen = new ConcurrentQueue<object>();
        var receiver = system.ActorOf(Props.Create(() => new Collector(seen)));
        var consumer = system.ActorOf(ConsumerActor<string, int>.Props(client, Settings() with { Values = new FailsOnce(5) }, receiver));
        consumer.Tell(new Request(5));
        await Eventually.Holds(() => Records(seen).Count == 5, "five come");
        foreach (var record in Records(seen)) consumer.Tell(new Acknowledge(record.Partition, record.Offset));
        await Eventually.Holds(async () => (await Committed()) == 5, "five are committed");
        consumer.Tell(new Request(5));
        await Eventually.Holds(() => seen.OfType<Assigned>().Count() == 2, "it has failed, and joined again");
        consumer.Tell(new Request(100));
        await Eventually.Holds(() => Records(seen).Count == 10, "the others come");
        Assert.Equal(Enumerable.Range(0, 10), Records(seen).Select(r => r.Value));
        await consumer.GracefulStop(Eventually.Patience);
    }

    [Fact]
    public async Task A_consumer_actor_that_is_started_anew_for_another_ones_failure_goes_on_too()
    {
        await Produce(10);
        var seen = new ConcurrentQueue<object>();
        var receiver = system.ActorOf(Props.Create(() => new Collector(seen)));
        var team = system.ActorOf(Props.Create(() => new Team(ConsumerActor<string, int>.Props(client, Settings(), receiver))));
        team.Tell(new Request(4));
        await Eventually.Holds(() => Records(seen).Count == 4, "four come");
        foreach (var record in Records(seen)) team.Tell(new Acknowledge(record.Partition, record.Offset));
        await Eventually.Holds(async () => (await Committed()) == 4, "four are committed");
        team.Tell("fail");
        await Eventually.Holds(() => seen.OfType<Assigned>().Count() == 2, "it has joined again");
        team.Tell(new Request(100));
        await Eventually.Holds(() => Records(seen).Count == 10, "the others come");
        Assert.Equal(Enumerable.Range(0, 10), Records(seen).Select(r => r.Value));
        await team.GracefulStop(Eventually.Patience);
    }

    [Fact]
    public async Task Both_come_with_the_host()
    {
        await Produce(1);
        var seen = new ConcurrentQueue<object>();
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddAkka("hosted", akka => akka
            .WithActors((actors, registry) => registry.Register<Collector>(actors.ActorOf(Props.Create(() => new Collector(seen)))))
            .WithAkkaStreamProducer<ProducerKey, string, int>("producer", () => client.CreateProducer<string, int>())
            .WithAkkaStreamConsumer<ConsumerKey, string, int>("consumer", client, Settings(), registry => registry.Get<Collector>()));
        using var host = builder.Build();
        await host.StartAsync();
        var registry = host.Services.GetRequiredService<IActorRegistry>();
        Assert.IsType<Produced>(await registry.Get<ProducerKey>().Ask<object>(new Produce<string, int>(new Message<string, int>("numbers", "k", 1)), Eventually.Patience));
        registry.Get<ConsumerKey>().Tell(new Request(2));
        await Eventually.Holds(() => Records(seen).Count == 2, "both records come");
        await host.StopAsync();
    }

    [Fact]
    public async Task Both_come_with_the_host_and_reach_brokers_as_actors_with_clients_of_their_own()
    {
        await using var reachable = await EmbeddedBroker.StartAsync(new EmbeddedBrokerOptions { Settings = new Dictionary<string, string> { ["group.initial.rebalance.delay.ms"] = "0", ["cluster.listener"] = "127.0.0.1:0" } });
        var seen = new ConcurrentQueue<object>();
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddAkka("hosted", akka => akka
            .AddHocon(ActorCluster.Remote, HoconAddMode.Prepend)
            .WithActors((actors, registry) => registry.Register<Collector>(actors.ActorOf(Props.Create(() => new Collector(seen)))))
            .WithAkkaStreamProducer<ProducerKey, string, int>("producer", reachable.ActorAddress!, new ProducerOptions { Batching = new AccumulatorOptions { LingerMs = 60_000 } })
            .WithAkkaStreamConsumer<ConsumerKey, string, int>("consumer", reachable.ActorAddress!, Settings(), registry => registry.Get<Collector>()));
        using var host = builder.Build();
        await host.StartAsync();
        var registry = host.Services.GetRequiredService<IActorRegistry>();
        var producer = registry.Get<ProducerKey>();
        producer.Tell(new Produce<string, int>(new Message<string, int>("numbers", "k", 1)));
        Assert.IsType<Flushed>(await producer.Ask<object>(Flush.Instance, Eventually.Patience));
        registry.Get<ConsumerKey>().Tell(new Request(2));
        await Eventually.Holds(() => Records(seen).Count == 1, "the record comes");
        // It waits for others for a minute, and is sent before the actor system ends.
        producer.Tell(new Produce<string, int>(new Message<string, int>("numbers", "k", 2)));
        await host.StopAsync();
        await using var inside = reachable.Connect();
        Assert.Equal(2, (await inside.Admin.ListOffsetsAsync(new Dictionary<TopicPartition, long> { [new("numbers", 0)] = OffsetSpec.Latest })).Values.Single().Offset);
        Assert.Contains("for all", Assert.Throws<FormatException>(() => system.ConnectAkkaStream($"127.0.0.1:1,{reachable.ActorAddress}")).Message);
    }

    private static ConsumerActorSettings<string, int> Settings() => new(
        new ConsumerOptions { GroupId = "actors", AutoOffsetReset = AutoOffsetReset.Earliest, AutoCommitInterval = TimeSpan.FromMilliseconds(10), HeartbeatInterval = TimeSpan.FromMilliseconds(50) }, ["numbers"])
    {
        DrainTimeout = TimeSpan.FromMilliseconds(100),
    };

    private static List<ConsumeResult<string, int>> Records(ConcurrentQueue<object> seen) => [.. seen.OfType<Received<string, int>>().Select(r => r.Record)];

    private async Task<long> Committed()
    {
        var offsets = await client.Admin.ListGroupOffsetsAsync("actors");
        return offsets.Values.Sum(o => o.Offset);
    }

    private async Task Produce(int count)
    {
        await using var producer = client.CreateProducer<string, int>();
        for (var i = 0; i < count; i++) await producer.EnqueueAsync("numbers", "k", i);
        await producer.FlushAsync();
    }

    private sealed class ProducerKey;

    private sealed class ConsumerKey;

    /// <summary>Cannot read one value the first time.</summary>
    private sealed class FailsOnce(int bad) : IDeserializer<int>
    {
        private int failures;

        public int Deserialize(in ReadOnlySequence<byte> bytes, in SerializationContext context)
        {
            var value = Serdes.Int32.Deserialize(bytes, context);
            if (value == bad && Interlocked.Increment(ref failures) == 1) throw new InvalidDataException("this once");
            return value;
        }
    }

    /// <summary>Where one of its children fails, both are started anew.</summary>
    private sealed class Team : UntypedActor
    {
        private readonly IActorRef consumer;
        private readonly IActorRef other = Context.ActorOf(Props.Create(() => new Failing()));

        public Team(Props props) => consumer = Context.ActorOf(props);

        protected override void OnReceive(object message) => (message is string ? other : consumer).Forward(message);

        protected override SupervisorStrategy SupervisorStrategy() => new AllForOneStrategy(_ => Directive.Restart);
    }

    private sealed class Failing : UntypedActor
    {
        protected override void OnReceive(object message) => throw new InvalidOperationException("as it was told");
    }

    private sealed class Collector : UntypedActor
    {
        private readonly ConcurrentQueue<object> seen;

        public Collector(ConcurrentQueue<object> seen) => this.seen = seen;

        protected override void OnReceive(object message) => seen.Enqueue(message);
    }
}
