using Akka.Actor;
using AkkaStream.Actors.Partitions.Replication;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Controller;

/// <summary>
/// What a broker's leaders ask of the controller about their in-sync sets, gathered: one AlterPartition call is under way at a time, and what is asked meanwhile goes together into the next one, so
/// that a thousand partitions that lose the same follower are one event of the controller and not a thousand.
/// </summary>
public sealed class InSyncProposals : IInSyncProposals
{
    private readonly IActorRef gatherer;

    /// <summary>A broker's proposals.</summary>
    /// <param name="system">The broker's system.</param>
    /// <param name="brokerId">The broker.</param>
    /// <param name="brokerEpoch">Its registration in its present life, from any thread; -1 before it has one.</param>
    /// <param name="link">The broker's <see cref="ControllerLink"/>.</param>
    public InSyncProposals(ActorSystem system, int brokerId, Func<long> brokerEpoch, IActorRef link)
        => gatherer = system.ActorOf(Props.Create(typeof(Gatherer), brokerId, brokerEpoch, link), "in-sync-proposals");

    /// <inheritdoc/>
    public void Propose(InSyncProposal proposal, Action<InSyncAnswer> done) => gatherer.Tell(new Asked(proposal, done), ActorRefs.NoSender);

    private sealed record Asked(InSyncProposal Proposal, Action<InSyncAnswer> Done) : INoSerializationVerificationNeeded;

    private sealed record Heard(List<Asked> Group, ControllerReply Reply) : INoSerializationVerificationNeeded;

    private sealed class Flush
    {
        public static readonly Flush Instance = new();
    }

    private sealed class Gatherer : ReceiveActor
    {
        private const short Version = 3;
        private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

        private readonly int brokerId;
        private readonly Func<long> brokerEpoch;
        private readonly IActorRef link;
        private List<Asked> waiting = [];
        private bool isAsking;

        public Gatherer(int brokerId, Func<long> brokerEpoch, IActorRef link)
        {
            (this.brokerId, this.brokerEpoch, this.link) = (brokerId, brokerEpoch, link);
            Receive<Asked>(Take);
            Receive<Flush>(_ => Ask());
            Receive<Heard>(Answered);
        }

        protected override void PostStop()
        {
            foreach (var asked in waiting) asked.Done(InSyncAnswer.Of(ErrorCode.RequestTimedOut));
        }

        // All that is in the mailbox already comes along.
        private void Take(Asked asked)
        {
            if (waiting.Count >= Limits.InSyncProposals)
            {
                asked.Done(InSyncAnswer.Of(ErrorCode.RequestTimedOut));
                return;
            }

            waiting.Add(asked);
            if (waiting.Count == 1 && !isAsking) Self.Tell(Flush.Instance, ActorRefs.NoSender);
        }

        private void Ask()
        {
            if (isAsking || waiting.Count == 0) return;
            isAsking = true;
            var group = waiting.Count <= Limits.InSyncProposalsOfCall ? waiting : waiting[..Limits.InSyncProposalsOfCall];
            waiting = group == waiting ? [] : waiting[group.Count..];
            var self = Self;
            link.Tell(new ControllerRequest(RequestOf(group), Version, Limit, reply => self.Tell(new Heard(group, reply), ActorRefs.NoSender)) { IsRepeatable = true, AwaitsMetadata = false }, Self);
        }

        private AlterPartitionRequest RequestOf(List<Asked> group) => new()
        {
            BrokerId = brokerId,
            BrokerEpoch = brokerEpoch(),
            Topics = [.. group.GroupBy(a => a.Proposal.TopicId).Select(topic => new AlterPartitionRequest.TopicData
            {
                TopicId = topic.Key,
                Partitions = [.. topic.Select(a => new AlterPartitionRequest.PartitionData
                {
                    PartitionIndex = a.Proposal.Partition,
                    LeaderEpoch = a.Proposal.LeaderEpoch,
                    PartitionEpoch = a.Proposal.PartitionEpoch,
                    NewIsrWithEpochs = [.. a.Proposal.InSync.Select(r => new AlterPartitionRequest.BrokerState { BrokerId = r.BrokerId, BrokerEpoch = r.BrokerEpoch })],
                })],
            })],
        };

        private void Answered(Heard heard)
        {
            isAsking = false;
            var response = heard.Reply.Response as AlterPartitionResponse;
            var whole = response?.ErrorCode ?? heard.Reply.Error;
            var answers = new Dictionary<(Guid, int), AlterPartitionResponse.PartitionData>();
            foreach (var topic in response?.Topics ?? [])
            {
                foreach (var partition in topic.Partitions) answers[(topic.TopicId, partition.PartitionIndex)] = partition;
            }

            foreach (var asked in heard.Group)
            {
                if (whole != ErrorCode.None) asked.Done(InSyncAnswer.Of(whole));
                else if (!answers.TryGetValue((asked.Proposal.TopicId, asked.Proposal.Partition), out var answer)) asked.Done(InSyncAnswer.Of(ErrorCode.UnknownServerError));
                else if (answer.ErrorCode != ErrorCode.None) asked.Done(InSyncAnswer.Of(answer.ErrorCode));
                else asked.Done(new InSyncAnswer(ErrorCode.None, answer.Isr, answer.PartitionEpoch));
            }

            Ask();
        }
    }
}
