using Akka.Actor;
using Akka.Configuration;
using AkkaStream.Actors.Partitions.Replication;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Tests.Actors.Partitions.Replication;

/// <summary>What replicas say to each other comes out of its bytes as it went in, and nothing else does.</summary>
public sealed class ReplicationMessageTests : IAsyncLifetime
{
    private static readonly Guid Topic = new(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    private readonly ActorSystem system = ActorSystem.Create("test", ConfigurationFactory.ParseString(ReplicationSetup.Config).WithFallback("akka { loggers = []\n stdout-loglevel = OFF\n coordinated-shutdown.run-by-clr-shutdown-hook = off }"));

    public static TheoryData<IReplicationMessage> Messages => new(
        new Subscribe(Topic, 7, 2, 1L << 40, 3, 5, 1L << 50, 1L << 49, -1, 1 << 20),
        new Replicated(2, long.MaxValue, 3, 5, 17, 1L << 60),
        new SubscribeAgain(9),
        new LeaderState(int.MaxValue, 10, 8, 2),
        new Diverged(4, 6, -1, -1),
        new OutOfRange(4, 6, 100, 200),
        new SubscribeRefused(-1, 6, ErrorCode.NotLeaderOrFollower));

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => system.Terminate();

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_comes_back_as_it_was(IReplicationMessage message)
    {
        var serializer = Assert.IsType<ReplicationSerializer>(system.Serialization.FindSerializerFor(message));
        var bytes = serializer.ToBinary(message);
        Assert.Equal(message, serializer.FromBinary(bytes, serializer.Manifest(message)));
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void Bytes_that_are_cut_off_or_too_many_are_refused(IReplicationMessage message)
    {
        var serializer = new ReplicationSerializer((ExtendedActorSystem)system);
        var (bytes, kind) = (serializer.ToBinary(message), serializer.Manifest(message));
        for (var i = 0; i < bytes.Length; i++) Assert.Throws<MalformedMessageException>(() => serializer.FromBinary(bytes[..i], kind));
        Assert.Throws<MalformedMessageException>(() => serializer.FromBinary([.. bytes, 0], kind));
        Assert.Throws<MalformedMessageException>(() => serializer.FromBinary(bytes, "?"));
    }

    [Fact]
    public void Records_travel_in_the_array_that_they_were_read_into()
    {
        byte[] frame = [.. new byte[ReplicaData.HeadBytes], 1, 2, 3, 0xff];
        var data = ReplicaData.Around(frame, 5, 1L << 40, 77, 3, 9, 3);
        var serializer = Assert.IsType<ReplicaDataSerializer>(system.Serialization.FindSerializerFor(data));
        Assert.Same(frame, serializer.ToBinary(data));
        var back = (ReplicaData)serializer.FromBinary(frame, null!);
        Assert.Equal((5, 1L << 40, 77L, 3L, 9L), (back.LeaderEpoch, back.FirstOffset, back.HighWatermark, back.LogStart, back.Number));
        Assert.Equal([1, 2, 3], back.Batches.ToArray());
        Assert.Throws<MalformedMessageException>(() => ReplicaData.Of(frame[..^2]));
        Assert.Throws<MalformedMessageException>(() => ReplicaData.Of(frame[..(ReplicaData.HeadBytes - 1)]));
    }
}
