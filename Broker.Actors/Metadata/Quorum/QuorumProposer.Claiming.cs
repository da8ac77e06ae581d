using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Metadata.Quorum;

/// <content>From the first claim to the adopted log.</content>
public sealed partial class QuorumProposer
{
    private Peer Local => peers[parts.Id];

    private void BeginClaim()
    {
        Phase = QuorumPhase.Claiming;
        Epoch = highest = Math.Max(highest, parts.LocalPromise()) + 1;
        claimsAgain = false;
        source = null;
        adopting = null;
        silentTicks = 0;
        foreach (var peer in peers.Values)
        {
            peer.Granted = null;
            Send(peer, new QuorumClaim(Epoch, parts.Claim));
        }
    }

    private void TickClaim()
    {
        if (claimsAgain)
        {
            BeginClaim();
            return;
        }

        foreach (var peer in peers.Values)
        {
            // Those that begin together find each other soon; a claim is small.
            if (peer.Granted is null && ++peer.Silent % 2 == 0) Send(peer, new QuorumClaim(Epoch, parts.Claim));
        }
    }

    private void Granted(Peer peer, QuorumClaimed claimed)
    {
        if (claimed.Refusal != QuorumRefusal.None) return;
        peer.Granted = claimed;
        peer.Disk = claimed.Disk;
        // Who is named in a log counts where that log turns out to be the one: the question costs nothing.
        foreach (var member in claimed.Voters?.Members ?? [])
        {
            if (peers.ContainsKey(member.Id)) continue;
            var found = new Peer(member);
            peers.Add(member.Id, found);
            Send(found, new QuorumClaim(Epoch, parts.Claim));
        }

        TryWin();
    }

    private void TryWin()
    {
        if (Local.Granted is not { } own) return;
        var best = Local;
        foreach (var peer in peers.Values)
        {
            if (peer.Granted is { } granted && granted.End.CompareTo(best.Granted!.End) > 0) best = peer;
        }

        if (!HasPromises(best.Granted!.Voters)) return;
        Voters = best.Granted.Voters ?? Named();
        adoptTo = best.Granted.End.Offset;
        source = best;
        if (own.End == best.Granted.End)
        {
            BeginLeading(isNew: best.Granted.Voters is null);
            return;
        }

        Phase = QuorumPhase.Adopting;
        silentTicks = 0;
        Fetch(own.End);
    }

    // Without a set of voters in any log nobody knows which disks hold what was committed: all of them have to be there then, which is so when a cluster begins.
    private bool HasPromises(VoterSet? voters)
    {
        if (voters is null) return parts.Configured.Members.All(m => peers[m.Id].Granted is not null);
        var count = 0;
        foreach (var peer in peers.Values)
        {
            if (peer.Granted is not null && voters.Contains(peer.Member.Id, peer.Disk)) count++;
        }

        return count >= voters.Majority;
    }

    private VoterSet Named() => new([.. parts.Configured.Members.Select(m => m with { Disk = peers[m.Id].Disk })]);

    private void Fetch(LogEnd from) => Send(source!, new QuorumFetch(Epoch, parts.Claim, from.Offset, from.Epoch));

    private void Fetched(Peer peer, QuorumFetched fetched)
    {
        if (peer != source) return;
        silentTicks = 0;
        if (fetched.Refusal == QuorumRefusal.Diverged)
        {
            var near = parts.Log.EndOfEpoch(fetched.Near.Epoch, fetched.Near.Offset);
            if (!IsOvertaken()) Fetch(near);
            return;
        }

        if (fetched.Refusal == QuorumRefusal.Trimmed)
        {
            AskForSnapshot(default, 0);
            return;
        }

        if (fetched.Refusal != QuorumRefusal.None || fetched.Batches.Length == 0)
        {
            BeginClaim(); // its disk failed: another majority may do
            return;
        }

        var epoch = parts.Log.EpochBefore(fetched.Offset);
        if (!IsOvertaken()) Send(Local, new QuorumAppend(Epoch, parts.Claim, fetched.Offset, epoch, fetched.Batches, 0));
    }

    private void Adopted(Peer peer, QuorumAppended appended)
    {
        if (peer != Local) return;
        silentTicks = 0;
        if (appended.Refusal == QuorumRefusal.Diverged)
        {
            FetchOn(); // an answer that came late: the log is further already
            return;
        }

        if (appended.Refusal != QuorumRefusal.None)
        {
            BeginClaim();
            return;
        }

        if (parts.Log.EndOffset < adoptTo) FetchOn();
        else if (parts.Log.End() == source!.Granted!.End) BeginLeading(isNew: source.Granted.Voters is null);
        else FetchOn();
    }

    private void FetchOn()
    {
        var end = parts.Log.End();
        if (!IsOvertaken()) Fetch(end);
    }

    private void TickAdoption()
    {
        if (++silentTicks % 2 != 0) return;
        if (silentTicks >= Patience) BeginClaim();
        else if (adopting is { } piece) AskForSnapshot(piece.Snapshot, piece.Position);
        else FetchOn();
    }

    private void BeginLeading(bool isNew)
    {
        Phase = QuorumPhase.Leading;
        var end = parts.Log.EndOffset;
        foreach (var peer in peers.Values)
        {
            peer.InFlight = false;
            peer.Installing = null;
            peer.Silent = 0;
            peer.Match = -1;
            peer.Next = peer == Local ? end : peer.Granted is { } granted ? parts.Log.EndOfEpoch(granted.End.Epoch, granted.End.Offset).Offset : end;
        }

        if (IsOvertaken()) return;
        // Batches of earlier epochs count as committed with the first one of this epoch, and never before.
        IApiMessage first = isNew ? QuorumBatches.ToRecord(Voters) : new NoOpRecord();
        Begin(QuorumBatches.Encode([first], end, Epoch, parts.NowMs()), end, end + 1);
    }
}
