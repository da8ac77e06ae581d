namespace AkkaStream.Actors.Persistence;

/// <summary>
/// Where the events of each persistent actor are in a journal's log, and what it knows of those that are deleted. Filled from the log's beginning to its end; of two events
/// with one number the later one counts, with all behind it: the earlier was written by an instance that never heard so.
/// </summary>
internal sealed class JournalIndex
{
    private readonly Dictionary<string, Actor> _actors = new(StringComparer.Ordinal);
    private readonly SortedSet<(long Offset, string Id)> _needed = [];

    /// <summary>The oldest batch that is needed, who needs it, and whether it is only a mark, which can be written anew; null where nothing is needed.</summary>
    public (long Offset, string Id, bool IsMark)? Oldest
        => _needed.Count == 0 ? null : (_needed.Min.Offset, _needed.Min.Id, _actors[_needed.Min.Id].Batches.Count == 0);

    /// <summary>Events of one persist are in the batch at <paramref name="offset"/>.</summary>
    public void Add(string id, long first, long last, long offset)
    {
        var actor = ActorOf(id);
        while (actor.Batches.Count > 0 && actor.Batches[^1].First >= first) actor.Batches.RemoveAt(actor.Batches.Count - 1);
        actor.Batches.Add((first, last, offset));
        actor.Highest = last;
        Need(id, actor);
    }

    /// <summary>A mark at <paramref name="offset"/>: events up to a number are deleted, and this is the last number that there was.</summary>
    public void Mark(string id, long deletedTo, long highest, long offset)
    {
        var actor = ActorOf(id);
        actor.DeletedTo = Math.Max(actor.DeletedTo, deletedTo);
        actor.Highest = Math.Max(actor.Highest, highest);
        actor.MarkOffset = offset;
        var gone = 0;
        while (gone < actor.Batches.Count && actor.Batches[gone].Last <= actor.DeletedTo) gone++;
        actor.Batches.RemoveRange(0, gone);
        Need(id, actor);
    }

    /// <summary>The greatest number that was ever written, and up to which number events are deleted; 0 for none.</summary>
    public (long Highest, long DeletedTo) Of(string id) => _actors.TryGetValue(id, out var actor) ? (actor.Highest, actor.DeletedTo) : (0, 0);

    /// <summary>The batches that hold events of a range of numbers that are not deleted, in their order.</summary>
    public List<long> Batches(string id, long from, long to)
    {
        var offsets = new List<long>();
        if (!_actors.TryGetValue(id, out var actor)) return offsets;
        from = Math.Max(from, actor.DeletedTo + 1);
        foreach (var (first, last, offset) in actor.Batches)
        {
            if (last >= from && first <= to) offsets.Add(offset);
        }

        return offsets;
    }

    private Actor ActorOf(string id)
    {
        if (!_actors.TryGetValue(id, out var actor)) _actors.Add(id, actor = new Actor());
        return actor;
    }

    // Beside events a mark is not needed: what it deletes lies before it, and is gone when it is.
    private void Need(string id, Actor actor)
    {
        if (actor.Needed >= 0) _needed.Remove((actor.Needed, id));
        actor.Needed = actor.Batches.Count > 0 ? actor.Batches[0].Offset : actor.MarkOffset;
        if (actor.Needed >= 0) _needed.Add((actor.Needed, id));
    }

    private sealed class Actor
    {
        public readonly List<(long First, long Last, long Offset)> Batches = [];
        public long Highest;
        public long DeletedTo;
        public long MarkOffset = -1;
        public long Needed = -1;
    }
}
