using Akka.Actor;
using Akka.Remote;

namespace Akka.Cluster.Gossiping;

/// <summary>Whom a node checks, and what it has found: its successors on the ring of members ordered by a hash, so that everybody is checked by as many.</summary>
internal sealed class Heartbeats(UniqueAddress self, ClusterSettings settings)
{
    private readonly Dictionary<UniqueAddress, Checked> _checked = [];
    private static readonly TimeSpan LeastPause = TimeSpan.FromSeconds(1);
    private TimeSpan _next;
    private TimeSpan _now;
    private long _number;

    /// <summary>When heartbeats are due.</summary>
    public TimeSpan Next => _next;

    /// <summary>Whether all who are checked have answered of late: then nobody is found to be silent before the next heartbeats are due.</summary>
    public bool AllAnswer(TimeSpan now)
    {
        foreach (var state in _checked.Values)
        {
            if (state.Crashed || now - state.Answered > settings.HeartbeatInterval * 1.5) return false;
        }

        return true;
    }

    /// <summary>Sends heartbeats where it is time.</summary>
    public void Send(Gossip gossip, TimeSpan now, Action<Address, ClusterMessage> send)
    {
        Look(now);
        if (now < _next) return;
        _next = now + settings.HeartbeatInterval;
        Choose(gossip);
        _number++;
        foreach (var (node, state) in _checked)
        {
            // One that never answers has to be noticed too.
            state.FirstAsked ??= now;
            if (!state.Detector.IsMonitoring && now - state.FirstAsked >= settings.HeartbeatExpectedResponseAfter) state.Detector.HeartBeat();
            send(node.Address, new Heartbeat(self.Address, _number));
        }
    }

    /// <summary>A node answered.</summary>
    public void Answered(UniqueAddress node, TimeSpan now)
    {
        Look(now);
        if (!_checked.TryGetValue(node, out var state)) return;
        state.Detector.HeartBeat();
        state.Answered = now;
        state.Crashed = false;
    }

    /// <summary>A node's process is gone.</summary>
    public void Crashed(UniqueAddress node)
    {
        if (!_checked.TryGetValue(node, out var state)) _checked[node] = state = NewState();
        state.Crashed = true;
    }

    /// <summary>What has been found of a node; null for reachable, or nothing known.</summary>
    public Finding? Of(UniqueAddress node, TimeSpan now)
    {
        Look(now);
        if (!_checked.TryGetValue(node, out var state)) return null;
        return state.Crashed ? Finding.Crashed : state.Detector.IsAvailable ? null : Finding.Silent;
    }

    // Who was stopped itself for a while (a paused process, a machine asleep) has heard nobody, and knows nothing of the others: their silence was its own. Or it would tell the cluster that everybody is gone.
    private void Look(TimeSpan now)
    {
        var pause = settings.HeartbeatInterval + settings.HeartbeatInterval;
        if (now - _now > (pause > LeastPause ? pause : LeastPause))
        {
            foreach (var node in _checked.Where(c => !c.Value.Crashed).Select(c => c.Key).ToList()) _checked[node] = NewState();
        }

        _now = now;
    }

    private void Choose(Gossip gossip)
    {
        var ring = new List<UniqueAddress>(gossip.Members.Count);
        foreach (var node in gossip.Members.Keys) ring.Add(node);
        ring.Sort((a, b) => a.Uid == b.Uid ? a.CompareTo(b) : a.Uid.CompareTo(b.Uid));
        var at = ring.IndexOf(self);
        var chosen = new HashSet<UniqueAddress>();
        for (var i = 1; i < ring.Count && chosen.Count < settings.MonitoredByNrOfMembers; i++)
        {
            var node = ring[(at + i) % ring.Count];
            chosen.Add(node);
            if (!_checked.ContainsKey(node)) _checked[node] = NewState();
        }

        // One that was found to be gone is checked on until it is removed or answers.
        foreach (var (node, state) in _checked)
        {
            if (!chosen.Contains(node) && (!gossip.Members.ContainsKey(node) || (!state.Crashed && state.Detector.IsAvailable))) _checked.Remove(node);
        }
    }

    private Checked NewState() => new(PhiAccrualFailureDetector.Of(settings.FailureDetectorConfig, () => (long)_now.TotalMilliseconds)) { Answered = _now };

    private sealed class Checked(FailureDetector detector)
    {
        public FailureDetector Detector { get; } = detector;

        public TimeSpan? FirstAsked { get; set; }

        /// <summary>When it last answered, or checking it began.</summary>
        public TimeSpan Answered { get; set; }

        public bool Crashed { get; set; }
    }
}
