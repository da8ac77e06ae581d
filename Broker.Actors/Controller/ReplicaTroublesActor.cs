using Akka.Actor;
using AkkaStream.Actors.Metadata.Commands;
using AkkaStream.Actors.Partitions.Replication;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Controller;

/// <summary>
/// Tells the controller which replicas of this broker cannot go on, so that it lets others lead: gathered, one AssignReplicasToDirs call at a time, and again until it is answered. Takes
/// <see cref="ReplicaTrouble"/>.
/// </summary>
public sealed class ReplicaTroublesActor : ReceiveActor, IWithTimers
{
    /// <summary>Its name.</summary>
    public const string Name = "replica-troubles";

    private const short Version = 0;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(200);

    private readonly int brokerId;
    private readonly Func<long> brokerEpoch;
    private readonly IActorRef link;

    // By replica, whether it is lost.
    private readonly Dictionary<(Guid TopicId, int Partition), bool> waiting = [];
    private bool isAsking;

    /// <summary>A broker's.</summary>
    /// <param name="brokerId">The broker.</param>
    /// <param name="brokerEpoch">Its registration in its present life, from any thread; -1 before it has one.</param>
    /// <param name="link">The broker's <see cref="ControllerLink"/>.</param>
    public ReplicaTroublesActor(int brokerId, Func<long> brokerEpoch, IActorRef link)
    {
        (this.brokerId, this.brokerEpoch, this.link) = (brokerId, brokerEpoch, link);
        Receive<ReplicaTrouble>(Take);
        Receive<Turn>(_ => Ask());
        Receive<Heard>(Answered);
    }

    /// <inheritdoc/>
    ITimerScheduler IWithTimers.Timers { get; set; } = null!;

    // All that is in the mailbox already comes along.
    private void Take(ReplicaTrouble trouble)
    {
        var replica = (trouble.TopicId, trouble.Partition);
        if (!waiting.TryGetValue(replica, out var isLost) && waiting.Count >= Limits.ReplicaTroubles) return;
        waiting[replica] = isLost || trouble.IsLost;
        if (waiting.Count == 1 && !isAsking) Self.Tell(Turn.Instance, ActorRefs.NoSender);
    }

    private void Ask()
    {
        if (isAsking || waiting.Count == 0) return;
        if (brokerEpoch() is not (>= 0 and var epoch))
        {
            Again();
            return;
        }

        isAsking = true;
        var group = waiting.Take(Limits.ReplicaTroublesOfCall).ToDictionary();
        var self = Self;
        link.Tell(new ControllerRequest(RequestOf(group, epoch), Version, Limit, reply => self.Tell(new Heard(group, reply), ActorRefs.NoSender)) { IsRepeatable = true, AwaitsMetadata = false }, Self);
    }

    private AssignReplicasToDirsRequest RequestOf(Dictionary<(Guid TopicId, int Partition), bool> group, long epoch) => new()
    {
        BrokerId = brokerId,
        BrokerEpoch = epoch,
        Directories = [.. group.GroupBy(r => r.Value).Select(kind => new AssignReplicasToDirsRequest.DirectoryData
        {
            Id = kind.Key ? OfflineReplicasCommand.Lost : OfflineReplicasCommand.NoRoom,
            Topics = [.. kind.GroupBy(r => r.Key.TopicId).Select(topic => new AssignReplicasToDirsRequest.TopicData
            {
                TopicId = topic.Key,
                Partitions = [.. topic.Select(r => new AssignReplicasToDirsRequest.PartitionData { PartitionIndex = r.Key.Partition })],
            })],
        })],
    };

    private void Answered(Heard heard)
    {
        isAsking = false;
        if (heard.Reply.Response is AssignReplicasToDirsResponse { ErrorCode: ErrorCode.None })
        {
            foreach (var (replica, wasLost) in heard.Group)
            {
                if (waiting.TryGetValue(replica, out var isLost) && isLost == wasLost) waiting.Remove(replica);
            }

            Ask();
        }
        else
        {
            // Another registration, or no controller: sooner or later there is one.
            Again();
        }
    }

    private void Again() => ((IWithTimers)this).Timers.StartSingleTimer(nameof(Turn), Turn.Instance, Soon);

    private sealed record Heard(Dictionary<(Guid TopicId, int Partition), bool> Group, ControllerReply Reply) : INoSerializationVerificationNeeded;

    private sealed class Turn
    {
        public static readonly Turn Instance = new();
    }
}
