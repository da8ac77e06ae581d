using Akka.Cluster.Gossiping;

namespace Akka.Cluster.SBR;

/// <summary>Waits until nothing has changed for long enough before a verdict: views of a partition differ while it is discovered.</summary>
internal sealed class DowningPatience(DowningSettings settings)
{
    // The other side, where nothing changes, goes on after the time that is given, and takes over what ran here after as much again: this side has to be gone by then.
    private const double UnstableFactor = 1.25;

    // After a change it takes a few rounds of gossip to know who has seen it.
    private const double RoundsFactor = 0.25;

    private TimeSpan _since;
    private TimeSpan? _partedSince;
    private TimeSpan? _losingSince;
    private int _fingerprint;

    /// <summary>The verdict, once it is time, and the view that led to it; <see cref="DowningVerdict.None"/> until then.</summary>
    public (DowningVerdict Verdict, PartitionView? View) Judge(Gossip gossip, UniqueAddress self, TimeSpan now)
    {
        if (gossip.Reachability.IsClean)
        {
            _partedSince = _losingSince = null;
            _fingerprint = 0;
            return (DowningVerdict.None, null);
        }

        var lenient = PartitionView.Of(gossip, self, strict: false);
        var fingerprint = lenient.Fingerprint();
        if (fingerprint != _fingerprint) (_fingerprint, _since) = (fingerprint, now);
        if (lenient.IsWhole)
        {
            _partedSince = _losingSince = null;
            return (DowningVerdict.None, lenient);
        }

        _partedSince ??= now;
        var stable = now - _since;
        if (stable >= (lenient.AllCrashed ? settings.CrashStableAfter : settings.StableAfter))
        {
            var strict = PartitionView.Of(gossip, self, strict: true);

            // Somebody whom nobody misses has not seen this: he may be slow, for a while.
            if (strict.There.Count == lenient.There.Count || stable >= 2 * settings.StableAfter) return (DowningDecision.Decide(settings, strict), strict);
        }

        // Where this side ends it must not wait for its own changes to end.
        if (DowningDecision.Decide(settings, lenient) != DowningVerdict.DownReachable) _losingSince = null;
        else _losingSince ??= now;
        var isLost = now - _partedSince >= settings.StableAfter * UnstableFactor && now - _losingSince >= settings.StableAfter * RoundsFactor;
        return (isLost ? DowningVerdict.DownReachable : DowningVerdict.None, lenient);
    }
}
