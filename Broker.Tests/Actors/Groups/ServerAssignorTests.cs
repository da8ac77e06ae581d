using System.Text.Json;
using AkkaStream.Actors.Groups;
using AkkaStream.Client.Protocol;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Actors.Groups;

/// <summary>
/// The coordinator's assignors beside Kafka's. Where Kafka's choice among equals hangs on the order of a hash table, what counts is recorded too: how even
/// it is. Where members read different topics, Kafka's own evenness hangs on that order: there ours is the same or more even.
/// </summary>
public sealed class ServerAssignorTests
{
    [Theory]
    [InlineData("range")]
    [InlineData("uniform")]
    public void Divides_as_Kafka_does(string assignor)
    {
        var wrong = new List<string>();
        var rows = VectorZip.Lines("groups.zip", "server_assignors.jsonl").Where(r => r.GetProperty("assignor").GetString() == assignor && !r.TryGetProperty("error", out _)).ToList();
        Assert.True(rows.Count > 100);
        foreach (var row in rows)
        {
            var ids = row.GetProperty("topics").EnumerateObject().ToDictionary(t => t.Name, t => KafkaUuid.Parse(t.Value.GetProperty("id").GetString()!));
            var partitions = row.GetProperty("topics").EnumerateObject().ToDictionary(t => ids[t.Name], t => t.Value.GetProperty("partitions").GetInt32());
            var members = row.GetProperty("members").EnumerateArray().Select(m => Member(m, ids)).ToList();
            var got = ServerAssignors.Assign(assignor, members, partitions);
            Assert.Equal(members.Count, got.Count);
            Assert.Equal(got.Values.Sum(g => g.Count), got.Values.SelectMany(g => g.All).Distinct().Count());
            var same = assignor == "range" ? IsSame(row.GetProperty("assignment"), got, ids) : IsAsEven(row, got);
            if (!same) wrong.Add($"case {row.GetProperty("case")} round {row.GetProperty("round")}");
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} of {rows.Count} differ: {string.Join(", ", wrong.Take(20))}");
    }

    [Theory]
    [InlineData("range")]
    [InlineData("uniform")]
    public void Partitions_go_to_members_in_the_rack_of_a_replica_where_that_is_as_even(string assignor)
    {
        var topic = new Guid(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        string[] racks = ["a", "b", "c"];
        var members = racks.Select(r => new AssignorMember($"in-{r}", null, [topic], PartitionMap.Empty, r)).Append(new AssignorMember("nowhere", null, [topic], PartitionMap.Empty)).ToList();
        var got = ServerAssignors.Assign(assignor, members, new Dictionary<Guid, int> { [topic] = 8 }, _ => [.. Enumerable.Range(0, 8).Select(p => new[] { racks[p % 3] })]);
        Assert.All(got.Values, map => Assert.Equal(2, map.Count));
        foreach (var member in members.Take(3)) Assert.All(got[member.Id].All, p => Assert.Equal(member.Rack, racks[p.Partition % 3]));
    }

    [Fact]
    public void Members_of_one_subscription_keep_as_much_as_Kafka_lets_them()
    {
        var rows = VectorZip.Lines("groups.zip", "server_assignors.jsonl")
            .Where(r => r.GetProperty("assignor").GetString() == "uniform" && !r.TryGetProperty("error", out _) && r.GetProperty("subscriptionType").GetString() == "HOMOGENEOUS");
        foreach (var row in rows)
        {
            var ids = row.GetProperty("topics").EnumerateObject().ToDictionary(t => t.Name, t => KafkaUuid.Parse(t.Value.GetProperty("id").GetString()!));
            var partitions = row.GetProperty("topics").EnumerateObject().ToDictionary(t => ids[t.Name], t => t.Value.GetProperty("partitions").GetInt32());
            var members = row.GetProperty("members").EnumerateArray().Select(m => Member(m, ids)).ToList();
            var got = ServerAssignors.Assign("uniform", members, partitions);
            Assert.Equal(row.GetProperty("kept").GetInt32(), members.Sum(m => m.Previous.All.Count(p => got[m.Id].Has(p.Topic, p.Partition))));
        }
    }

    private static bool IsAsEven(JsonElement row, Dictionary<string, PartitionMap> got)
    {
        var theirs = row.GetProperty("sizes").EnumerateArray().Select(s => s.GetInt32()).ToList();
        var ours = got.Values.Select(g => g.Count).Order().ToList();
        return ours.SequenceEqual(theirs) || (row.GetProperty("subscriptionType").GetString() == "HETEROGENEOUS" && ours.Sum(s => s * s) < theirs.Sum(s => s * s));
    }

    private static AssignorMember Member(JsonElement member, Dictionary<string, Guid> ids)
    {
        var topics = member.GetProperty("topics").EnumerateArray().Select(t => t.GetString()!).Where(ids.ContainsKey).Select(t => ids[t]).ToList();
        var previous = member.TryGetProperty("previous", out var had) ? Map(had, ids) : PartitionMap.Empty;
        return new AssignorMember(member.GetProperty("id").GetString()!, member.TryGetProperty("instanceId", out var instance) ? instance.GetString() : null, topics, previous);
    }

    private static PartitionMap Map(JsonElement topics, Dictionary<string, Guid> ids)
        => PartitionMap.Of(topics.EnumerateObject().Where(t => ids.ContainsKey(t.Name)).SelectMany(t => t.Value.EnumerateArray().Select(p => (ids[t.Name], p.GetInt32()))));

    private static bool IsSame(JsonElement expected, Dictionary<string, PartitionMap> got, Dictionary<string, Guid> ids)
        => got.All(g => g.Value.IsSame(expected.TryGetProperty(g.Key, out var given) ? Map(given, ids) : PartitionMap.Empty));
}
