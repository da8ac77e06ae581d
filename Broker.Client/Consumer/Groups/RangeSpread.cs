namespace AkkaStream.Client.Consumer.Groups;

/// <summary>A topic to be divided among its readers.</summary>
/// <param name="Topic">Its name or id.</param>
/// <param name="Partitions">How many partitions it has.</param>
/// <param name="Readers">The members that read it, by number and in order.</param>
/// <param name="Racks">For each partition the racks of its replicas; null where racks are not known.</param>
/// <typeparam name="TTopic">What names a topic.</typeparam>
public sealed record RangeTopic<TTopic>(TTopic Topic, int Partitions, IReadOnlyList<int> Readers, IReadOnlyList<IReadOnlyCollection<string>>? Racks);

/// <summary>
/// Divides each topic by itself: its readers, in order, get neighbouring partitions, the first ones one more where it does not go even. Where racks are
/// known and tell partitions apart, readers get partitions of their own rack first, and topics with the same readers and as many partitions go together.
/// </summary>
public static class RangeSpread
{
    /// <summary>What each member is to have.</summary>
    /// <param name="racks">The rack of each member, null where it has none.</param>
    /// <param name="topics">The topics, in order.</param>
    /// <typeparam name="TTopic">What names a topic.</typeparam>
    public static List<(TTopic Topic, int Partition)>[] Divide<TTopic>(IReadOnlyList<string?> racks, IReadOnlyList<RangeTopic<TTopic>> topics)
    {
        var given = new List<(TTopic, int)>[racks.Count];
        for (var i = 0; i < given.Length; i++) given[i] = [];
        var states = topics.Where(t => t.Readers.Count > 0).Select(t => new State<TTopic>(t, racks, given)).ToList();
        if (states.Exists(s => s.RacksMatter)) MatchRacks(states);
        foreach (var state in states) state.Fill(matching: false);
        return given;
    }

    private static void MatchRacks<TTopic>(List<State<TTopic>> states)
    {
        foreach (var alike in states.GroupBy(s => (string.Join(',', s.Readers), s.Partitions)))
        {
            var together = alike.ToList();
            if (together.Count > 1) MatchTogether(together);
            else if (together[0].RacksMatter) together[0].Fill(matching: true);
        }
    }

    // The same partition of all of these topics goes to the same reader, so that they can be joined.
    private static void MatchTogether<TTopic>(List<State<TTopic>> states)
    {
        var readers = states[0].Readers.ToList();
        for (var partition = 0; partition < states[0].Partitions; partition++)
        {
            var at = readers.FindIndex(r => states.TrueForAll(s => s.Matches(r, partition) && s.Room(r) > 0));
            if (at < 0) continue;
            foreach (var state in states) state.Give(readers[at], partition);
            if (states.TrueForAll(s => s.Room(readers[at]) == 0)) readers.RemoveAt(at);
        }
    }

    private sealed class State<TTopic>
    {
        private readonly RangeTopic<TTopic> topic;
        private readonly IReadOnlyList<string?> racks;
        private readonly List<(TTopic, int)>[] given;
        private readonly Dictionary<int, int> counts;
        private readonly bool[] taken;
        private int extra;

        public State(RangeTopic<TTopic> topic, IReadOnlyList<string?> racks, List<(TTopic, int)>[] given)
        {
            this.topic = topic;
            this.racks = racks;
            this.given = given;
            taken = new bool[topic.Partitions];
            counts = topic.Readers.ToDictionary(r => r, _ => 0);
            extra = topic.Partitions % topic.Readers.Count;
            RacksMatter = DoRacksMatter();
        }

        public IReadOnlyList<int> Readers => topic.Readers;

        public int Partitions => topic.Partitions;

        /// <summary>Whether readers' racks tell partitions apart.</summary>
        public bool RacksMatter { get; }

        private int Share => topic.Partitions / topic.Readers.Count;

        /// <summary>How many more partitions a reader may have.</summary>
        public int Room(int reader) => Math.Max(0, Share + (extra > 0 ? 1 : 0) - counts[reader]);

        /// <summary>Whether a partition has a replica in a reader's rack. One without a rack is at home everywhere.</summary>
        public bool Matches(int reader, int partition) => racks[reader] is not { } rack || topic.Racks?[partition].Contains(rack) == true;

        public void Give(int reader, int partition)
        {
            taken[partition] = true;
            given[reader].Add((topic.Topic, partition));
            if (++counts[reader] > Share) extra--;
        }

        /// <summary>Gives each reader in order what it has room for.</summary>
        public void Fill(bool matching)
        {
            foreach (var reader in topic.Readers)
            {
                var room = Room(reader);
                for (var partition = 0; partition < taken.Length && room > 0; partition++)
                {
                    if (taken[partition] || (matching && !Matches(reader, partition))) continue;
                    Give(reader, partition);
                    room--;
                }
            }
        }

        private bool DoRacksMatter()
        {
            if (topic.Racks is not { Count: > 0 } all) return false;
            var own = topic.Readers.Select(r => racks[r]).OfType<string>().ToHashSet(StringComparer.Ordinal);
            var every = all.SelectMany(r => r).ToHashSet(StringComparer.Ordinal);
            return own.Overlaps(every) && !all.All(r => every.SetEquals(r));
        }
    }
}
