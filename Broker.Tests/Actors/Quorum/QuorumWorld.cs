using System.Globalization;
using AkkaStream.Actors.Metadata.Quorum;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Tests.Actors.Quorum;

/// <summary>A mistake that the checker has to find.</summary>
internal enum QuorumMistake
{
    None,

    /// <summary>A voter's promise is gone after a crash.</summary>
    ForgetsPromise,

    /// <summary>A voter says that it has a batch before that is durable.</summary>
    AnswersBeforeFsync,

    /// <summary>A batch counts as soon as it was sent to a majority.</summary>
    CommitsBeforeMajority,

    /// <summary>Two proposers may get the same epoch of one voter.</summary>
    SharesEpochs,

    /// <summary>A voter does not look whether its log is the proposer's before what it gets.</summary>
    SkipsTheCheckOfTheTail,

    /// <summary>A disk that was lost counts as the one that it was.</summary>
    LostDiskVotes,

    /// <summary>A new proposer goes on with its own log, whatever the others have.</summary>
    AdoptsNothing,

    /// <summary>A voter's log goes before the snapshot that has it is durable.</summary>
    TrimsBeforeDurable,

    /// <summary>A snapshot is taken of what no majority has.</summary>
    SnapshotsUncommitted,
}

/// <summary>
/// Voters and proposers under a schedule that dice give: messages are lost, come twice and in any order, nodes crash at any point and come back, several propose at a time, a disk may be lost,
/// voters come and go. What a proposer says to be committed is written down, and must never be lost or become something else.
/// </summary>
internal sealed class QuorumWorld
{
    private readonly Random _dice;
    private readonly QuorumMistake _mistake;
    private readonly List<Node> _nodes = [];
    private readonly List<(int From, int To, object Message)> _network = [];
    private readonly SortedDictionary<long, (string Text, int Epoch)> _committed = [];
    private readonly Dictionary<int, Guid> _writers = [];
    private readonly VoterSet _configured;
    private readonly bool _changesVoters;
    private readonly double _loss;
    private int _lostDisks;
    private int _events;
    private int _ids;

    public QuorumWorld(int seed, int size, QuorumMistake mistake = QuorumMistake.None, int spares = 0)
    {
        _dice = new Random(seed);
        _mistake = mistake;
        _changesVoters = spares > 0;
        _loss = _dice.Next(3) switch { 0 => 0, 1 => 0.05, _ => 0.3 };
        _configured = new VoterSet([.. Enumerable.Range(1, size).Select(id => new QuorumMember(id, Guid.Empty, $"n{id}", 1))]);
        for (var id = 1; id <= size + spares; id++) _nodes.Add(new Node(this, id));
    }

    /// <summary>What must not be; null while all is well.</summary>
    public string? Violation { get; private set; }

    /// <summary>How many batches were committed.</summary>
    public int Committed => _committed.Count;

    /// <summary>How many epochs had a writer.</summary>
    public int Elections => _writers.Count;

    public int Changes { get; private set; }

    /// <summary>Snapshots that voters took of their own logs, and those that took a log's place.</summary>
    public (int Taken, int Installed) Snapshots { get; private set; }

    /// <summary>Runs some steps of chaos, then lets everything go well until one is elected and has committed something of its own.</summary>
    public void Run(int steps)
    {
        for (var i = 0; i < steps && Violation is null; i++) Step();
        foreach (var node in _nodes) node.Calm();
        for (var i = 0; i < 40_000 && Violation is null; i++)
        {
            if (Settle()) return;
        }

        if (Violation is null && _lostDisks == 0) Violation = "nobody is elected although all is well";
    }

    private Guid NewId() => new(++_ids, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]);

    private void Step()
    {
        var node = _nodes[_dice.Next(_nodes.Count)];
        switch (_dice.Next(100))
        {
            case < 69:
                Deliver(_loss);
                break;
            case < 72:
                node.TakeSnapshot();
                break;
            case < 79:
                node.Tick();
                break;
            case < 88:
                node.Propose();
                break;
            case < 90:
                node.StartProposer();
                break;
            case < 91:
                node.Crash();
                break;
            case < 95:
                node.Restart();
                break;
            case < 97 when !_changesVoters || _dice.Next(2) == 0:
                node.CrashSoon();
                break;
            case >= 95 and < 98 when _changesVoters:
                node.ChangeVoters();
                break;
            case 98 when _lostDisks == 0 && !_changesVoters && _nodes.Count > 1 && _dice.Next(10) == 0:
                _lostDisks++;
                node.LoseDisk();
                break;
            default:
                if (_network.Count > 200) _network.RemoveRange(0, 100);
                break;
        }
    }

    // One proposer, and a network that loses nothing.
    private bool Settle()
    {
        var alone = _nodes.Find(n => n.Proposer is { Phase: not QuorumPhase.Deposed }) ?? _nodes[_dice.Next(_nodes.Count)];
        foreach (var node in _nodes.Where(n => n != alone)) node.Proposer = null;
        if (alone.Proposer is null or { Phase: QuorumPhase.Deposed }) alone.StartProposer();
        if (_network.Count > 0) Deliver(0);
        else alone.Tick();
        if (alone.Proposer is not { IsElected: true, IsBusy: false }) return false;
        if (alone.HasProposed) return true;
        alone.Propose();
        return false;
    }

    private void Deliver(double loss)
    {
        if (_network.Count == 0) return;
        var at = _dice.Next(_network.Count);
        var (from, to, message) = _network[at];
        if (loss == 0 || _dice.Next(10) > 0) _network.RemoveAt(at);
        if (_dice.NextDouble() < loss) return;
        _nodes[to - 1].Receive(from, message);
    }

    private void Send(int from, int to, object message)
    {
        if (_mistake == QuorumMistake.CommitsBeforeMajority && message is QuorumAppend append && from != to && _dice.Next(2) == 0)
        {
            var disk = _nodes[to - 1].Promises.Disk;
            var header = global::AkkaStream.Client.Records.RecordBatchHeader.TryParse(append.Batches.Span, out var parsed) ? parsed.NextOffset : append.Offset;
            _network.Add((to, from, new QuorumAppended(to, disk, append.Epoch, append.Claim, QuorumRefusal.None, append.Epoch, append.Offset, header, default)));
        }

        _network.Add((from, to, message));
    }

    private void Said(Node node, QuorumProposer proposer, long committed)
    {
        if (!_writers.TryAdd(proposer.Epoch, node.Claim) && _writers[proposer.Epoch] != node.Claim) Violate($"epoch {proposer.Epoch} has two writers");
        foreach (var (offset, text) in node.Log.Contents)
        {
            if (offset >= committed) break;
            if (!_committed.TryGetValue(offset, out var before)) _committed[offset] = (text, proposer.Epoch);
            else if (before.Text != text) Violate($"what was committed at {offset} is another batch in epoch {proposer.Epoch}");
        }
    }

    private void Elected(Node node, QuorumProposer proposer)
    {
        var has = node.Log.Contents.ToDictionary(b => b.Offset, b => b.Text);
        foreach (var (offset, (text, epoch)) in _committed)
        {
            // One that hears late that it was elected need not know what others did since.
            if (epoch >= proposer.Epoch) continue;
            if (!has.TryGetValue(offset, out var own) || own != text) Violate($"the proposer of epoch {proposer.Epoch} does not know what was committed at {offset}");
        }
    }

    private void Violate(string what) => Violation ??= what;

    private sealed class Node
    {
        private readonly QuorumWorld _world;
        private readonly int _id;
        private QuorumVoter? _voter;
        private bool _wasElected;
        private long _said;

        public Node(QuorumWorld world, int id)
        {
            _world = world;
            _id = id;
            Log = new FakeQuorumLog { IsLazy = world._mistake == QuorumMistake.AnswersBeforeFsync, TrimsEarly = world._mistake == QuorumMistake.TrimsBeforeDurable };
            Promises = NewPromises(world.NewId());
            _voter = new QuorumVoter(id, Log, Promises, 1);
        }

        public FakeQuorumLog Log { get; private set; }

        public FakePromises Promises { get; private set; }

        public QuorumProposer? Proposer { get; set; }

        public Guid Claim { get; private set; }

        public bool HasProposed { get; private set; }

        public void StartProposer()
        {
            if (_voter is null) return;
            Claim = _world._mistake == QuorumMistake.SharesEpochs ? Guid.Empty : _world.NewId();
            var configured = _world._configured.Find(_id) is null ? _world._configured.With(new QuorumMember(_id, Guid.Empty, $"n{_id}", 1)) : _world._configured;
            Proposer = new QuorumProposer(new QuorumProposerParts { Id = _id, Claim = Claim, Configured = configured, Log = Log, LocalPromise = () => Promises.Promise.Epoch, NowMs = () => 0 });
            (_wasElected, _said, HasProposed) = (false, -1, false);
            Do(p => p.Start());
        }

        public void Tick() => Do(p => p.Tick());

        public void Propose()
        {
            if (Proposer is not { IsElected: true, IsBusy: false, Phase: QuorumPhase.Leading }) return;
            HasProposed = true;
            Do(p => p.Propose([new ConfigRecord { ResourceType = 2, ResourceName = "t", Name = "e", Value = (++_world._events).ToString(CultureInfo.InvariantCulture) }]));
        }

        public void ChangeVoters()
        {
            if (Proposer is not { IsElected: true, IsBusy: false, Phase: QuorumPhase.Leading } proposer) return;
            var other = _world._nodes[_world._dice.Next(_world._nodes.Count)];
            var member = new QuorumMember(other._id, other.Promises.Disk, $"n{other._id}", 1);
            // A change wants a majority that answers: for a while nothing is lost.
            Do(p => p.Teach(member));
            Do(p => p.Probe());
            for (var i = 0; i < 60; i++) _world.Deliver(0);
            if (Proposer != proposer || proposer.IsBusy) return;
            if (proposer.Voters.Contains(other._id, member.Disk))
            {
                Do(p => _world.Changes += p.TryChange(p.Voters.Without(other._id)) is null ? 1 : 0);
                return;
            }

            Do(p => _world.Changes += p.TryChange(p.Voters.With(member)) is null ? 1 : 0);
        }

        public void Receive(int from, object message)
        {
            if (_voter is null) return;
            switch (message)
            {
                case QuorumMessage question:
                    Answer(from, question);
                    break;
                case QuorumAnswer answer:
                    Do(p => p.Handle(answer));
                    break;
            }
        }

        public void Crash()
        {
            (_voter, Proposer) = (null, null);
            Log.Crash();
            Promises.Crash();
        }

        public void CrashSoon()
        {
            if (_voter is null) return;
            if (_world._dice.Next(3) == 0) Promises.CrashesDurably = _world._dice.Next(2) == 0;
            else if (_world._dice.Next(2) == 0) Log.CrashOfSnapshot = _world._dice.Next(2) == 0 ? SnapshotCrash.Before : SnapshotCrash.Between;
            else Log.CrashAfter = _world._dice.Next(3);
        }

        // Of all that it knows to be committed, or of a part.
        public void TakeSnapshot()
        {
            if (_voter is null) return;
            var committed = _world._mistake == QuorumMistake.SnapshotsUncommitted ? Log.EndOffset : _voter.Committed;
            var ends = Log.Contents.Select(b => b.Offset).Append(Log.EndOffset).Where(o => o > Log.Start.Offset && o <= committed).ToList();
            if (ends.Count == 0) return;
            var offset = ends[_world._dice.Next(ends.Count)];
            var due = _world._mistake == QuorumMistake.SnapshotsUncommitted ? new QuorumSnapshotDue(new LogEnd(Log.EpochBefore(offset), offset), null) : _voter.BeginSnapshot(offset);
            if (due is null) return;
            try
            {
                if (Log.TrySave(due.End, due.Voters, []) is not { } snapshot) return;
                _voter.Saved(snapshot);
                _world.Snapshots = _world.Snapshots with { Taken = _world.Snapshots.Taken + 1 };
            }
            catch (CrashedException)
            {
                Crash();
            }
        }

        public void Restart()
        {
            try
            {
                _voter ??= new QuorumVoter(_id, Log, Promises, 1);
            }
            catch (IOException error)
            {
                _world.Violate($"a voter cannot begin: {error.Message}");
            }
        }

        public void LoseDisk()
        {
            Crash();
            Log = new FakeQuorumLog { IsLazy = Log.IsLazy, TrimsEarly = Log.TrimsEarly };
            Promises = NewPromises(_world._mistake == QuorumMistake.LostDiskVotes ? Promises.Disk : _world.NewId());
        }

        public void Calm()
        {
            (Log.CrashAfter, Log.CrashOfSnapshot) = (null, SnapshotCrash.None);
            Promises.CrashesDurably = null;
            Restart();
        }

        private FakePromises NewPromises(Guid disk) => new(disk) { Forgets = _world._mistake == QuorumMistake.ForgetsPromise };

        private void Answer(int from, QuorumMessage question)
        {
            if (_world._mistake == QuorumMistake.SkipsTheCheckOfTheTail && question is QuorumAppend append && append.Offset <= Log.EndOffset)
            {
                question = append with { EpochBefore = Log.Epochs.LastOrDefault(e => e.StartOffset < append.Offset, new(-1, 0)).Epoch };
            }

            try
            {
                var answer = _voter!.Handle(question);
                if (_world._mistake == QuorumMistake.AdoptsNothing && answer is QuorumClaimed claimed && from != _id) answer = claimed with { End = new LogEnd(-1, 0), Voters = null };
                if (answer is QuorumInstalled { IsThere: true } && question is QuorumInstall { Position: > 0 }) _world.Snapshots = _world.Snapshots with { Installed = _world.Snapshots.Installed + 1 };
                if (_voter.IsBroken) _world.Violate("a voter was to cut off what is committed");
                _world.Send(_id, from, answer);
                if (_world._dice.Next(3) == 0) Log.Settle();
            }
            catch (CrashedException)
            {
                Crash();
            }
        }

        private void Do(Action<QuorumProposer> what)
        {
            if (_voter is null || Proposer is not { } proposer) return;
            what(proposer);
            foreach (var (to, message) in proposer.TakeOutbox()) _world.Send(_id, to.Id, message);
            if (proposer.IsElected && !_wasElected)
            {
                _wasElected = true;
                _world.Elected(this, proposer);
            }

            if (proposer.Committed <= _said) return;
            _said = proposer.Committed;
            _world.Said(this, proposer, _said);
        }
    }
}
