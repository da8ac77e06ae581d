using AkkaStream.Actors.Coordinators;
using AkkaStream.Actors.Groups;
using AkkaStream.Actors.Metadata;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Requests.Groups;

/// <summary>Requests of members of groups: told to the group's coordinator, which answers.</summary>
/// <param name="broker">The broker.</param>
public sealed class GroupHandler(BrokerServices broker) : IRequestHandler
{
    /// <inheritdoc/>
    public void Handle(RequestSlot slot)
    {
        var caller = CallerOf(slot);
        switch (slot.Request)
        {
            case HeartbeatRequest request: Heartbeat(request, caller, slot); break;
            case ConsumerGroupHeartbeatRequest request: Tell(request.GroupId, new ConsumerHeartbeatCall(request, caller, slot.Complete)); break;
            case JoinGroupRequest request: Tell(request.GroupId, new JoinCall(request, caller, slot.Complete)); break;
            case SyncGroupRequest request: Tell(request.GroupId, new SyncCall(request, caller, slot.Complete)); break;
            case LeaveGroupRequest request: Tell(request.GroupId, new LeaveCall(request, caller, slot.Complete)); break;
            case OffsetDeleteRequest request: DeleteOffsets(request, caller, slot); break;
            default: slot.CloseConnection($"{slot.Header.Key} is no request of a group"); break;
        }
    }

    /// <summary>Who sent a request, as groups keep it.</summary>
    internal static GroupCaller CallerOf(RequestSlot slot) => new(slot.Header.ClientId ?? "", slot.Connection.ClientHost, slot.Header.Version);

    private void Tell(string group, CoordinatorMessage message) => broker.Coordinators.Tell(TopicNames.ConsumerOffsets, group, message);

    // Clients that are known to send heartbeats beside their work may be answered late: what there is to say then comes at once, instead of with a later heartbeat. A static member
    // closes without another request, and waits for the answers that it is owed.
    private void Heartbeat(HeartbeatRequest request, GroupCaller caller, RequestSlot slot)
    {
        var call = new HeartbeatCall(request, caller, slot.Complete) { MayWait = request.GroupInstanceId is null && PatientClients.Knows(slot.Connection.ClientSoftware) };
        if (call.MayWait) slot.Connection.Hold(call.Hurry);
        Tell(request.GroupId, call);
        if (call.MayWait) slot.OrderFixed();
    }

    // What does not exist is answered here; the rest goes to the coordinator, whose answer takes these in.
    private void DeleteOffsets(OffsetDeleteRequest request, GroupCaller caller, RequestSlot slot)
    {
        var unknown = new List<OffsetDeleteResponse.OffsetDeleteResponseTopic>();
        foreach (var topic in request.Topics)
        {
            var missing = topic.Partitions.Where(p => !broker.Partitions.Knows(topic.Name, p.PartitionIndex)).ToList();
            if (missing.Count == 0) continue;
            unknown.Add(new() { Name = topic.Name, Partitions = missing.ConvertAll(p => new OffsetDeleteResponse.OffsetDeleteResponsePartition { PartitionIndex = p.PartitionIndex, ErrorCode = ErrorCode.UnknownTopicOrPartition }) });
            topic.Partitions = topic.Partitions.Except(missing).ToList();
        }

        request.Topics = request.Topics.Where(t => t.Partitions.Count > 0).ToList();
        Tell(request.GroupId, new DeleteOffsetsCall(request, caller, answer =>
        {
            if (answer.ErrorCode == ErrorCode.None) Merge(answer, unknown);
            slot.Complete(answer);
        }));
    }

    private static void Merge(OffsetDeleteResponse answer, List<OffsetDeleteResponse.OffsetDeleteResponseTopic> unknown)
    {
        foreach (var topic in unknown)
        {
            if (answer.Topics.Find(t => t.Name == topic.Name) is { } there) there.Partitions.AddRange(topic.Partitions);
            else answer.Topics.Add(topic);
        }
    }
}
