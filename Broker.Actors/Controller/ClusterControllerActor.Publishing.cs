using Akka.Actor;
using Akka.Cluster;
using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Metadata.Quorum;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Controller;

/// <content>Who hears of decisions, and who is there at all.</content>
public sealed partial class ClusterControllerActor
{
    private readonly Cluster cluster = Cluster.Get(Context.System);
    private readonly Dictionary<Address, ActorSelection> subscribers = [];

    private void Begin()
    {
        cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsSnapshot, typeof(ClusterEvent.IMemberEvent), typeof(ClusterEvent.IReachabilityEvent));
        BeginClocks();
    }

    private void Leave()
    {
        EndClocks();
        cluster.Unsubscribe(Self);
    }

    private void Joined(ClusterEvent.CurrentClusterState state)
    {
        LookAtMembers();
        var head = new MetadataHead(quorum.Epoch, image.Offset);
        foreach (var subscriber in subscribers.Values) subscriber.Tell(head, Self);
    }

    private void Changed(ClusterEvent.IClusterDomainEvent change) => LookAtMembers();

    private void LookAtMembers()
    {
        var members = cluster.State.Members.Where(m => m.HasRole(ClusterRoles.Broker)).Select(m => m.Address).ToHashSet();
        foreach (var gone in subscribers.Keys.Where(a => !members.Contains(a)).ToList()) subscribers.Remove(gone);
        foreach (var address in members)
        {
            if (!subscribers.ContainsKey(address)) subscribers.Add(address, Context.ActorSelection(new RootActorPath(address) / "user" / MetadataSubscriber.Name));
        }

        FenceTheAbsent();
    }

    private void Moved(MetadataImage before)
    {
        if (!ReferenceEquals(before.Brokers, image.Brokers)) FenceTheAbsent();
    }

    private void Publish(List<IApiMessage> events)
    {
        var from = image.Offset;
        var batch = QuorumBatches.Encode(events, from + 1, quorum.Epoch, 0);
        var delta = new MetadataDelta(quorum.Epoch, from, from + events.Count, from + events.Count, batch);
        foreach (var subscriber in subscribers.Values) subscriber.Tell(delta, Self);
    }

    // A broker that missed something, or has just begun, gets it as the log has it, piece by piece: it asks for the next one.
    private void Fetched(MetadataFetch fetch)
    {
        var head = image.Offset;
        if (fetch.Offset >= head)
        {
            Sender.Tell(new MetadataDelta(quorum.Epoch, fetch.Offset, head, head, default), Self);
            return;
        }

        var batches = quorum.Parts.Log.Read(Math.Max(0, fetch.Offset + 1), Limits.QuorumReadBytes);
        var (last, length) = (fetch.Offset, 0);
        var walker = new RecordBatchWalker(batches);
        // What is in the log beyond the image is not committed yet.
        while (walker.MoveNext() && walker.Header.LastOffset <= head)
        {
            last = walker.Header.LastOffset;
            length = walker.Position + walker.Header.SizeInBytes;
        }

        Sender.Tell(new MetadataDelta(quorum.Epoch, fetch.Offset, last, head, batches.AsMemory(0, length)), Self);
    }
}
