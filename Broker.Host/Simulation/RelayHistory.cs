using System.Globalization;
using System.Text;
using AkkaStream.Client.Cluster;
using SimulatedWorld = Akka.Simulation.Simulation;

namespace AkkaStream.Host.Simulation;

/// <summary>
/// What was seen of a relay, and what must never be: two members with one partition in one generation; a committed offset that goes back; a record of an
/// aborted transaction among the committed ones (G1a); part of a transaction; a token's hop twice, or gone; transactions that each read what the other
/// wrote (G1c).
/// </summary>
internal sealed class RelayHistory(SimulatedWorld sim)
{
    /// <summary>The writer of the first hops, which is no transaction.</summary>
    public const string Origin = "origin";

    private readonly Dictionary<(TopicPartition, int), string> owners = [];
    private readonly Dictionary<TopicPartition, long> committed = [];
    private readonly Dictionary<string, Attempt> attempts = new(StringComparer.Ordinal);
    private readonly SortedDictionary<(TopicPartition Partition, long Offset), Hop> seen = new(Comparer<(TopicPartition Partition, long Offset)>.Create((a, b) => (a.Partition.Partition, a.Offset).CompareTo((b.Partition.Partition, b.Offset))));
    private readonly Dictionary<(int Token, int Number), Hop> hops = [];
    private int started;
    private int restarts;

    private enum Outcome
    {
        Unknown,
        Committed,
        Aborted,
    }

    /// <summary>Whether it is over.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>How many hops a reader of committed records has seen.</summary>
    public int Seen => hops.Count;

    /// <summary>A hop as a record's value.</summary>
    public static byte[] Write(Hop hop) => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{hop.Token} {hop.Number} {hop.By}"));

    /// <summary>A record's value as a hop.</summary>
    public static Hop Read(ReadOnlySpan<byte> value)
    {
        var parts = Encoding.ASCII.GetString(value).Split(' ');
        return new Hop(int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture), parts[2]);
    }

    /// <summary>What a member did not expect; null while all is well.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>Whether there is a topic to pass tokens on in.</summary>
    public bool HasTopic { get; set; }

    /// <summary>It is over.</summary>
    public void Stop() => IsStopped = true;

    /// <summary>A member met what it did not expect: a promise that was broken, or a mistake.</summary>
    public void Fail(Exception fault) => Fault ??= fault;

    /// <summary>A member begins, again or for the first time.</summary>
    public void Started() => restarts++;

    /// <summary>A member read records of a partition in a generation.</summary>
    public void Owned(TopicPartition partition, int generation, string member)
    {
        if (generation < 0) return;
        if (owners.TryAdd((partition, generation), member)) sim.Trace($"{partition} belongs to {member} in generation {generation}");
        if (owners[(partition, generation)] == member) return;
        throw new InvalidOperationException($"{partition} belongs to {owners[(partition, generation)]} and to {member} in generation {generation}");
    }

    /// <summary>A group's committed offset was read, or its commit acknowledged.</summary>
    public void SawCommitted(TopicPartition partition, long offset)
    {
        if (committed.TryGetValue(partition, out var before) && offset < before) throw new InvalidOperationException($"the committed offset of {partition} went back from {before} to {offset}");
        committed[partition] = offset;
    }

    /// <summary>A transaction begins; gives its name.</summary>
    public string Began(IEnumerable<Hop> read)
    {
        var name = $"t{++started}";
        attempts[name] = new Attempt([.. read]);
        return name;
    }

    /// <summary>A transaction writes a hop.</summary>
    public void Wrote(string transaction, Hop hop) => attempts[transaction].Written.Add(hop);

    /// <summary>The broker said that a transaction was committed.</summary>
    public void Committed(string transaction) => Ended(transaction, Outcome.Committed);

    /// <summary>The broker said that a transaction was aborted.</summary>
    public void Aborted(string transaction) => Ended(transaction, Outcome.Aborted);

    /// <summary>A reader of committed records has read a record.</summary>
    public void SawRecord(TopicPartition partition, long offset, Hop hop)
    {
        if (!seen.TryAdd((partition, offset), hop))
        {
            if (seen[(partition, offset)] != hop) throw new InvalidOperationException($"at {partition} {offset} was {seen[(partition, offset)]}, and now {hop}");
            return;
        }

        if (!hops.TryAdd((hop.Token, hop.Number), hop)) throw new InvalidOperationException($"{hop} is there twice, the other is {hops[(hop.Token, hop.Number)]}");
        if (hop.By == Origin) return;
        var attempt = attempts[hop.By];
        if (attempt.Outcome == Outcome.Aborted) throw new InvalidOperationException($"{hop} was aborted and is read as committed (G1a)");
        attempt.Seen++;
    }

    /// <summary>What must hold when everything has come to rest.</summary>
    public void CheckAtTheEnd(int tokens)
    {
        for (var token = 0; token < tokens; token++)
        {
            for (var number = 0; number <= RelayScenario.Hops; number++)
            {
                if (!hops.ContainsKey((token, number))) throw new InvalidOperationException($"hop {number} of token {token} is missing");
            }
        }

        foreach (var (name, attempt) in attempts)
        {
            if (attempt.Seen > 0 && attempt.Seen < attempt.Written.Count) throw new InvalidOperationException($"{attempt.Seen} of {attempt.Written.Count} records of {name} are there");
            if (attempt.Outcome == Outcome.Committed && attempt.Seen < attempt.Written.Count) throw new InvalidOperationException($"{name} was committed, and nothing of it is there");
        }

        CheckForCycles();
    }

    /// <inheritdoc/>
    public override string ToString()
        => $"{hops.Count} hops, {attempts.Count} transactions, {attempts.Values.Count(a => a.Outcome == Outcome.Committed)} known as committed, {attempts.Values.Count(a => a.Outcome == Outcome.Aborted)} as aborted, {owners.Count} ownerships, {restarts} starts of members";

    private void Ended(string transaction, Outcome outcome)
    {
        var attempt = attempts[transaction];
        attempt.Outcome = outcome;
        if (outcome == Outcome.Aborted && attempt.Seen > 0) throw new InvalidOperationException($"{transaction} was aborted, and a record of it was read as committed before (G1a)");
        sim.Trace($"{transaction} {outcome}");
    }

    // Whoever read what another wrote comes after it: among those that count there is an order.
    private void CheckForCycles()
    {
        var done = new HashSet<string>(StringComparer.Ordinal) { Origin };
        var open = attempts.Where(a => a.Value.Seen > 0).ToDictionary(a => a.Key, a => a.Value.Read.Select(h => h.By).ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal);
        while (open.Count > 0)
        {
            var free = open.Where(o => o.Value.IsSubsetOf(done)).Select(o => o.Key).ToList();
            if (free.Count == 0) throw new InvalidOperationException($"transactions read in a circle, or what does not count (G1c): {string.Join(", ", open.Take(5).Select(o => $"{o.Key} read {string.Join(" ", o.Value)}"))}");
            foreach (var name in free)
            {
                open.Remove(name);
                done.Add(name);
            }
        }
    }

    private sealed class Attempt(IReadOnlyList<Hop> read)
    {
        public IReadOnlyList<Hop> Read => read;

        public List<Hop> Written { get; } = [];

        public Outcome Outcome { get; set; }

        public int Seen { get; set; }
    }
}
