using System.Text.Json;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Consumer.Groups;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Client.Consumer;

/// <summary>The members' own assignors beside Kafka's, round by round as members come, go and change their minds.</summary>
public sealed class GroupAssignorTests
{
    [Theory]
    [InlineData("range")]
    [InlineData("roundrobin")]
    [InlineData("sticky")]
    [InlineData("cooperative-sticky")]
    public void Divides_as_Kafka_does(string name)
    {
        GroupAssignor Assignor(JsonElement? row) => name switch { "range" => new RangeAssignor { PartitionRacks = topic => row?.GetProperty("topics").GetProperty(topic) is { } t && t.TryGetProperty("replicaRacks", out var racks) ? [.. racks.EnumerateArray().Select(p => p.EnumerateArray().Select(r => r.GetString()!).ToList())] : null }, "roundrobin" => new RoundRobinAssignor(), "sticky" => new StickyAssignor(), _ => new CooperativeStickyAssignor() };
        Assert.Equal(name, Assignor(null).Name);
        var wrong = new List<string>();
        var (exact, balanced) = (0, 0);
        foreach (var row in VectorZip.Lines("groups.zip", "assignors.jsonl").Where(r => r.GetProperty("assignor").GetString() == name))
        {
            // Racks are looked at by Kafka's assignors since 3.5; here range does.
            if (name != "range" && row.GetProperty("racks").GetBoolean()) continue;
            var partitions = row.GetProperty("topics").EnumerateObject().ToDictionary(t => t.Name, t => t.Value.GetProperty("partitions").GetInt32());
            var members = row.GetProperty("members").EnumerateArray().Select(Member).ToList();
            var got = Assignor(row).Assign(partitions, members);
            var expected = row.GetProperty("assignment").EnumerateObject().ToDictionary(m => m.Name, m => Set(m.Value));
            var isExact = name is "range" or "roundrobin" || HaveOneSubscription(members);
            var same = isExact && members.All(m => expected.GetValueOrDefault(m.Id, []).SetEquals(got[m.Id]));
            if (same) exact++;
            else if (Loads(got.Values.Select(g => g.Count)) == Loads(members.Select(m => expected.GetValueOrDefault(m.Id, []).Count)) || name == "cooperative-sticky") balanced++;
            else wrong.Add($"case {row.GetProperty("case")} round {row.GetProperty("round")}: {Loads(got.Values.Select(g => g.Count))} for {Loads(members.Select(m => expected.GetValueOrDefault(m.Id, []).Count))}");
            Assert.Equal(got.Values.Sum(g => g.Count), got.Values.SelectMany(g => g).Distinct().Count());
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} differ, {exact} are the same:\n{string.Join('\n', wrong.Take(10))}");
        Assert.True(exact >= (name switch { "range" => 75, "roundrobin" => 45, _ => 100 }), $"{exact} are the same, {balanced} as even");
        if (name is "range" or "roundrobin") Assert.Equal(0, balanced);
    }

    [Fact]
    public void What_a_sticky_member_had_is_in_what_it_says()
    {
        var assignor = new StickyAssignor();
        TopicPartition[] owned = [new("a", 1), new("a", 2), new("b", 0)];
        AssignedMember[] members = [new("x", null, ["a", "b"], [], -1, assignor.UserData(owned, 4)), new("y", null, ["a", "b"], [], -1, null)];
        var got = assignor.Assign(new Dictionary<string, int> { ["a"] = 3, ["b"] = 3 }, members);
        Assert.Equal(owned.ToHashSet(), got["x"].ToHashSet());
        Assert.Equal(6, assignor.Assign(new Dictionary<string, int> { ["a"] = 6 }, [members[0] with { UserData = new byte[] { 1, 2, 3 } }])["x"].Count);
    }

    private static AssignedMember Member(JsonElement member)
    {
        var owned = member.TryGetProperty("owned", out var has) ? Set(has).ToList() : [];
        var generation = member.TryGetProperty("generation", out var g) && g.ValueKind == JsonValueKind.Number ? g.GetInt32() : -1;
        ReadOnlyMemory<byte>? data = member.TryGetProperty("userData", out var hex) && hex.GetString() is { } text ? Convert.FromHexString(text) : default(ReadOnlyMemory<byte>?);
        var topics = member.GetProperty("topics").EnumerateArray().Select(t => t.GetString()!).ToList();
        return new AssignedMember(member.GetProperty("id").GetString()!, member.TryGetProperty("instanceId", out var instance) ? instance.GetString() : null, topics, owned, generation, data) { Rack = member.TryGetProperty("rack", out var rack) ? rack.GetString() : null };
    }

    private static HashSet<TopicPartition> Set(JsonElement topics) => [.. topics.EnumerateObject().SelectMany(t => t.Value.EnumerateArray().Select(p => new TopicPartition(t.Name, p.GetInt32())))];

    private static bool HaveOneSubscription(List<AssignedMember> members) => members.All(m => m.Topics.ToHashSet().SetEquals(members[0].Topics));

    private static string Loads(IEnumerable<int> counts) => string.Join(',', counts.Order());
}
