namespace AkkaStream.Actors.Metadata.Quorum;

/// <content>Where a log does not go back far enough, its snapshot does: to a voter that is behind, and from the one whose log is adopted.</content>
public sealed partial class QuorumProposer
{
    private void SendSnapshot(Peer peer)
    {
        try
        {
            if (peer.Installing is not { } sending || parts.Log.ReadSnapshot(sending.Snapshot.End, sending.Position, Limits.QuorumSnapshotPieceBytes) is not { } bytes)
            {
                // The first piece, or a newer one has taken its place.
                if (parts.Log.Newest() is not { } newest) throw new IOException("there is no snapshot");
                sending = (newest, 0);
                bytes = parts.Log.ReadSnapshot(newest.End, 0, Limits.QuorumSnapshotPieceBytes) ?? throw new IOException("the snapshot is not there any more");
            }

            if (IsOvertaken()) return;
            peer.Installing = sending;
            peer.InFlight = true;
            Send(peer, new QuorumInstall(Epoch, parts.Claim, sending.Snapshot, sending.Position, bytes));
        }
        catch (IOException)
        {
            Depose(); // as where the own log cannot be read
        }
    }

    private void Installed(Peer peer, QuorumInstalled answer)
    {
        if (peer.Installing is not { } sending || answer.Snapshot != sending.Snapshot.End) return;
        Heard(peer, answer);
        // Its disk failed, or a piece came damaged: with the next ticks it begins anew.
        peer.InFlight = answer.Refusal != QuorumRefusal.None;
        if (peer.InFlight)
        {
            peer.Installing = (sending.Snapshot, 0);
            return;
        }

        if (answer.IsThere)
        {
            peer.Installing = null;
            peer.Match = Math.Max(peer.Match, answer.Snapshot.Offset);
            peer.Next = peer.Match;
        }
        else
        {
            peer.Installing = (sending.Snapshot, Math.Clamp(answer.Position, 0, sending.Snapshot.Length - 1));
        }

        Pump(peer);
    }

    private void AskForSnapshot(LogEnd snapshot, long position)
    {
        if (IsOvertaken()) return;
        adopting = (snapshot, position);
        Send(source!, new QuorumFetchSnapshot(Epoch, parts.Claim, snapshot, position));
    }

    private void Fetched(Peer peer, QuorumSnapshotFetched fetched)
    {
        if (peer != source || adopting is null) return;
        silentTicks = 0;
        if (fetched.Refusal != QuorumRefusal.None)
        {
            BeginClaim();
            return;
        }

        if (IsOvertaken()) return;
        adopting = (fetched.Snapshot.End, fetched.Position);
        Send(Local, new QuorumInstall(Epoch, parts.Claim, fetched.Snapshot, fetched.Position, fetched.Bytes));
    }

    private void Adopted(Peer peer, QuorumInstalled installed)
    {
        if (peer != Local || adopting is not { } piece || piece.Snapshot != installed.Snapshot) return;
        // An answer that came twice: the next piece is asked for already.
        if (!installed.IsThere && installed.Refusal == QuorumRefusal.None && installed.Position == piece.Position) return;
        silentTicks = 0;
        if (installed.Refusal != QuorumRefusal.None)
        {
            BeginClaim();
            return;
        }

        if (installed.IsThere)
        {
            adopting = null;
            FetchOn();
            return;
        }

        AskForSnapshot(installed.Snapshot, installed.Position);
    }
}
