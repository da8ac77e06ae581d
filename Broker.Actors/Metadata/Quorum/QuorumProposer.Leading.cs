namespace AkkaStream.Actors.Metadata.Quorum;

/// <content>Has a majority take the log.</content>
public sealed partial class QuorumProposer
{
    private const int SlowestRetry = 10;

    /// <summary>Has a broker that is no voter take the log too, so that it can become one. Nothing where it is known.</summary>
    public void Teach(QuorumMember learner)
    {
        if (peers.TryGetValue(learner.Id, out var known))
        {
            known.Member = learner;
            return;
        }

        var peer = new Peer(learner) { Next = parts.Log.EndOffset };
        peers.Add(learner.Id, peer);
        if (Phase == QuorumPhase.Claiming) Send(peer, new QuorumClaim(Epoch, parts.Claim));
        else Pump(peer);
    }

    /// <summary>Asks every voter and learner whether it is there: <see cref="TryChange"/> counts only those that have answered since.</summary>
    public void Probe()
    {
        if (Phase != QuorumPhase.Leading) return;
        foreach (var peer in peers.Values.ToArray())
        {
            (peer.IsHere, peer.IsProbed) = (peer == Local, peer != Local);
            Pump(peer);
        }
    }

    /// <summary>Asks those to whom nothing is on its way whether they are there: so a proposer that was overtaken hears of it, and how far each is stays known while nothing is written.</summary>
    public void Beat()
    {
        if (Phase != QuorumPhase.Leading) return;
        foreach (var peer in peers.Values.ToArray())
        {
            if (peer.InFlight) continue;
            peer.IsProbed = true;
            Pump(peer);
        }
    }

    /// <summary>
    /// Changes the set of voters by one, as an event that is replicated like any other; the new set counts at once. Refused, with a sentence, where the change before is not through, where more
    /// than one voter changes, or where fewer than a majority of the new set have the whole log and answered the last <see cref="Probe"/>.
    /// </summary>
    public string? TryChange(VoterSet next)
    {
        if (!IsElected || IsBusy || Phase != QuorumPhase.Leading) return "the quorum is busy with something else: try again";
        if (VoterChanges.WhyNot(Voters, next, [.. Standings], parts.Log.EndOffset) is { } why) return why;
        foreach (var member in next.Members)
        {
            if (peers.TryGetValue(member.Id, out var known)) known.Member = member;
        }

        var offset = parts.Log.EndOffset;
        Voters = next;
        Begin(QuorumBatches.Encode([QuorumBatches.ToRecord(next)], offset, Epoch, parts.NowMs()), offset, offset + 1);
        return null;
    }

    private void Begin(ReadOnlyMemory<byte> batch, long offset, long end)
    {
        current = new Current(batch, offset, end);
        foreach (var peer in peers.Values.ToArray()) Pump(peer);
    }

    private void Pump(Peer peer)
    {
        if (peer.InFlight || Phase != QuorumPhase.Leading) return;
        if (peer.Installing is not null || peer.Next < parts.Log.Start.Offset)
        {
            SendSnapshot(peer);
            return;
        }

        ReadOnlyMemory<byte> batches;
        int before;
        if (current is { } c && peer.Next == c.Offset)
        {
            batches = c.Batch;
            before = parts.Log.EpochBefore(c.Offset);
        }
        else if (peer.Next < parts.Log.EndOffset)
        {
            try
            {
                batches = parts.Log.Read(peer.Next, Limits.QuorumReadBytes);
            }
            catch (IOException) when (peer.Next < parts.Log.Start.Offset)
            {
                SendSnapshot(peer); // that part of the log went just now
                return;
            }
            catch (IOException)
            {
                Depose(); // who cannot read its own log cannot lead; the log has said what is wrong
                return;
            }

            before = parts.Log.EpochBefore(peer.Next);
        }
        else if (peer.Match < parts.Log.EndOffset || peer.IsProbed)
        {
            // Nothing to send, but nobody knows either whether it has all of it.
            batches = default;
            before = parts.Log.EpochBefore(peer.Next);
        }
        else
        {
            return;
        }

        if (IsOvertaken()) return;
        peer.InFlight = true;
        peer.Sent = peer.Next;
        Send(peer, new QuorumAppend(Epoch, parts.Claim, peer.Next, before, batches, Math.Max(0, Committed)));
    }

    private void Appended(Peer peer, QuorumAppended answer)
    {
        // What it gets is a snapshot now: this is about something earlier.
        if (peer.Installing is not null) return;
        if (answer.Offset == peer.Sent) peer.InFlight = false;
        Heard(peer, answer);
        switch (answer.Refusal)
        {
            case QuorumRefusal.None:
                peer.Match = Math.Max(peer.Match, answer.End);
                peer.Next = Math.Max(peer.Next, answer.End);
                if (peer.Match >= parts.Log.EndOffset) peer.CaughtUpMs = peer.HeardMs;
                CheckCommit();
                break;
            case QuorumRefusal.Diverged:
                peer.Next = Math.Max(peer.Match, parts.Log.EndOfEpoch(answer.Near.Epoch, answer.Near.Offset).Offset);
                // The logs agree nowhere in what is left of the own one.
                if (peer.Next == answer.Offset && parts.Log.Newest() is { } snapshot) peer.Installing = (snapshot, 0);
                break;
            default:
                // Its disk failed: with the next ticks it is tried again.
                peer.InFlight = true;
                return;
        }

        Pump(peer);
    }

    private static void Heard(Peer peer, QuorumAnswer answer)
    {
        if (peer.IsProbed) (peer.IsHere, peer.IsProbed) = (true, false);
        if (answer.Disk == peer.Disk) return;
        // Another disk: what the former one held says nothing.
        peer.Disk = answer.Disk;
        peer.Match = -1;
    }

    private void CheckCommit()
    {
        if (current is not { } c || Local.Match < c.End) return;
        var count = 0;
        foreach (var peer in peers.Values)
        {
            if (peer.Match >= c.End && Voters.Contains(peer.Member.Id, peer.Disk)) count++;
        }

        if (count < Voters.Majority) return;
        Committed = c.End;
        IsElected = true;
        current = null;
    }

    private void TickPeer(Peer peer)
    {
        if (!peer.InFlight || !IsDue(peer)) return;
        peer.InFlight = false;
        Pump(peer);
    }

    // The first time after two ticks, then less and less often.
    private static bool IsDue(Peer peer)
    {
        peer.Silent = Math.Min(peer.Silent + 1, int.MaxValue - 1);
        return peer.Silent < SlowestRetry ? int.IsPow2(peer.Silent) && peer.Silent > 1 : peer.Silent % SlowestRetry == 0;
    }
}
