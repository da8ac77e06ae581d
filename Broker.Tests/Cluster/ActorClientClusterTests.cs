using Akka.Actor;
using AkkaStream.Client;
using AkkaStream.Client.Actors;
using AkkaStream.Client.Consumer;
using AkkaStream.Client.Producer;
using AkkaStream.Tests.Client.Specification;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Cluster;

/// <summary>A client that is an actor system of its own, and a cluster whose first broker, the only one that it was told of, goes.</summary>
public sealed class ActorClientClusterTests : IAsyncLifetime
{
    private readonly InProcessCluster cluster = new();
    private readonly ActorSystem system = ActorSystem.Create("app", ActorCluster.Remote);

    public Task InitializeAsync() => cluster.InitializeAsync();

    public async Task DisposeAsync()
    {
        await system.Terminate();
        await cluster.DisposeAsync();
    }

    [Fact]
    public async Task It_goes_on_without_the_broker_that_it_was_told_of_and_is_no_member()
    {
        await cluster.Topic("numbers", [1, 2, 3], [2, 3, 1], [3, 1, 2]);
        await using var client = new AkkaStreamClient(new ActorTransport(system, cluster.Of(1).ActorAddress!));
        await using var producer = client.CreateProducer<string, int>(new ProducerOptions { Acks = Acks.All });
        for (var i = 0; i < 30; i++) await producer.SendAsync("numbers", $"{i}", i);
        Assert.Equal(Enumerable.Range(1, 3).Select(id => cluster.Of(id).ActorAddress).Order(), client.Cluster.Metadata.Brokers.Values.Select(a => $"akka.tcp://akkastream@{a}").Order());
        var members = global::Akka.Cluster.Cluster.Get(cluster.Of(2).System).State.Members;
        Assert.Equal(3, members.Count);
        await cluster.Stop(1);
        for (var i = 30; i < 60; i++) await producer.SendAsync("numbers", $"{i}", i);
        // Its group's coordinator is named to it as an actor, too.
        await using var consumer = client.CreateConsumer<string, int>(new ConsumerOptions { GroupId = "readers", AutoOffsetReset = AutoOffsetReset.Earliest });
        consumer.Subscribe("numbers");
        var read = new HashSet<int>();
        using var patience = new CancellationTokenSource(Eventually.Patience);
        await foreach (var record in consumer.ConsumeAsync(patience.Token))
        {
            Assert.True(read.Add(record.Value));
            if (read.Count == 60) break;
        }

        Assert.Equal(60, read.Count);
        Assert.Equal(2, global::Akka.Cluster.Cluster.Get(cluster.Of(2).System).State.Members.Count(m => m.Status == global::Akka.Cluster.MemberStatus.Up));
    }
}
