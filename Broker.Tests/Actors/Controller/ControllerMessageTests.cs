using System.Runtime.Serialization;
using Akka.Actor;
using AkkaStream.Actors.Controller;
using AkkaStream.Actors.Metadata.Quorum;

namespace AkkaStream.Tests.Actors.Controller;

/// <summary>What brokers say about the controller, as bytes: back as it was, and refused where it is cut off.</summary>
public sealed class ControllerMessageTests : IDisposable
{
    private static readonly Guid Claim = new("00010203-0405-0607-0809-0a0b0c0d0e0f");
    private static readonly LogEnd End = new(7, 1L << 40);
    private static readonly QuorumSnapshot Snapshot = new(End, 123_456_789_012);
    private readonly ActorSystem system = ActorSystem.Create("messages");

    public static TheoryData<object> Messages => new(
        new QuorumClaim(3, Claim),
        new QuorumFetch(3, Claim, 17, 2),
        new QuorumFetchSnapshot(3, Claim, End, 1L << 33),
        new QuorumClaimed(2, Claim, 3, Claim, QuorumRefusal.Promised, 4, End, null),
        new QuorumAppended(2, Claim, 3, Claim, QuorumRefusal.Diverged, 4, 17, 18, End),
        new QuorumInstalled(2, Claim, 3, Claim, QuorumRefusal.None, 4, End, 99, true),
        new QuorumInstalled(2, Claim, 3, Claim, QuorumRefusal.Trimmed, 4, End, 99, false),
        new MetadataHead(3, 17),
        new MetadataFetch(17),
        new MetadataFetch(17, 12, 256));

    public void Dispose() => system.Terminate();

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_comes_back(object message)
    {
        var serializer = new ControllerSerializer((ExtendedActorSystem)system);
        var (bytes, manifest) = (serializer.ToBinary(message), serializer.Manifest(message));
        Assert.Equal(message, serializer.FromBinary(bytes, manifest));
        for (var i = 0; i < bytes.Length; i++) Assert.Throws<SerializationException>(() => serializer.FromBinary(bytes[..i], manifest));
        Assert.Throws<SerializationException>(() => serializer.FromBinary([.. bytes, 0], manifest));
    }

    [Fact]
    public void Pieces_come_back()
    {
        byte[] piece = [1, 2, 3];
        var install = Back(new QuorumInstall(3, Claim, Snapshot, 12, piece));
        Assert.Equal((3, Claim, Snapshot, 12), (install.Epoch, install.Claim, install.Snapshot, install.Position));
        Assert.Equal(piece, install.Bytes.ToArray());
        var fetched = Back(new QuorumSnapshotFetched(2, Claim, 3, Claim, QuorumRefusal.None, 4, Snapshot, 12, piece));
        Assert.Equal((2, Snapshot, 12), (fetched.Voter, fetched.Snapshot, fetched.Position));
        Assert.Equal(piece, fetched.Bytes.ToArray());
        var whole = Back(new MetadataWhole(3, 41, 12, 99, 50, piece));
        Assert.Equal((3, 41, 12, 99, 50), (whole.Epoch, whole.To, whole.Position, whole.Length, whole.Head));
        Assert.Equal(piece, whole.Batches.ToArray());
        var serializer = new ControllerSerializer((ExtendedActorSystem)system);
        Assert.ThrowsAny<Exception>(() => serializer.FromBinary(serializer.ToBinary(whole)[..^1], "MW"));
    }

    private T Back<T>(T message)
        where T : notnull
    {
        var serializer = new ControllerSerializer((ExtendedActorSystem)system);
        return Assert.IsType<T>(serializer.FromBinary(serializer.ToBinary(message), serializer.Manifest(message)));
    }
}
