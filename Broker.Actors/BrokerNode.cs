using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using AkkaStream.Actors.Clients;
using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Controller;
using AkkaStream.Actors.Coordinators;
using AkkaStream.Actors.Groups;
using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Metadata.Commands;
using AkkaStream.Actors.Metadata.Kafka;
using AkkaStream.Actors.Metadata.Quorum;
using AkkaStream.Actors.Partitions;
using AkkaStream.Actors.Peers;
using AkkaStream.Actors.Requests;
using AkkaStream.Actors.Sharding;
using AkkaStream.Actors.Storage;
using AkkaStream.Actors.Transactions;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors;

/// <summary>What a broker is made of; everything that touches the world is handed in.</summary>
public sealed record BrokerParts
{
    /// <summary>Its configuration.</summary>
    public required BrokerConfig Config { get; init; }

    /// <summary>Where its actors live; time comes from its scheduler. Stays the caller's.</summary>
    public required ActorSystem System { get; init; }

    /// <summary>Where its files lie.</summary>
    public required IDisk Disk { get; init; }

    /// <summary>Where clients of a listener find it.</summary>
    public required Func<ClientConnection, (string Host, int Port)> Advertised { get; init; }

    /// <summary>Dice, for ids: topics, directories, the cluster, sessions.</summary>
    public required Random Dice { get; init; }

    /// <summary>What makes it a member of a cluster; null where it is alone.</summary>
    public MemberParts? Member { get; init; }

    /// <summary>Name of the dispatcher on which partitions run; null for the system's default one.</summary>
    public string? PartitionDispatcher { get; init; }

    /// <summary>Told, from any thread, when the broker can serve nothing any more, with a sentence that says why: who runs it should stop it.</summary>
    public Action<string>? Fatal { get; init; }

    /// <summary>Opens logs side by side; one by one where it is left out.</summary>
    public RunAll RunAll { get; init; } = static work =>
    {
        foreach (var piece in work) piece();
    };
}

/// <summary>
/// A broker without its doors: opens the log directories, replays the controller's journal, starts the partitions, and handles requests.
/// </summary>
public sealed class BrokerNode : IRequestHandler
{
    private readonly BrokerParts parts;
    private readonly Lock diceGate = new();
    private readonly LogDirectorySet? directories;
    private readonly ILoggingAdapter log;
    private readonly PartitionHost? host;
    private readonly PartitionLog? journalLog;
    private readonly BrokerMembership? membership;
    private readonly IActorRef? cleaner;
    private readonly IActorRef? led;
    private readonly IActorRef door;
    private RequestRouter? router;

    private BrokerNode(BrokerParts parts)
    {
        this.parts = parts;
        log = Logging.GetLogger(parts.System, typeof(BrokerNode));
        directories = new LogDirectorySet(parts.Config, parts.Disk, NewId, line => log.Warning("{0}", line), WentOffline);
        var cache = new MetadataCache(directories.ClusterId, parts.Config.NodeId);
        var registry = new PartitionRegistry();
        var coordinators = new CoordinatorFactory(registry);
        var groups = new GroupEnvironment(() => Services!.Config, () => cache.Image, NewId) { RackOf = RackOf(cache) };
        coordinators.Add(TopicNames.ConsumerOffsets, new CoordinatorSetup(_ => new GroupCoordinator(groups), parts.Config.Int("offsets.load.buffer.size")) { AnswersLastFirst = true });
        if (parts.Member is { } member) membership = new BrokerMembership(parts, member, cache);
        host = new PartitionHost(parts.System, directories.All, registry, NewId, coordinators, parts.RunAll, parts.PartitionDispatcher, membership?.Replication);
        IControllerGate gate;
        IActorRef controller = ActorRefs.Nobody;
        if (membership is null)
        {
            // Before the controller: it hears of everything that this one decides.
            if (CanFormCluster) led = parts.System.ActorOf(Props.Create(typeof(LedShardsActor)), "led-shards");
            controller = StartController(cache, out journalLog);
            led?.Tell(LedShardsActor.Of(cache.Image, parts.Config.NodeId), ActorRefs.NoSender);
            gate = new LocalControllerGate(controller);
        }
        else
        {
            gate = membership.Gate;
        }

        var peers = membership?.Peers ?? new PeerGate(cache);
        var services = new BrokerServices(ConfigOf(cache.Image))
        {
            Metadata = cache,
            Partitions = registry,
            Coordinators = coordinators,
            Controller = controller,
            Gate = gate,
            Transactions = new TransactionServices(new TransactionGate(coordinators, peers), new ProducerIds(gate), new MarkerWriter(registry, cache, coordinators, peers, () => NowMs)),
            Directories = directories.All,
            Host = host,
            Scheduler = parts.System.Scheduler,
            Versions = RequestRouter.Served,
            Advertised = parts.Advertised,
        };
        Services = services;
        coordinators.Add(TopicNames.TransactionState, services.Transactions.CoordinatorSetup(() => services.Config));
        if (membership is null) directories.CheckComplete(cache.Image);
        host.Open(cache.Image, services.Config);
        foreach (var directory in directories.All)
        {
            if (!directory.IsOffline) directory.RemoveDoomed();
        }

        router = new RequestRouter(services, Dice);
        cleaner = StartHelpers(registry, services);
        if (membership is not null) Join(membership, ref journalLog);
        door = BrokerDoorActor.Start(parts.System, new BrokerDoorParts(this, services.Versions, parts.Config.SocketRequestMaxBytes, services.ActorClients, () => Started.IsCompleted && Volatile.Read(ref router) is not null, membership?.PeerDoor));
    }

    // The journal's log is this broker's own, and so is the controller.
    private IActorRef StartController(MetadataCache cache, out PartitionLog opened)
    {
        var kafkas = new KafkaTakeover(parts.Disk, directories!.All, line => log.Warning("{0}", line));
        kafkas.SetAside();
        opened = OpenJournal(directories.JournalHome);
        var journal = new LogMetadataJournal(parts.Disk, opened, () => NowMs, SnapshotBytes);
        if (opened.View.EndOffset == 0 && kafkas.Events(parts.Config) is { Count: > 0 } theirs) Append(journal, theirs);
        var removed = Replay(journal, cache);
        Adopt(journal, cache, removed);
        return parts.System.ActorOf(Props.Create(typeof(ControllerActor), journal, new ControllerSetup(cache, ConfigOf, NewId, Apply, host!.CanMake)), "controller");
    }

    private IActorRef? StartHelpers(PartitionRegistry registry, BrokerServices services)
    {
        if (parts.Config.LogScrubIntervalMs >= 0) parts.System.ActorOf(Props.Create(typeof(ScrubberActor), registry, TimeSpan.FromMilliseconds(parts.Config.LogScrubIntervalMs)), "scrubber");
        return parts.Config.LogCleanerEnable ? parts.System.ActorOf(Props.Create(typeof(CleanerActor), new CleanerParts(registry, () => services.Config, NewId, services.Cleaner)), "cleaner") : null;
    }

    // What the controller decides comes by messages from now on, and with it the partitions.
    private void Join(BrokerMembership member, ref PartitionLog? voterLog)
    {
        QuorumParts? quorum = null;
        if (parts.Member!.Cluster.IsVoter)
        {
            var home = directories!.JournalHome;
            voterLog = OpenJournal(home);
            quorum = new QuorumParts
            {
                Id = parts.Config.NodeId,
                Configured = member.Voters(),
                Log = new PartitionQuorumLog(parts.Disk, voterLog, () => NowMs),
                SnapshotBytes = SnapshotBytes,
                Promises = new QuorumPromiseFile(parts.Disk, voterLog.Directory, NewId),
                NewId = NewId,
                Dice = Dice,
            };
        }

        var registration = member.Registration(ClusterId, NewId(), directories!.All.Where(d => d.Identity is not null).Select(d => KafkaUuid.Parse(d.Identity!.DirectoryId)), directories.CleanShutdownEpoch);
        member.Begin(this, Services, quorum, new ClusterControllerSetup(parts.Config.NodeId, ConfigOf, NewId) { ClusterId = ClusterId }, ApplyAndPublish, registration);
    }

    private void ApplyAndPublish(MetadataImage before, MetadataImage after)
    {
        Apply(before, after);
        Services.Metadata.Publish(after);
        membership!.Applied(before, after);
    }

    private Func<int, string?> RackOf(MetadataCache cache)
    {
        if (parts.Member is not null) return broker => cache.Image.Brokers.GetValueOrDefault(broker)?.Rack;
        return parts.Config.Rack is { Length: > 0 } rack ? broker => broker == parts.Config.NodeId ? rack : null : _ => null;
    }

    /// <summary>What request handlers work with.</summary>
    public BrokerServices Services { get; }

    /// <summary>The cluster's id.</summary>
    public string ClusterId => Services.Metadata.ClusterId;

    private static LogConfig JournalConfig => LogConfig.Default with { RetentionMs = -1, RetentionBytes = -1, DeletesByRetention = false, FileDeleteDelayMs = 0 };

    private long SnapshotBytes => parts.Config.Long("metadata.log.max.record.bytes.between.snapshots");

    private static Guid JournalId => new(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);

    private long NowMs => parts.System.Scheduler.Now.ToUnixTimeMilliseconds();

    /// <summary>Done when the broker serves: at once where it is alone, and for a member of a cluster when the controller has let it in.</summary>
    public Task Started => membership?.Started ?? Task.CompletedTask;

    /// <summary>Starts a broker: when this returns, one that is alone serves; a member of a cluster does when it is <see cref="Started"/>.</summary>
    /// <exception cref="IOException">A log directory cannot be used; the message says why.</exception>
    /// <exception cref="ConfigException">A log directory belongs to another broker or cluster.</exception>
    public static BrokerNode Start(BrokerParts parts) => new(parts);

    /// <inheritdoc/>
    public void Handle(RequestSlot slot)
    {
        if (Volatile.Read(ref router) is { } ready) ready.Handle(slot);
        else slot.CloseConnection("the broker stops");
    }

    /// <summary>
    /// For a broker that is alone, in a system whose provider is the cluster's: begins a cluster of one, in which each of its partitions is an entity of the region <c>partition</c>, as in one of many.
    /// Clients do not wait for it. Does nothing where the provider is another one, and for a member, which joins by itself.
    /// </summary>
    public void FormCluster()
    {
        if (led is null) return;
        var cluster = Cluster.Get(parts.System);
        cluster.Join(cluster.SelfAddress);
        led.Tell(new LedShardsActor.RegionStarted(PartitionShards.Start(parts.System, ClusterRoles.Broker, Services.Metadata, Services.Partitions)), ActorRefs.NoSender);
    }

    /// <summary>Whether it is a node of a cluster, be it of one.</summary>
    public bool HasCluster => membership is not null || led is not null;

    private bool CanFormCluster => parts.System.Settings.Config.GetString("akka.actor.provider") == "cluster";

    /// <summary>Before the stop of a member of a cluster: other brokers take over what it leads. Ends when they have, or the time is over; at once where it is alone.</summary>
    /// <param name="timeout">How long they may take.</param>
    /// <returns>Whether all of it was taken over.</returns>
    public Task<bool> LeaveAsync(TimeSpan timeout)
    {
        if (membership is null) return Task.FromResult(true);
        var left = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        membership.Leave(timeout, all => left.TrySetResult(all));
        return left.Task;
    }

    /// <summary>Ends the sessions of clients that are actors, and takes no more: each ends once its answers are sent. Ends when none is left, and never where its actor system has ended.</summary>
    public Task EndSessionsAsync()
    {
        var none = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        door.Tell(new EndSessions(() => none.TrySetResult()), ActorRefs.NoSender);
        return none.Task;
    }

    /// <summary>
    /// Stops: nothing new is taken, what was taken is finished, logs are closed and checkpoints written, so that the next start need not look at a
    /// single record. The doors should be closed before.
    /// </summary>
    /// <returns>What went wrong; <see cref="ErrorCode.None"/> after a clean stop.</returns>
    public Task<ErrorCode> StopAsync()
    {
        var stopped = new TaskCompletionSource<ErrorCode>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Interlocked.Exchange(ref router, null) is null) return Task.FromResult(ErrorCode.None);
        // A cleaning ends before its log does.
        if (cleaner is null) CloseLogs(stopped);
        else cleaner.Tell(new StopCleaning(() => CloseLogs(stopped)), ActorRefs.NoSender);
        return stopped.Task;
    }

    private void CloseLogs(TaskCompletionSource<ErrorCode> stopped)
    {
        host!.Close(unclean => stopped.TrySetResult(EndOf(unclean)));
    }

    // Each directory stops by itself: what one cannot do is no reason to have the next start look over the others.
    private ErrorCode EndOf(IReadOnlyCollection<LogDirectory> unclean)
    {
        var worst = ErrorCode.None;
        var journal = journalLog?.Close() ?? ErrorCode.None;
        foreach (var directory in directories!.All)
        {
            if (directory.IsOffline) continue;
            var error = unclean.Contains(directory) ? ErrorCode.KafkaStorageError : ErrorCode.None;
            if (error == ErrorCode.None && directory == directories.JournalHome) error = journal;
            if (error == ErrorCode.None) error = host!.WriteLastCheckpoints(directory);
            if (error == ErrorCode.None) error = directory.MarkCleanShutdown(membership?.BrokerEpoch ?? 0);
            if (worst == ErrorCode.None) worst = error;
        }

        return worst;
    }

    private Guid NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        lock (diceGate) parts.Dice.NextBytes(bytes);
        // A random (version 4) uuid, as Kafka makes them.
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    private int Dice(int below)
    {
        lock (diceGate) return parts.Dice.Next(below);
    }

    // From any thread, and once for each directory. One line says what, why, and what to do.
    private void WentOffline(LogDirectory directory)
    {
        log.Error("log directory {0} is offline: {1}. Its partitions answer KAFKA_STORAGE_ERROR, the other directories go on. Mend the disk, then start the broker again.", directory.Path, directory.Failure!);
        host?.TakeOffline(directory);
        if (directories is not { } all || !all.All.All(d => d.IsOffline)) return;
        parts.Fatal?.Invoke($"Every log directory is offline; the last one was {directory.Path}: {directory.Failure}. Mend the disks, then start the broker again.");
    }

    // One that is there is taken whatever id its directory names.
    private PartitionLog OpenJournal(LogDirectory home)
    {
        var name = new PartitionName(TopicNames.ClusterMetadata, 0);
        return home.OpenPartition(name, JournalConfig, home.TopicIdOf(name.ToString()) == Guid.Empty ? JournalId : Guid.Empty, NowMs);
    }

    private static HashSet<Guid> Replay(LogMetadataJournal journal, MetadataCache cache)
    {
        var removed = new HashSet<Guid>();
        var image = MetadataImage.Empty;
        journal.Replay((events, offset) =>
        {
            foreach (var e in events)
            {
                if (e is RemoveTopicRecord gone) removed.Add(gone.TopicId);
            }

            image = image.With(events, offset);
        });
        cache.Publish(image);
        return removed;
    }

    // Partition directories that the journal does not know came from elsewhere, a Kafka broker perhaps: they are served. Those of a topic whose deletion
    // was cut short go now.
    private void Adopt(LogMetadataJournal journal, MetadataCache cache, HashSet<Guid> removed)
    {
        var image = cache.Image;
        var events = new List<IApiMessage>();
        foreach (var group in directories!.All.SelectMany(d => d.Partitions.Select(p => (Directory: d, Partition: p))).GroupBy(p => p.Partition.Topic))
        {
            if (image.Topics.ContainsKey(group.Key) || group.Key == TopicNames.ClusterMetadata) continue;
            var id = group.First().Directory.TopicIdOf(group.First().Partition.ToString());
            if (removed.Contains(id))
            {
                foreach (var (directory, partition) in group) directory.Remove(partition, NewId());
                continue;
            }

            if (id == Guid.Empty || image.TopicOf(id) is not null) id = NewId();
            foreach (var (directory, partition) in group) directory.Adopt(partition, id);
            events.Add(new TopicRecord { Name = group.Key, TopicId = id });
            var count = group.Max(p => p.Partition.Partition) + 1;
            for (var i = 0; i < count; i++) events.Add(Placement.NewPartition(id, i, [parts.Config.NodeId]));
            if (TopicNames.IsInternal(group.Key)) events.AddRange(InternalTopicCommand.Configs(group.Key, parts.Config));
            log.Info("{0}: {1} partition(s) found in the log directory and taken in", group.Key, group.Count());
        }

        if (events.Count == 0) return;
        cache.Publish(image.With(events, Append(journal, events)));
    }

    private static long Append(LogMetadataJournal journal, List<IApiMessage> events)
    {
        var last = -1L;
        journal.Append(events, (offset, error) => last = error is null ? offset : throw new IOException("the controller's journal cannot be written", error));
        return last;
    }

    private BrokerConfig ConfigOf(MetadataImage image)
    {
        if (image.Configs.IsEmpty) return parts.Config;
        var state = new ImageConfigState(image, parts.Config, parts.Config.NodeId);
        var own = state.ValuesOf(new ConfigResource(ConfigResourceType.Broker, parts.Config.NodeId.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        return parts.Config.WithDynamic(state.ValuesOf(new ConfigResource(ConfigResourceType.Broker, "")), own);
    }

    private void Apply(MetadataImage before, MetadataImage after)
    {
        if (!ReferenceEquals(before.Configs, after.Configs)) Services.Config = ConfigOf(after);
        // First what partitions go by, then what they are: with fewer in sync than there have to be from now on, a high watermark must not pass.
        if (!ReferenceEquals(before.Configs, after.Configs)) host!.Reconfigure(after, Services.Config);
        host!.Apply(before, after, Services.Config);
        if (led is not null && LedShardsActor.Between(before, after, parts.Config.NodeId) is { } changed) led.Tell(changed, ActorRefs.NoSender);
        if (!ReferenceEquals(before.Topics, after.Topics)) TellGroups(after);
    }

    // What groups committed of a topic that is gone must not be found under a new one of the same name.
    private void TellGroups(MetadataImage after)
    {
        var gone = after.Touched.Where(t => !after.Topics.ContainsKey(t)).ToHashSet(StringComparer.Ordinal);
        if (gone.Count == 0 || !Services.Partitions.TryGetTopic(TopicNames.ConsumerOffsets, out var handles)) return;
        var message = new TopicsDeleted(gone);
        foreach (var handle in handles) handle?.TellCoordinator(message);
    }
}
