using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Metadata.Quorum;

/// <summary>What a proposer works with.</summary>
public sealed record QuorumProposerParts
{
    /// <summary>Id of its broker, whose own voter it needs.</summary>
    public required int Id { get; init; }

    /// <summary>Tells it from every other proposer.</summary>
    public required Guid Claim { get; init; }

    /// <summary>The voters of the configuration: they count where no log has a set of voters yet, and are asked in any case.</summary>
    public required VoterSet Configured { get; init; }

    /// <summary>The log of its broker's voter.</summary>
    public required IQuorumReader Log { get; init; }

    /// <summary>The epoch that its broker's voter has promised, at any moment: what was read of the log counts only where this has not passed the proposer's epoch.</summary>
    public required Func<int> LocalPromise { get; init; }

    /// <summary>Milliseconds since 1970, for the batches that it writes by itself.</summary>
    public required Func<long> NowMs { get; init; }
}

/// <summary>How far a proposer is.</summary>
public enum QuorumPhase
{
    /// <summary>It asks for promises.</summary>
    Claiming,

    /// <summary>It brings its broker's log to what the most complete one of those holds that promised.</summary>
    Adopting,

    /// <summary>It has the epoch, and sees to it that a majority has its log.</summary>
    Leading,

    /// <summary>Another one has a higher epoch: nothing more comes of this one.</summary>
    Deposed,
}

/// <summary>
/// Who writes the controller's log, as a plain state machine: it claims an epoch from a majority, adopts the most complete log among them, has a majority take that under the own epoch,
/// and only then takes events. Answers of voters and ticks in, messages to voters out (<see cref="TakeOutbox"/>); one batch at a time.
/// </summary>
public sealed partial class QuorumProposer
{
    // Ticks without an answer after which the log that is being adopted is sought elsewhere.
    private const int Patience = 10;

    private readonly QuorumProposerParts parts;
    private readonly SortedDictionary<int, Peer> peers = [];
    private List<(QuorumMember To, QuorumMessage Message)> outbox = [];
    private Current? current;
    private Peer? source;
    private (LogEnd Snapshot, long Position)? adopting;
    private long adoptTo;
    private int highest = -1;
    private int refusals;
    private int silentTicks;
    private bool claimsAgain;

    /// <summary>A proposer that has done nothing yet.</summary>
    public QuorumProposer(QuorumProposerParts parts)
    {
        this.parts = parts;
        foreach (var member in parts.Configured.Members) peers.Add(member.Id, new Peer(member));
        if (!peers.ContainsKey(parts.Id)) throw new ArgumentException("the own broker stands among the configured ones, as a voter or with voters of the log", nameof(parts));
    }

    /// <summary>The epoch that it claims or has.</summary>
    public int Epoch { get; private set; }

    /// <summary>How far it is.</summary>
    public QuorumPhase Phase { get; private set; }

    /// <summary>Whether all that was committed before is known and committed under the own epoch: events are taken from here on.</summary>
    public bool IsElected { get; private set; }

    /// <summary>Up to here a majority has the log; -1 before the first commit under the own epoch.</summary>
    public long Committed { get; private set; } = -1;

    /// <summary>How often in a row the own broker's disk refused: a proposer gets nowhere without it.</summary>
    public int OwnRefusals { get; private set; }

    /// <summary>Whether a batch is on its way.</summary>
    public bool IsBusy => current is not null;

    /// <summary>Whether something is waited for, so that ticks are needed.</summary>
    public bool IsWaiting
    {
        get
        {
            if (Phase is QuorumPhase.Claiming or QuorumPhase.Adopting) return true;
            if (Phase == QuorumPhase.Deposed) return false;
            foreach (var peer in peers.Values)
            {
                if (peer.InFlight) return true;
            }

            return current is not null;
        }
    }

    /// <summary>The voters that count now: the newest set of the log, committed or not.</summary>
    public VoterSet Voters { get; private set; } = VoterSet.Empty;

    /// <summary>The voters and those that only take the log, as far as they are known.</summary>
    public IEnumerable<QuorumStanding> Standings
        => peers.Values.Select(p => new QuorumStanding(p.Member with { Disk = p.Disk }, Voters.Contains(p.Member.Id, p.Disk), p.Match, p.Silent, p.IsHere) { HeardMs = p.HeardMs, CaughtUpMs = p.CaughtUpMs });

    /// <summary>Begins: with an epoch above every one that is known.</summary>
    /// <param name="known">The highest epoch that was heard of; the own voter's promise is looked at in any case.</param>
    public void Start(int known = -1)
    {
        // The first epoch of all is 1: tools take 0 for none.
        highest = Math.Max(Math.Max(known, parts.LocalPromise()), 0);
        BeginClaim();
    }

    /// <summary>The messages that are to be sent now; they are handed over once.</summary>
    public IReadOnlyList<(QuorumMember To, QuorumMessage Message)> TakeOutbox()
    {
        if (outbox.Count == 0) return [];
        var taken = outbox;
        outbox = [];
        return taken;
    }

    /// <summary>Takes a voter's answer; one for another proposer or epoch, twice, or late, does no harm.</summary>
    public void Handle(QuorumAnswer answer)
    {
        if (Phase == QuorumPhase.Deposed || answer.Claim != parts.Claim || answer.Epoch != Epoch || !peers.TryGetValue(answer.Voter, out var peer)) return;
        peer.Silent = 0;
        peer.HeardMs = parts.NowMs();
        if (answer.Voter == parts.Id) OwnRefusals = answer.Refusal == QuorumRefusal.Disk ? OwnRefusals + 1 : 0;
        if (answer.Refusal == QuorumRefusal.Promised)
        {
            Lost(answer.Promised);
            return;
        }

        switch (answer)
        {
            case QuorumClaimed claimed when Phase == QuorumPhase.Claiming:
                Granted(peer, claimed);
                break;
            case QuorumFetched fetched when Phase == QuorumPhase.Adopting:
                Fetched(peer, fetched);
                break;
            case QuorumAppended appended when Phase == QuorumPhase.Adopting:
                Adopted(peer, appended);
                break;
            case QuorumSnapshotFetched fetched when Phase == QuorumPhase.Adopting:
                Fetched(peer, fetched);
                break;
            case QuorumInstalled installed when Phase == QuorumPhase.Adopting:
                Adopted(peer, installed);
                break;
            case QuorumAppended appended when Phase == QuorumPhase.Leading:
                Appended(peer, appended);
                break;
            case QuorumInstalled installed when Phase == QuorumPhase.Leading:
                Installed(peer, installed);
                break;
        }
    }

    /// <summary>Time has passed: what was not answered is sent again, to those that are silent for long less often.</summary>
    public void Tick()
    {
        switch (Phase)
        {
            case QuorumPhase.Claiming:
                TickClaim();
                break;
            case QuorumPhase.Adopting:
                TickAdoption();
                break;
            case QuorumPhase.Leading:
                foreach (var peer in peers.Values) TickPeer(peer);
                break;
        }
    }

    /// <summary>Takes events; <see cref="Committed"/> tells when they are committed. Only while elected and not busy.</summary>
    /// <returns>Offset of the first of them.</returns>
    /// <exception cref="InvalidOperationException">It takes none now.</exception>
    public long Propose(IReadOnlyList<IApiMessage> events)
    {
        if (!IsElected || IsBusy || Phase != QuorumPhase.Leading) throw new InvalidOperationException("the proposer takes no events now");
        var offset = parts.Log.EndOffset;
        Begin(QuorumBatches.Encode(events, offset, Epoch, parts.NowMs()), offset, offset + events.Count);
        return offset;
    }

    private void Send(Peer to, QuorumMessage message) => outbox.Add((to.Member, message));

    private void Depose()
    {
        Phase = QuorumPhase.Deposed;
        IsElected = false;
        current = null;
    }

    // Everything of a proposer that was read of the local log is the past once the local voter obeys another one.
    private bool IsOvertaken()
    {
        if (parts.LocalPromise() <= Epoch) return false;
        Depose();
        return true;
    }

    private void Lost(int promised)
    {
        highest = Math.Max(highest, promised);
        if (Phase != QuorumPhase.Claiming)
        {
            Depose();
            return;
        }

        // The first time it only did not know better; after that two may be claiming against each other, and the driver's ticks part them.
        if (refusals++ == 0) BeginClaim();
        else claimsAgain = true;
    }

    /// <summary>What is known of a voter.</summary>
    private sealed class Peer(QuorumMember member)
    {
        public QuorumMember Member { get; set; } = member;

        public QuorumClaimed? Granted { get; set; }

        public Guid Disk { get; set; } = member.Disk;

        public long Next { get; set; }

        public long Match { get; set; } = -1;

        public bool InFlight { get; set; }

        public long Sent { get; set; }

        public int Silent { get; set; }

        public bool IsProbed { get; set; }

        public bool IsHere { get; set; }

        public long HeardMs { get; set; } = -1;

        public long CaughtUpMs { get; set; } = -1;

        /// <summary>The snapshot that it gets, and what it lacks of it; null while the log is enough.</summary>
        public (QuorumSnapshot Snapshot, long Position)? Installing { get; set; }
    }

    /// <summary>The batch that is on its way.</summary>
    private sealed record Current(ReadOnlyMemory<byte> Batch, long Offset, long End);
}

/// <summary>How far a voter, or one that only takes the log, is.</summary>
/// <param name="Member">Who.</param>
/// <param name="IsVoter">Whether it counts.</param>
/// <param name="Match">Up to here it is known to have the log; -1 where nothing is known.</param>
/// <param name="SilentTicks">Ticks since it last answered while something was asked.</param>
/// <param name="IsHere">Whether it answered since it was last asked whether it is there.</param>
public sealed record QuorumStanding(QuorumMember Member, bool IsVoter, long Match, int SilentTicks, bool IsHere)
{
    /// <summary>When it answered last, in milliseconds since 1970; -1 for never.</summary>
    public long HeardMs { get; init; } = -1;

    /// <summary>When it said last that it has the whole log, in milliseconds since 1970; -1 for never.</summary>
    public long CaughtUpMs { get; init; } = -1;
}
