using AkkaStream.Actors.Transactions;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Tests.Actors.Transactions;

/// <summary>
/// A coordinator with a log, partitions and a source of producer ids, all in memory. What it asks for waits in <see cref="Work"/> until the test
/// lets it happen, in any order, or lets it fail, or throws the coordinator away and reads the log again.
/// </summary>
internal sealed class CoordinatorHarness
{
    private long nextProducerId = 1000;

    public CoordinatorHarness() => Coordinator = new TransactionCoordinator(0);

    public TransactionCoordinator Coordinator { get; private set; }

    public long NowMs { get; set; } = 1_000_000;

    /// <summary>The log: every record that was appended.</summary>
    public List<TransactionEntry> Log { get; } = [];

    /// <summary>Every marker that a partition took.</summary>
    public List<(MarkerOrder Order, TopicPartition Partition)> Markers { get; } = [];

    /// <summary>What is under way.</summary>
    public List<Action> Work { get; } = [];

    /// <summary>What the log says to the next appends; nothing wrong where it is empty.</summary>
    public Queue<ErrorCode> AppendErrors { get; } = new();

    /// <summary>What partitions say to the next markers.</summary>
    public Queue<ErrorCode> MarkerErrors { get; } = new();

    /// <summary>What the source of producer ids says next.</summary>
    public Queue<ErrorCode> ProducerIdErrors { get; } = new();

    public void Handle(TransactionRequest request)
    {
        Coordinator.Handle(request, NowMs);
        Drain();
    }

    public void Do(Action<TransactionCoordinator> action)
    {
        action(Coordinator);
        Drain();
    }

    /// <summary>Lets the piece of work at a place happen.</summary>
    public void Run(int index)
    {
        var work = Work[index];
        Work.RemoveAt(index);
        work();
        Drain();
    }

    public void RunAll()
    {
        while (Work.Count > 0) Run(0);
    }

    /// <summary>The broker dies: what was not in the log is lost, and another coordinator reads the log.</summary>
    public void Crash(int epoch = 0)
    {
        Work.Clear();
        Coordinator.Resign(ErrorCode.NotCoordinator);
        Coordinator = new TransactionCoordinator(epoch) { Settings = Coordinator.Settings };
        foreach (var entry in Log)
        {
            var value = TransactionRecords.Value(entry);
            Coordinator.Load(entry.Id, value is null ? null : TransactionRecords.ReadValue(entry.Id, value));
        }

        Coordinator.Loaded(NowMs);
        Drain();
    }

    public ProducerAnswer Init(string id, long producerId = -1, short epoch = -1, int timeoutMs = 60_000)
        => Ask<ProducerAnswer>(done => new InitProducer(id, timeoutMs, producerId, epoch, done));

    public ErrorCode Add(string id, long producerId, short epoch, string partition = "t-0", short version = 0)
        => Ask<ErrorCode>(done => new AddPartitions(id, producerId, epoch, [Partition(partition)], version, done));

    public ProducerAnswer End(string id, long producerId, short epoch, bool commit, short version = 0)
        => Ask<ProducerAnswer>(done => new EndTransaction(id, producerId, epoch, commit, version, done));

    public string Verify(string id, long producerId, short epoch, params string[] partitions)
    {
        var answer = "";
        Handle(new VerifyPartitions(id, producerId, epoch, partitions.Select(Partition).ToList(), (error, isIn) => answer = error == ErrorCode.None ? string.Join(',', isIn) : error.ToString()));
        return answer;
    }

    public static TopicPartition Partition(string name) => new(name[..name.LastIndexOf('-')], int.Parse(name[(name.LastIndexOf('-') + 1)..]));

    // Asks, and lets everything happen that was asked for.
    private T Ask<T>(Func<Action<T>, TransactionRequest> request) where T : struct
    {
        T? answer = null;
        Handle(request(got =>
        {
            Assert.Null(answer);
            answer = got;
        }));
        RunAll();
        Assert.NotNull(answer);
        return answer.Value;
    }

    private void Drain()
    {
        var effects = Coordinator.Effects;
        var owner = Coordinator;
        foreach (var entry in effects.Appends) Work.Add(() => Append(owner, entry));
        effects.Appends.Clear();
        foreach (var order in effects.Markers)
        {
            foreach (var partition in order.Partitions) Work.Add(() => Mark(owner, order, partition));
        }

        effects.Markers.Clear();
        foreach (var request in effects.ProducerIds) Work.Add(() => Give(owner, request));
        effects.ProducerIds.Clear();
    }

    private void Append(TransactionCoordinator owner, TransactionEntry entry)
    {
        var error = AppendErrors.TryDequeue(out var e) ? e : ErrorCode.None;
        if (error == ErrorCode.None) Log.Add(entry);
        owner.Appended(entry, error, NowMs);
    }

    private void Mark(TransactionCoordinator owner, MarkerOrder order, TopicPartition partition)
    {
        var error = MarkerErrors.TryDequeue(out var e) ? e : ErrorCode.None;
        if (error == ErrorCode.None) Markers.Add((order, partition));
        owner.Marked(order, partition, error, NowMs);
    }

    private void Give(TransactionCoordinator owner, TransactionRequest request)
    {
        var error = ProducerIdErrors.TryDequeue(out var e) ? e : ErrorCode.None;
        owner.ProducerIdGiven(request, error, error == ErrorCode.None ? nextProducerId++ : -1, NowMs);
    }
}
