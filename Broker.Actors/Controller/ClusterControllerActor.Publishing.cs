using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
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

        var journal = quorum.Parts.Log;
        try
        {
            // One that has nothing gets the whole sooner than its history.
            if (fetch.Offset + 1 < journal.Start.Offset || (fetch.Offset < 0 && journal.Newest() is not null)) SendWhole(fetch);
            else SendEvents(fetch.Offset, head);
        }
        catch (IOException) when (fetch.Offset + 1 < journal.Start.Offset)
        {
            SendWhole(fetch); // that part of the log went just now
        }
    }

    private void SendEvents(long offset, long head)
    {
        var batches = quorum.Parts.Log.Read(Math.Max(0, offset + 1), Limits.QuorumReadBytes);
        var (last, length) = (offset, 0);
        var walker = new RecordBatchWalker(batches);
        // What is in the log beyond the image is not committed yet.
        while (walker.MoveNext() && walker.Header.LastOffset <= head)
        {
            last = walker.Header.LastOffset;
            length = walker.Position + walker.Header.SizeInBytes;
        }

        Sender.Tell(new MetadataDelta(quorum.Epoch, offset, last, head, batches.AsMemory(0, length)), Self);
    }

    // The one of which the broker has a part already, as long as it is there; otherwise the newest one that can be read.
    private void SendWhole(MetadataFetch fetch)
    {
        var snapshots = quorum.Parts.Log.Snapshots;
        foreach (var snapshot in snapshots)
        {
            if (snapshot.End.Offset - 1 == fetch.Whole && fetch.Position > 0 && fetch.Position < snapshot.Length && TrySendPiece(snapshot, fetch.Position)) return;
        }

        for (var i = snapshots.Count - 1; i >= 0; i--)
        {
            if (TrySendPiece(snapshots[i], 0)) return;
        }
    }

    private bool TrySendPiece(QuorumSnapshot snapshot, long position)
    {
        try
        {
            if (quorum.Parts.Log.ReadSnapshot(snapshot.End, position, Limits.QuorumSnapshotPieceBytes) is not { } piece) return false;
            var last = snapshot.End.Offset - 1;
            Sender.Tell(new MetadataWhole(quorum.Epoch, last, position, snapshot.Length, Math.Max(image.Offset, last), piece), Self);
            return true;
        }
        catch (IOException error)
        {
            log.Error("a broker cannot be given the snapshot at offset {0} of the controller's log: {1}", snapshot.End.Offset, error.Message);
            return false;
        }
    }
}
