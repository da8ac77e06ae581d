using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Requests.Fetching;

/// <summary>A fetch session (KIP-227): the partitions of a client, so that it need not name them each time.</summary>
internal sealed class FetchSession(int id, bool byId, List<FetchItem> items)
{
    public int Id { get; } = id;

    public bool ById { get; } = byId;

    public int NextEpoch { get; set; } = 1;

    public List<FetchItem> Items { get; } = items;

    public long LastUsedMs { get; set; }
}

/// <summary>What a fetch turned out to be: its partitions, its session if any, or an error.</summary>
/// <param name="Error">Whole-request error.</param>
/// <param name="Items">What to read.</param>
/// <param name="Session">The session, or null.</param>
/// <param name="IsIncremental">Whether only what changed is told.</param>
internal readonly record struct FetchContext(ErrorCode Error, IReadOnlyList<FetchItem> Items, FetchSession? Session, bool IsIncremental);

/// <summary>The sessions of a broker: a bounded number; when it is reached, the one that was silent longest makes room, if it was silent for two minutes.</summary>
internal sealed class FetchSessions(Func<int> slots, Func<long> nowMs, Func<int, int> dice)
{
    private const int Final = -1;
    private const int Initial = 0;
    private const long EvictAfterMs = 120_000;
    private readonly Lock gate = new();
    private readonly Dictionary<int, FetchSession> sessions = [];

    public int Count
    {
        get
        {
            lock (gate) return sessions.Count;
        }
    }

    /// <summary>Finds out what a request asks for.</summary>
    public FetchContext Open(FetchRequest request, bool byId)
    {
        var asked = FetchItem.Of(request, byId);
        if (request.SessionEpoch is Final or Initial)
        {
            lock (gate) sessions.Remove(request.SessionId);
            return new FetchContext(ErrorCode.None, asked, request.SessionEpoch == Initial ? TryCreate([.. asked], byId) : null, false);
        }

        lock (gate)
        {
            if (!sessions.TryGetValue(request.SessionId, out var session)) return new FetchContext(ErrorCode.FetchSessionIdNotFound, [], null, false);
            if (session.ById != byId) return new FetchContext(ErrorCode.FetchSessionTopicIdError, [], null, false);
            if (session.NextEpoch != request.SessionEpoch) return new FetchContext(ErrorCode.InvalidFetchSessionEpoch, [], null, false);
            session.NextEpoch = session.NextEpoch == int.MaxValue ? 1 : session.NextEpoch + 1;
            session.LastUsedMs = nowMs();
            Merge(session, asked, request);
            if (session.Items.Count > 0) return new FetchContext(ErrorCode.None, [.. session.Items], session, true);
            sessions.Remove(session.Id);
            return new FetchContext(ErrorCode.None, [], null, true);
        }
    }

    /// <summary>Tells a session what its client is told, and drops from an incremental answer what did not change.</summary>
    public static bool Tell(FetchItem item, FetchResponse.PartitionData data, bool incremental)
    {
        var changed = data.Records.Length > 0 || data.ErrorCode != ErrorCode.None || data.HighWatermark != item.ToldHighWatermark
            || data.LogStartOffset != item.ToldLogStart || data.DivergingEpoch.Epoch >= 0 || data.PreferredReadReplica >= 0;
        item.ToldHighWatermark = data.HighWatermark;
        item.ToldLogStart = data.LogStartOffset;
        // A partition in error is told again each time.
        if (data.ErrorCode != ErrorCode.None) item.ToldHighWatermark = -1;
        return changed || !incremental;
    }

    private static void Merge(FetchSession session, List<FetchItem> asked, FetchRequest request)
    {
        foreach (var item in asked)
        {
            var known = session.Items.Find(item.IsSame);
            if (known is null) session.Items.Add(item);
            else known.Update(item);
        }

        foreach (var topic in request.ForgottenTopicsData)
        {
            session.Items.RemoveAll(i => topic.Partitions.Contains(i.Partition) && (session.ById ? i.TopicId == topic.TopicId : i.Topic == topic.Topic));
        }
    }

    private FetchSession? TryCreate(List<FetchItem> items, bool byId)
    {
        if (items.Count == 0) return null;
        lock (gate)
        {
            var now = nowMs();
            if (sessions.Count >= slots() && !Evict(now)) return null;
            int id;
            do id = dice(int.MaxValue - 1) + 1;
            while (sessions.ContainsKey(id));
            var session = new FetchSession(id, byId, items) { LastUsedMs = now };
            sessions[id] = session;
            return session;
        }
    }

    private bool Evict(long now)
    {
        FetchSession? oldest = null;
        foreach (var session in sessions.Values)
        {
            if (oldest is null || session.LastUsedMs < oldest.LastUsedMs) oldest = session;
        }

        return oldest is not null && now - oldest.LastUsedMs >= EvictAfterMs && sessions.Remove(oldest.Id);
    }
}
