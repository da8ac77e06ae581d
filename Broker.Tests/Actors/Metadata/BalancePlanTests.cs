using AkkaStream.Actors.Metadata;

namespace AkkaStream.Tests.Actors.Metadata;

/// <summary>Partitions spread over brokers with few moves.</summary>
public sealed class BalancePlanTests
{
    private readonly ControllerHarness controller = new();

    [Fact]
    public void What_is_spread_already_stays()
    {
        controller.Start(1, 2, 3);
        controller.Create("t", 9, 2);
        Assert.Empty(Plan(1, 2, 3));
    }

    [Fact]
    public void A_new_broker_gets_its_share_and_no_more_moves_than_that()
    {
        controller.Start(1, 2, 3);
        controller.Create("t", 12, 2);
        controller.Start(4);
        var moves = Plan(1, 2, 3, 4);
        var after = After(moves);
        Even(after.SelectMany(r => r), 4);
        Even(after.Select(r => r[0]), 4);
        Assert.Equal(6, moves.Sum(m => m.Target.Except(m.Now).Count()));
    }

    [Fact]
    public void Racks_are_kept_apart_and_brokers_that_shall_have_none_are_left()
    {
        for (var id = 1; id <= 6; id++) controller.Start(id, rack: $"r{id % 3}");
        controller.Topic("t", [1, 4], [1, 4], [2, 5], [3, 6], [1, 2], [6, 5]);
        var moves = Plan(1, 2, 3, 4, 5);
        var after = After(moves);
        Assert.All(after, r => Assert.True(r[0] % 3 != r[1] % 3 && !r.Contains(6)));
        Even(after.SelectMany(r => r), 5);
        Even(after.Select(r => r[0]), 5);
    }

    [Fact]
    public void Leaders_are_spread_by_another_order_alone()
    {
        controller.Start(1, 2, 3);
        controller.Topic("t", [1, 2, 3], [1, 2, 3], [1, 2, 3]);
        var moves = Plan(1, 2, 3);
        Assert.Equal(2, moves.Count);
        Assert.All(moves, m => Assert.Empty(m.Target.Except(m.Now)));
        Even(After(moves).Select(r => r[0]), 3);
    }

    [Fact]
    public void Only_what_may_be_moved_is_and_all_counts()
    {
        controller.Start(1, 2);
        controller.Topic("fixed", [1], [1]);
        controller.Topic("t", [1], [2]);
        var moves = BalancePlan.Of(controller.Context, [1, 2], name => name == "t");
        Assert.Equal(("t", 0), moves.Select(m => (m.Topic, m.Partition)).Single());
        Assert.Equal("t-0 has 1 replicas, and there would be 0 brokers for them", Assert.Throws<ArgumentException>(() => BalancePlan.Of(controller.Context, [], name => name == "t")).Message);
    }

    private IReadOnlyList<PartitionMove> Plan(params int[] brokers) => BalancePlan.Of(controller.Context, brokers, _ => true);

    private List<IReadOnlyList<int>> After(IReadOnlyList<PartitionMove> moves)
        => controller.Image.Topics.Values.SelectMany(t => t.Partitions.Select(p => moves.FirstOrDefault(m => m.Topic == t.Name && m.Partition == p.Index)?.Target ?? p.Replicas)).ToList();

    private static void Even(IEnumerable<int> brokers, int count)
    {
        var counts = brokers.CountBy(b => b).Select(c => c.Value).ToList();
        Assert.Equal(count, counts.Count);
        Assert.InRange(counts.Max() - counts.Min(), 0, 1);
    }
}
