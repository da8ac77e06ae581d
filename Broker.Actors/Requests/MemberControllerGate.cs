using Akka.Actor;
using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Controller;
using AkkaStream.Actors.Requests.Configs;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Requests;

/// <summary>The way to the controller of a broker in a cluster: by messages, wherever it runs. What it decided is in force on this broker when the answer goes out.</summary>
/// <param name="link">This broker's <see cref="ControllerLink"/>.</param>
/// <param name="brokerId">This broker.</param>
/// <param name="brokerEpoch">Its registration in its present life.</param>
/// <param name="ownSettings">What it knows of settings, its own above all.</param>
public sealed class MemberControllerGate(Func<IActorRef> link, int brokerId, Func<long> brokerEpoch, Func<IConfigState> ownSettings) : IControllerGate, IRequestHandler
{
    private const short CreateVersion = 7;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Internal = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public IRequestHandler Forwarding => this;

    /// <inheritdoc/>
    public void Handle(RequestSlot slot)
    {
        var refused = ForeignSettings.Take(slot.Request, ownSettings());
        if (refused is not null && ForeignSettings.IsEmpty(slot.Request))
        {
            slot.Complete(refused);
            return;
        }

        var isQuestion = slot.Header.Key is ApiKey.ListPartitionReassignments or ApiKey.DescribeQuorum;
        Ask(new ControllerRequest(slot.Request, slot.Header.Version, TimeoutOf(slot.Request), reply => slot.Complete(ForeignSettings.Merge(reply.Response ?? ControllerRefusals.Of(slot.Request, reply.Error), refused)))
        {
            Principal = slot.Connection.Principal,
            IsRepeatable = isQuestion,
        });
    }

    /// <inheritdoc/>
    public void CreateTopics(IReadOnlyList<string> names, Action done)
        => Ask(new ControllerRequest(Creation(names), CreateVersion, Internal, _ => done()) { Kind = ControllerCallKind.AutoCreateTopics, IsRepeatable = true });

    /// <inheritdoc/>
    public void CreateInternalTopic(string name, Action done)
        => Ask(new ControllerRequest(Creation([name]), CreateVersion, Internal, _ => done()) { Kind = ControllerCallKind.InternalTopic, IsRepeatable = true });

    /// <inheritdoc/>
    public void TakeProducerIds(Action<ErrorCode, long, int> done)
        => Ask(new ControllerRequest(new AllocateProducerIdsRequest { BrokerId = brokerId, BrokerEpoch = brokerEpoch() }, 0, Internal, reply => Taken(reply, done)) { IsRepeatable = true, AwaitsMetadata = false });

    // A block that was given twice is lost, of which there are enough.
    private static void Taken(ControllerReply reply, Action<ErrorCode, long, int> done)
    {
        if (reply.Response is AllocateProducerIdsResponse { ErrorCode: ErrorCode.None, ProducerIdLen: > 0 } block) done(ErrorCode.None, block.ProducerIdStart, block.ProducerIdLen);
        else done(ErrorCode.CoordinatorNotAvailable, -1, 0);
    }

    private void Ask(ControllerRequest request) => link().Tell(request, ActorRefs.NoSender);

    private static CreateTopicsRequest Creation(IReadOnlyList<string> names) => new()
    {
        TimeoutMs = (int)Internal.TotalMilliseconds,
        Topics = [.. names.Select(name => new CreateTopicsRequest.CreatableTopic { Name = name, NumPartitions = -1, ReplicationFactor = -1 })],
    };

    private static TimeSpan TimeoutOf(IApiMessage request)
    {
        var ms = request switch
        {
            CreateTopicsRequest r => r.TimeoutMs,
            DeleteTopicsRequest r => r.TimeoutMs,
            CreatePartitionsRequest r => r.TimeoutMs,
            ElectLeadersRequest r => r.TimeoutMs,
            AlterPartitionReassignmentsRequest r => r.TimeoutMs,
            ListPartitionReassignmentsRequest r => r.TimeoutMs,
            AddRaftVoterRequest r => r.TimeoutMs,
            _ => (int)Patience.TotalMilliseconds,
        };
        // One without time is for the controller to refuse, which needs some.
        return TimeSpan.FromMilliseconds(Math.Clamp(ms, 5000, 120_000));
    }
}
