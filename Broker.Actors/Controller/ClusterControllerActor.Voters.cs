using Akka.Actor;
using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Metadata.Quorum;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Controller;

/// <content>The set of voters: how they stand, and how one comes or goes.</content>
public sealed partial class ClusterControllerActor
{
    private const short FirstWithDisks = 2;
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestChange = TimeSpan.FromSeconds(60);

    private VoterChange? change;

    private bool TryTakeVoters(ControllerCall call)
    {
        if (call.Kind != ControllerCallKind.Api || call.Key is not (ApiKey.DescribeQuorum or ApiKey.AddRaftVoter or ApiKey.RemoveRaftVoter)) return false;
        switch (ControllerApis.Decode(call).Request)
        {
            case DescribeQuorumRequest:
                Journal.Tell(new QuorumQuery(new Described(call, Sender)), Self);
                return true;
            case AddRaftVoterRequest add:
                BeginChange(call, new VoterChange(call, Sender, MemberOf(add), true, Deadline(add.TimeoutMs)));
                return true;
            case RemoveRaftVoterRequest remove:
                BeginChange(call, new VoterChange(call, Sender, new QuorumMember(remove.VoterId, remove.VoterDirectoryId, "", 0), false, Deadline(0)));
                return true;
            default:
                return false;
        }
    }

    // Who names no address means the one that the broker registered with.
    private QuorumMember MemberOf(AddRaftVoterRequest add)
    {
        if ((add.Listeners.Find(l => l.Name == BrokerImage.AkkaListener) ?? add.Listeners.FirstOrDefault()) is { } at) return new QuorumMember(add.VoterId, add.VoterDirectoryId, at.Host, at.Port);
        var known = image.Brokers.GetValueOrDefault(add.VoterId);
        return new QuorumMember(add.VoterId, add.VoterDirectoryId, known?.AkkaHost ?? "", known?.AkkaPort ?? 0);
    }

    private TimeSpan Deadline(int timeoutMs)
    {
        var asked = timeoutMs > 0 ? TimeSpan.FromMilliseconds(timeoutMs) : TimeSpan.FromSeconds(5);
        return Context.System.Scheduler.MonotonicClock + (asked < LongestChange ? asked : LongestChange);
    }

    // One change at a time: the next one is asked for when this one is through.
    private void BeginChange(ControllerCall call, VoterChange asked)
    {
        if (change is not null)
        {
            Answer(call, ChangeAnswer(asked, ErrorCode.RequestTimedOut, "another change of the voters is not through yet"), Sender);
            return;
        }

        if (asked.Comes && asked.Member.Host.Length == 0)
        {
            Answer(call, ChangeAnswer(asked, ErrorCode.InvalidRequest, $"broker {asked.Member.Id} is not registered: start it, or name the address of its actor system"), Sender);
            return;
        }

        change = asked;
        if (asked.Comes) Journal.Tell(new QuorumLearner(asked.Member), Self);
        LookLater(asked);
    }

    // Those that are there have answered by then.
    private void LookLater(VoterChange asked)
    {
        Journal.Tell(new QuorumProbe(), Self);
        Context.System.Scheduler.ScheduleTellOnce(LookAgain, Self, new LookAtChange(asked), Self);
    }

    private void Heard(QuorumStatus status)
    {
        switch (status.About)
        {
            case Described described:
                answerOffset = image.Offset;
                Answer(described.Call, Describe(status, described.Call.Version), described.From);
                break;
            case VoterChange asked when asked == change:
                Judge(asked, status);
                break;
        }
    }

    private void Judge(VoterChange asked, QuorumStatus status)
    {
        // Who names no disk means the one that the broker has: it says so when it answers.
        if (asked.Comes && asked.Member.Disk == Guid.Empty)
        {
            if (status.Standings.FirstOrDefault(s => s.Member.Id == asked.Member.Id && s.IsHere && s.Member.Disk != Guid.Empty) is not { } standing)
            {
                Again(asked, $"broker {asked.Member.Id} does not answer as a voter: it has to run, with itself in its controller.quorum.voters");
                return;
            }

            change = asked = asked with { Member = asked.Member with { Disk = standing.Member.Disk } };
        }

        var isThere = status.Voters.Contains(asked.Member.Id, asked.Member.Disk);
        if (isThere == asked.Comes)
        {
            EndChange(asked, asked.Comes ? ErrorCode.DuplicateVoter : ErrorCode.VoterNotFound, asked.Comes ? "it is a voter already" : "there is no such voter");
            return;
        }

        var next = asked.Comes ? status.Voters.With(asked.Member) : status.Voters.Without(asked.Member.Id);
        if (asked.Comes && status.Voters.Find(asked.Member.Id) is not null)
        {
            EndChange(asked, ErrorCode.DuplicateVoter, "the broker votes with another disk: remove that voter first");
            return;
        }

        if (VoterChanges.WhyNot(status.Voters, next, status.Standings, status.Committed) is { } why)
        {
            Again(asked, why);
            return;
        }

        Take(new Asked(new ChangeVotersCommand(QuorumBatches.ToRecord(next), () => EndChange(asked, ErrorCode.None, null)), asked.Call, asked.From));
    }

    private void Again(VoterChange asked, string why)
    {
        if (Context.System.Scheduler.MonotonicClock >= asked.Deadline) EndChange(asked, ErrorCode.RequestTimedOut, why);
        else LookLater(asked);
    }

    private void LookAgainAt(LookAtChange look)
    {
        if (look.Change == change) Journal.Tell(new QuorumQuery(look.Change), Self);
    }

    private void EndChange(VoterChange asked, ErrorCode error, string? why)
    {
        change = null;
        answerOffset = image.Offset;
        Answer(asked.Call, ChangeAnswer(asked, error, why), asked.From);
    }

    private static IApiMessage ChangeAnswer(VoterChange asked, ErrorCode error, string? why)
        => asked.Comes ? new AddRaftVoterResponse { ErrorCode = error, ErrorMessage = why } : new RemoveRaftVoterResponse { ErrorCode = error, ErrorMessage = why };

    private DescribeQuorumResponse Describe(QuorumStatus status, short version) => new()
    {
        Topics =
        [
            new DescribeQuorumResponse.TopicData
            {
                TopicName = TopicNames.ClusterMetadata,
                Partitions =
                [
                    new DescribeQuorumResponse.PartitionData
                    {
                        LeaderId = setup.BrokerId,
                        LeaderEpoch = status.Epoch,
                        HighWatermark = status.Committed,
                        CurrentVoters = [.. status.Voters.Members.Select(m => State(StandingOf(m, status), version))],
                        Observers = [.. status.Standings.Where(s => IsObserver(s, status)).Select(s => State(s, version)), .. Followers(status)],
                    },
                ],
            },
        ],
        Nodes = version < FirstWithDisks ? [] : [.. status.Voters.Members.Concat(status.Standings.Where(s => IsObserver(s, status)).Select(s => s.Member)).Concat(Others(status).Select(b => new QuorumMember(b.Id, Guid.Empty, b.AkkaHost ?? "", b.AkkaPort))).DistinctBy(m => m.Id).Select(m => new DescribeQuorumResponse.Node
        {
            NodeId = m.Id,
            Listeners = [new DescribeQuorumResponse.Listener { Name = BrokerImage.AkkaListener, Host = m.Host, Port = (ushort)m.Port }],
        })],
    };

    // A voter that was not heard of yet in this epoch is one all the same.
    private static QuorumStanding StandingOf(QuorumMember voter, QuorumStatus status)
    {
        var known = status.Standings.FirstOrDefault(s => IsOf(s, voter));
        return known is null ? new QuorumStanding(voter, true, -1, 0, false) : known with { Member = voter };
    }

    private static bool IsOf(QuorumStanding standing, QuorumMember voter)
        => standing.Member.Id == voter.Id && (standing.Member.Disk == voter.Disk || standing.Member.Disk == Guid.Empty);

    // One whose vote was taken away is sent the journal as long as this controller goes on; of one that the cluster has forgotten nobody wants to hear.
    private bool IsObserver(QuorumStanding standing, QuorumStatus status) => !status.Voters.Members.Any(m => IsOf(standing, m)) && image.Brokers.ContainsKey(standing.Member.Id);

    // Brokers without a vote, which hear what is decided.
    private IEnumerable<BrokerImage> Others(QuorumStatus status) => image.Brokers.Values.Where(b => status.Voters.Find(b.Id) is null && status.Standings.All(s => s.Member.Id != b.Id)).OrderBy(b => b.Id);

    private IEnumerable<DescribeQuorumResponse.ReplicaState> Followers(QuorumStatus status)
        => Others(status).Select(b => new DescribeQuorumResponse.ReplicaState { ReplicaId = b.Id, LogEndOffset = progress.OffsetOf(b.Id, b.Epoch) + 1 });

    private static DescribeQuorumResponse.ReplicaState State(QuorumStanding standing, short version) => new()
    {
        ReplicaId = standing.Member.Id,
        ReplicaDirectoryId = version < FirstWithDisks ? Guid.Empty : standing.Member.Disk,
        LogEndOffset = standing.Match,
        LastFetchTimestamp = standing.HeardMs,
        LastCaughtUpTimestamp = standing.CaughtUpMs,
    };

    private sealed record Described(ControllerCall Call, IActorRef From);

    private sealed record LookAtChange(VoterChange Change);

    private sealed record VoterChange(ControllerCall Call, IActorRef From, QuorumMember Member, bool Comes, TimeSpan Deadline);

    /// <summary>Makes another set of voters count; written alone.</summary>
    private sealed class ChangeVotersCommand(VotersRecord voters, Action done) : ControllerCommand
    {
        public override IReadOnlyList<IApiMessage> Decide(ControllerContext context) => [voters];

        public override void Done(MetadataImage image) => done();

        public override void Failed(ErrorCode error)
        {
        }
    }
}
