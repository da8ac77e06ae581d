namespace AkkaStream.Actors.Groups;

/// <summary>
/// Evens out what members have where no single move does: one gives a partition to a second, who gives another one to a third. A shortest such chain is
/// looked for from the members with the most on; when there is none left, nothing can be more even.
/// </summary>
/// <param name="owner">Who has which partition.</param>
/// <param name="readers">Who reads which topic.</param>
/// <param name="load">How much each member has.</param>
internal sealed class ChainMoves(Dictionary<(Guid Topic, int Partition), int> owner, Dictionary<Guid, List<int>> readers, int[] load)
{
    private readonly SortedDictionary<Guid, Stack<int>>[] has = new SortedDictionary<Guid, Stack<int>>[load.Length];

    /// <summary>Moves until it is as even as can be. Each round lessens the sum of the squares, so it ends.</summary>
    public void Run()
    {
        for (var i = 0; i < has.Length; i++) has[i] = [];
        foreach (var (partition, member) in owner.OrderBy(o => o.Key.Topic).ThenByDescending(o => o.Key.Partition)) Put(member, partition.Topic, partition.Partition);
        for (var most = load.Max(); most > 1;)
        {
            if (!TryMove(most)) most--;
        }
    }

    // From the members that have so much, breadth first, to one that has less by two.
    private bool TryMove(int most)
    {
        var search = new Search(load.Length);
        for (var i = 0; i < load.Length; i++)
        {
            if (load[i] == most) search.Reach(i, null);
        }

        while (search.Queue.TryDequeue(out var member))
        {
            if (Spread(search, member, most - 2) is not { } last) continue;
            Move(last, search.From);
            return true;
        }

        return false;
    }

    // Whoever reads a topic of which the member has a partition could have it; gives the first with little enough.
    private int? Spread(Search search, int member, int little)
    {
        foreach (var topic in has[member].Keys.Where(search.Topics.Add))
        {
            foreach (var next in readers[topic])
            {
                if (search.Reach(next, (member, topic)) && load[next] <= little) return next;
            }
        }

        return null;
    }

    private void Move(int last, (int Member, Guid Topic)?[] from)
    {
        var to = last;
        while (from[to] is var (member, topic))
        {
            var partitions = has[member][topic];
            var partition = partitions.Pop();
            if (partitions.Count == 0) has[member].Remove(topic);
            Put(to, topic, partition);
            owner[(topic, partition)] = to;
            to = member;
        }

        load[to]--;
        load[last]++;
    }

    private void Put(int member, Guid topic, int partition)
    {
        if (!has[member].TryGetValue(topic, out var partitions)) has[member].Add(topic, partitions = new Stack<int>());
        partitions.Push(partition);
    }

    private sealed class Search(int members)
    {
        private readonly bool[] seen = new bool[members];

        public (int Member, Guid Topic)?[] From { get; } = new (int, Guid)?[members];

        public HashSet<Guid> Topics { get; } = [];

        public Queue<int> Queue { get; } = new();

        public bool Reach(int member, (int, Guid)? from)
        {
            if (seen[member]) return false;
            seen[member] = true;
            From[member] = from;
            Queue.Enqueue(member);
            return true;
        }
    }
}
