using AkkaStream.Actors.Coordinators;
using AkkaStream.Actors.Groups;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Tests.Actors.Groups;

/// <summary>Every row of Kafka's tables for groups of the classic protocol, played; and the states that groups and members of KIP-848 show.</summary>
public sealed partial class GroupStateTableTests
{
    private const string JoinTable = "JoinGroup";
    private const string PhaseTable = "Join phase ends";
    private const string SyncTable = "SyncGroup";
    private const string HeartbeatTable = "Heartbeat";
    private const string LeaveTable = "LeaveGroup (for each member)";
    private const string CommitTable = "OffsetCommit";
    private const string DeleteTable = "DeleteGroups, OffsetDelete";

    // A group that ends is gone in the same step: nobody meets a dead one. And groups of other types are not there yet.
    private static readonly string[] Unreachable = ["Dead", "group is of another type, not empty (share, streams)"];

    private static readonly Dictionary<string, Dictionary<string, Action<GroupRow>>> Plays = new()
    {
        [JoinTable] = new(JoinNewPlays().Concat(JoinExistingPlays())),
        [PhaseTable] = new(PhaseEndPlays().Concat(PhaseResultPlays())),
        [SyncTable] = new(SyncRefusedPlays().Concat(SyncTakenPlays())),
        [HeartbeatTable] = HeartbeatPlays(),
        [LeaveTable] = LeavePlays(),
        [CommitTable] = CommitPlays(),
        [DeleteTable] = DeletePlays(),
    };

    [Theory]
    [InlineData(JoinTable)]
    [InlineData(PhaseTable)]
    [InlineData(SyncTable)]
    [InlineData(HeartbeatTable)]
    [InlineData(LeaveTable)]
    [InlineData(CommitTable)]
    [InlineData(DeleteTable)]
    public void Every_row_is_as_with_Kafka(string table)
    {
        var rows = GroupTable.Rows(table).Where(row => !Unreachable.Contains(row.When)).ToList();
        Assert.Equal(rows.Select(row => row.When), Plays[table].Keys);
        var wrong = new List<string>();
        foreach (var row in rows)
        {
            try
            {
                Plays[table][row.When](row);
            }
            catch (Exception differs)
            {
                wrong.Add($"{string.Join(" | ", row.Cells)}: {differs.Message}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void A_group_goes_from_state_to_state_as_with_Kafka_and_on_every_way_there_is()
    {
        var ways = GroupTable.Rows("Classic group: states").SelectMany(row => row.Cells[1].Split(", ").Where(_ => row.When != "Dead").Select(next => (From: next, To: row.When))).ToHashSet();
        var seen = new HashSet<(string From, string To)>();
        for (var seed = 1; seed <= 20; seed++) Wander(new Random(seed), (from, to) => seen.Add((from, to)));
        // Two steps at once are seen as one: into a rebalance, and out of it.
        bool IsAllowed((string From, string To) step) => ways.Contains(step) || (ways.Contains((step.From, "PreparingRebalance")) && ways.Contains(("PreparingRebalance", step.To)));
        Assert.All(seen, step => Assert.True(IsAllowed(step), $"{step}"));
        Assert.Equal([], ways.Except(seen).Where(step => step != ("Dead", "Dead")));
    }

    [Fact]
    public void Write_errors_are_told_as_Kafka_tells_them()
    {
        var parts = GroupTable.Line("Mapped write errors: ").Split([": ", "; "], StringSplitOptions.None)[1..^1];
        Assert.Equal(3, parts.Length);
        foreach (var part in parts)
        {
            var sides = part.Split(" -> ");
            foreach (var name in sides[0].Split(", ")) Assert.Equal(sides[1], CoordinatorWriter.ForClients(Enum.GetValues<ErrorCode>().Single(e => e.Name() == name)).Name());
        }
    }

    [Fact]
    public void Groups_and_members_of_the_consumer_protocol_show_Kafkas_states()
    {
        var line = GroupTable.Line("Modern groups show: ");
        var groups = new GroupHarness(("group.consumer.assignment.interval.ms", "1000")) { Image = GroupHarness.Topics(("t", 4)) };
        var shown = new List<string>();
        ConsumerGroupHeartbeatResponse Beat(string member, int epoch, params int[] owned)
        {
            var request = new ConsumerGroupHeartbeatRequest { GroupId = "g", MemberId = member, MemberEpoch = epoch, RebalanceTimeoutMs = 20_000, SubscribedTopicNames = epoch == 0 ? ["t"] : null };
            request.TopicPartitions = owned.Length == 0 ? [] : [new() { TopicId = GroupHarness.IdOf("t"), Partitions = [.. owned] }];
            var answer = groups.Tell<ConsumerGroupHeartbeatResponse>((caller, take) => new ConsumerHeartbeatCall(request, caller, take), 1).Value!;
            shown.Add(groups.List()[0].Split(' ')[1]);
            return answer;
        }

        var a = Beat("a", 0);
        Beat("b", 0);
        groups.Pass(1_001);
        var b = Beat("b", a.MemberEpoch);
        Beat("a", a.MemberEpoch, 0, 1, 2, 3);
        Assert.Equal([2, 1], LastStates("b", "a"));
        var kept = groups.Tell<ConsumerGroupDescribeResponse.DescribedGroup>((caller, take) => new ConsumerDescribeCall("g", caller, take), 1).Value!.Members.Single(m => m.MemberId == "a").TargetAssignment.TopicPartitions[0].Partitions;
        Beat("a", a.MemberEpoch, [.. kept]);
        Beat("b", b.MemberEpoch);
        Assert.Equal([0, 0], LastStates("b", "a"));
        Beat("a", -1);
        Beat("b", -1);
        Assert.Equal("consumer " + string.Join(", ", new[] { "Empty", "Assigning", "Reconciling", "Stable" }.Where(shown.Contains)) + ", Dead", line.Split(": ")[1].Split(';')[0]);
        Assert.Contains("STABLE(0), UNREVOKED_PARTITIONS(1), UNRELEASED_PARTITIONS(2)", line, StringComparison.Ordinal);

        IEnumerable<int> LastStates(params string[] members) => members.Select(member => groups.Log
            .Where(r => r.Value is not null && GroupRecordReader.Key(r.Key).Key is ConsumerGroupCurrentMemberAssignmentKey key && key.MemberId == member)
            .Select(r => (int)GroupRecordReader.Value<ConsumerGroupCurrentMemberAssignmentValue>(r.Value!.Value).State).Last());
    }

    // Three members, and an hour in which they do anything.
    private static void Wander(Random dice, Action<string, string> went)
    {
        var stage = GroupStage.Missing(("group.initial.rebalance.delay.ms", dice.Next(2) == 0 ? "0" : "3000"));
        var ids = new List<string> { "" };
        var joins = new List<GroupHarness.Reply<JoinGroupResponse>>();
        var generation = 0;
        for (var step = 0; step < 300; step++)
        {
            var before = stage.State;
            var id = ids[dice.Next(ids.Count)];
            switch (dice.Next(6))
            {
                case 0: joins.Add(stage.Join(ids.Count > 4 ? id : "", null, 3, dice.Next(4) == 0 ? "range=other" : "range")); break;
                case 1 when id.Length > 0: joins.Add(stage.Join(id, null, 3)); break;
                case 2: stage.Groups.Sync("g", id, generation, (id, "all")); break;
                case 3: stage.Heartbeat(id, generation); break;
                case 4 when id.Length > 0 && dice.Next(3) == 0:
                    stage.Leave(id);
                    ids.Remove(id);
                    break;
                default: stage.Groups.Pass(dice.Next(2) == 0 ? 1 : dice.Next(12_000)); break;
            }

            if (stage.State != before && before != "Dead") went(before, stage.State);
            foreach (var answered in joins.Where(j => !j.IsWaiting))
            {
                if (answered.Value!.ErrorCode != ErrorCode.None) continue;
                generation = Math.Max(generation, answered.Value.GenerationId);
                if (!ids.Contains(answered.Value.MemberId)) ids.Add(answered.Value.MemberId);
            }

            joins.RemoveAll(j => !j.IsWaiting);
        }
    }
}
