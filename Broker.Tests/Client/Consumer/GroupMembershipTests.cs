using AkkaStream.Actors.Groups;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Consumer.Groups;
using AkkaStream.Client.Protocol;
using AkkaStream.Tests.Actors.Groups;

namespace AkkaStream.Tests.Client.Consumer;

/// <summary>
/// The client's membership and the broker's coordinator, both as they are, on one virtual clock: members come, leave, fall silent and are not polled, and
/// the coordinator goes and comes again. Never do two read one partition, and in the end everything is read.
/// </summary>
public sealed class GroupMembershipTests
{
    private const int Partitions = 12;
    private static readonly TopicMetadata Topic = new("t", GroupHarness.IdOf("t"), false, [.. Enumerable.Range(0, Partitions).Select(p => new PartitionMetadata(p, 1, 0, [1], [1], ErrorCode.None))]);

    [Theory]
    [InlineData("range", 1)]
    [InlineData("range", 2)]
    [InlineData("roundrobin", 3)]
    [InlineData("sticky", 4)]
    [InlineData("cooperative-sticky", 5)]
    [InlineData("cooperative-sticky", 6)]
    [InlineData("cooperative-sticky", 7)]
    [InlineData("consumer", 8)]
    [InlineData("consumer", 9)]
    [InlineData("consumer", 10)]
    [InlineData("range or consumer", 11)]
    [InlineData("range or consumer", 12)]
    [InlineData("cooperative-sticky or consumer", 13)]
    [InlineData("cooperative-sticky or consumer", 14)]
    public void No_two_members_read_one_partition(string assignor, int seed)
    {
        var world = new World(assignor, new Random(seed));
        for (var i = 0; i < 40; i++) world.Disturb(ticks: 100);
        world.Settle();
    }

    private sealed class World(string assignor, Random dice)
    {
        private readonly GroupHarness groups = new(
            ("group.initial.rebalance.delay.ms", "100"), ("group.min.session.timeout.ms", "100"), ("group.consumer.min.session.timeout.ms", "100"), ("group.consumer.session.timeout.ms", "3000"),
            ("group.consumer.min.heartbeat.interval.ms", "100"), ("group.consumer.heartbeat.interval.ms", "300"), ("group.consumer.assignment.interval.ms", "50"))
        {
            Image = GroupHarness.Topics(("t", Partitions)),
        };

        private readonly List<Member> members = [];
        private int ids;

        public void Disturb(int ticks)
        {
            switch (dice.Next(6))
            {
                case 0 or 1 or 2 when members.Count < 6: members.Add(new Member(NewMembership())); break;
                case 3 when members.Count > 1: members[dice.Next(members.Count)].Membership.Leave(); break;
                case 4 when members.Count > 1: members.RemoveAt(dice.Next(members.Count)); break;
                case 5: groups.Reload(); break;
            }

            for (var i = 0; i < ticks; i++) Tick();
        }

        // Whoever is there shares everything, sooner or later.
        public void Settle()
        {
            members.Add(new Member(NewMembership()));
            for (var i = 0; i < 2000 && !IsSettled; i++) Tick();
            Assert.True(IsSettled, string.Join("; ", members.Select(m => $"{m.Membership.MemberId} {m.Membership.Generation} {m.Reads.Count} {m.Membership.Failure?.Message}")));
        }

        private bool IsSettled => members.All(m => m.Membership.IsStable) && members.Sum(m => m.Reads.Count) == Partitions;

        private IGroupMembership NewMembership()
        {
            var kinds = assignor.Split(" or ");
            var kind = kinds[dice.Next(kinds.Length)];
            return kind == "consumer" ? new ConsumerMembership(Options(kind), $"member-{++ids}") : new GroupMembership(Options(kind));
        }

        private static GroupOptions Options(string kind) => new()
        {
            GroupId = "g",
            Topics = ["t"],
            SessionTimeout = TimeSpan.FromSeconds(3),
            HeartbeatInterval = TimeSpan.FromMilliseconds(300),
            MaxPollInterval = TimeSpan.FromSeconds(5),
            Assignors = [kind switch { "range" => new RangeAssignor(), "roundrobin" => new RoundRobinAssignor(), "sticky" => new StickyAssignor(), _ => new CooperativeStickyAssignor() }],
        };

        private void Tick()
        {
            foreach (var member in members) Step(member);
            members.RemoveAll(m => m.Membership.HasLeft);
            groups.Pass(20);
            var read = members.SelectMany(m => m.Reads).ToList();
            Assert.True(read.Count == read.Distinct().Count(), $"two members read one partition: {string.Join("; ", members.Select(m => $"{m.Membership.Generation}: {string.Join(',', m.Reads.Select(p => p.Partition))}"))}");
        }

        private void Step(Member member)
        {
            var membership = member.Membership;
            if (member.Beat?.Reply.Value is { } news)
            {
                member.Beat = null;
                membership.Take(news, groups.NowMs);
            }

            if (member.Waiting?.Invoke() is { } late)
            {
                member.Waiting = null;
                membership.Take(late, groups.NowMs);
            }

            if (dice.Next(10) > 0) Poll(member);
            switch (membership.Next(groups.NowMs))
            {
                case GroupStep.Find: membership.Found(ErrorCode.None, groups.NowMs); break;
                case GroupStep.Learn: membership.Learned([Topic]); break;
                case GroupStep.Ask { Request: HeartbeatRequest beat }: member.Beat = groups.PatientHeartbeat(beat.GroupId, beat.MemberId, beat.GenerationId); break;
                case GroupStep.Ask ask:
                    // As the broker does for a request that stands behind it.
                    member.Beat?.Call.Hurry();
                    member.Waiting = Send(ask.Request);
                    break;
            }
        }

        private void Poll(Member member)
        {
            member.Membership.Polled(groups.NowMs);
            if (member.Membership.Change is not { } change) return;
            member.Reads.ExceptWith(change.Revoked);
            member.Reads.UnionWith(change.Assigned);
            member.Membership.ChangeDone();
        }

        private Func<IApiMessage?> Send(IApiMessage request)
        {
            switch (request)
            {
                case JoinGroupRequest join:
                    var joined = groups.Tell<JoinGroupResponse>((caller, answer) => new JoinCall(join, caller, answer));
                    return () => joined.Value;
                case SyncGroupRequest sync:
                    var synced = groups.Tell<SyncGroupResponse>((caller, answer) => new SyncCall(sync, caller, answer));
                    return () => synced.Value;
                case ConsumerGroupHeartbeatRequest young:
                    var told = groups.Tell<ConsumerGroupHeartbeatResponse>((caller, answer) => new ConsumerHeartbeatCall(young, caller, answer), 1);
                    return () => told.Value;
                default:
                    var left = groups.Tell<LeaveGroupResponse>((caller, answer) => new LeaveCall((LeaveGroupRequest)request, caller, answer));
                    return () => left.Value;
            }
        }
    }

    private sealed class Member(IGroupMembership membership)
    {
        public IGroupMembership Membership => membership;

        public HashSet<TopicPartition> Reads { get; } = [];

        /// <summary>The heartbeat under way.</summary>
        public (HeartbeatCall Call, GroupHarness.Reply<HeartbeatResponse> Reply)? Beat { get; set; }

        /// <summary>Gives the answer that is waited for once it is there.</summary>
        public Func<IApiMessage?>? Waiting { get; set; }
    }
}
