using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Coordinators;
using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Partitions.Moving;
using AkkaStream.Actors.Partitions.Replication;
using AkkaStream.Actors.Storage;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Partitions;

/// <summary>Runs many small pieces of work and returns when all are done: in parallel on a machine, one by one in a simulation.</summary>
public delegate void RunAll(IReadOnlyList<Action> work);

/// <summary>
/// Brings the partitions of this broker in line with the metadata: opens and places logs, starts their actors, tells them their configuration,
/// removes what was deleted. Called at the start and then on the controller's turn only.
/// </summary>
public sealed partial class PartitionHost
{
    private readonly ActorSystem system;
    private readonly IReadOnlyList<LogDirectory> directories;
    private readonly PartitionRegistry registry;
    private readonly Func<Guid> newId;
    private readonly Deploy deploy;
    private readonly RunAll runAll;
    private readonly PartitionMeans means;
    private readonly IActorRef mover;
    private long moveBytesPerSecond = long.MaxValue;
    private bool isClosing;
    private readonly PartitionPlaces places;
    private readonly ReplicationMeans? replication;
    private bool hasJoined;
    private ImmutableList<Guid> deleted = [];
    private int incarnations;

    /// <summary>A host over directories that are open.</summary>
    /// <param name="system">Where its actors live.</param>
    /// <param name="directories">The log directories.</param>
    /// <param name="registry">Where the partitions are found.</param>
    /// <param name="newId">Fresh random ids.</param>
    /// <param name="coordinators">Makes the coordinators of internal topics.</param>
    /// <param name="runAll">Opens many logs together.</param>
    /// <param name="dispatcher">Where partitions run; null for the system's default dispatcher.</param>
    /// <param name="replication">
    /// For a member of a cluster, the way to the others: it opens only partitions that it has a replica of, and leads or follows them once the metadata has its registration. Null for a
    /// lone broker, which leads every partition from the start.
    /// </param>
    public PartitionHost(ActorSystem system, IReadOnlyList<LogDirectory> directories, PartitionRegistry registry, Func<Guid> newId, CoordinatorFactory coordinators, RunAll runAll, string? dispatcher, ReplicationMeans? replication = null)
    {
        this.replication = replication;
        this.runAll = runAll;
        this.system = system;
        this.directories = directories;
        this.registry = registry;
        this.newId = newId;
        deploy = dispatcher is null ? new Deploy() : new Deploy().WithDispatcher(dispatcher);
        places = new PartitionPlaces(directories);
        var flusher = system.ActorOf(Props.Create(typeof(FlusherActor)), "flusher");
        var checkpointer = system.ActorOf(Props.Create(typeof(CheckpointActor), this), "checkpointer");
        var checkpoints = new CheckpointSignal(system.Scheduler, () => checkpointer.Tell(CheckpointTick.Instance, ActorRefs.NoSender));
        means = new PartitionMeans(flusher, checkpoints, new HousekeepingSchedule(system.Scheduler), Reopen, coordinators) { Replication = replication };
        mover = system.ActorOf(Props.Create(typeof(MoverActor), this), "mover");
    }

    /// <summary>Bytes a second that moves between log directories copy at most.</summary>
    internal long MoveBytesPerSecond => Volatile.Read(ref moveBytesPerSecond);

    /// <summary>Whether the logs are being closed.</summary>
    internal bool IsClosing => Volatile.Read(ref isClosing);

    /// <summary>Whether any log directory is offline.</summary>
    internal bool HasOffline => directories.Any(directory => directory.IsOffline);

    private long NowMs => system.Scheduler.Now.ToUnixTimeMilliseconds();

    /// <summary>Opens every partition of the image that is here: the start of a broker. The image of a member may be empty or old; what it does not know stays as it is.</summary>
    public void Open(MetadataImage image, BrokerConfig config)
    {
        Reconfigure(config);
        Volatile.Write(ref deleted, image.Removed);
        foreach (var sentence in Duplicates.Resolve(directories, image, newId)) system.Log.Warning("{0}", sentence);
        foreach (var directory in directories) places.Add(directory);
        var growth = new Growth(this);
        // In an order that every process has: that of a hash table of names is another one each time.
        foreach (var topic in image.Topics.Values.OrderBy(t => t.Id)) growth.Add(topic, [], config, places.Find);
        growth.Run();
        foreach (var directory in directories) Resume(directory);
        Join(image);
    }

    /// <summary>
    /// For a member: takes up the roles of an image that has this life's registration, if it is one (<see cref="MetadataImage.Offset"/> at or behind the broker epoch), and removes partitions
    /// that are known not to be this broker's any more, and sets aside those of which nothing is known; nothing the second time. To be called with the present image, on the turn of <see cref="Apply"/>, when the broker epoch becomes known.
    /// </summary>
    /// <remarks>Before that nothing is led: what an earlier life led it led with records that may have been lost since, and its epoch has not ended for anybody yet.</remarks>
    public void Join(MetadataImage image)
    {
        if (replication is null || hasJoined || replication.BrokerEpoch() is not (>= 0 and var epoch) || image.Offset < epoch) return;
        hasJoined = true;
        SortOutStrays(image);
        foreach (var topic in image.Topics.Values.OrderBy(t => t.Id)) TellRoles(null, topic);
    }

    /// <summary>Does what changed between an image and the one that follows it. The cost is that of the change, not that of the image.</summary>
    public void Apply(MetadataImage before, MetadataImage after, BrokerConfig config)
    {
        Volatile.Write(ref deleted, after.Removed);
        var growth = new Growth(this);
        foreach (var name in after.Touched)
        {
            var old = before.Topics.GetValueOrDefault(name);
            var now = after.Topics.GetValueOrDefault(name);
            if (old is not null && old.Id != now?.Id) Remove(old);
            if (now is null) continue;
            var existing = old?.Id == now.Id && registry.TryGetTopic(now.Id, out var known) ? known : [];
            if (existing.Length > 0 && !ReferenceEquals(old!.Configs, now.Configs)) Tell(now, config);
            if (replication is not null) LetGo(existing, now);
            if (LacksSome(existing, now)) growth.Add(now, existing, config, replication is null || hasJoined ? places.Place : places.Find);
        }

        growth.Run();
        Join(after);
        if (!hasJoined) return;
        foreach (var name in after.Touched)
        {
            if (after.Topics.TryGetValue(name, out var now)) TellRoles(before.Topics.GetValueOrDefault(name), now);
        }
    }

    /// <summary>The broker's own configuration changed: topics take its defaults anew.</summary>
    public void Reconfigure(MetadataImage image, BrokerConfig config)
    {
        Reconfigure(config);
        foreach (var topic in image.Topics.Values.OrderBy(t => t.Id)) Tell(topic, config);
    }

    /// <summary>Closes every log and says when all are closed, with the directories in which one could not be.</summary>
    public void Close(Action<IReadOnlyCollection<LogDirectory>> done)
    {
        Volatile.Write(ref isClosing, true);
        means.Checkpoints.Stop();
        means.Housekeeping.Stop();
        system.Stop(mover);
        var handles = registry.All.ToList();
        var open = handles.Count + 1;
        var failed = new ConcurrentDictionary<LogDirectory, ErrorCode>();
        foreach (var handle in handles) handle.Actor.Tell(new CloseLog(error => Arrived(handle, error)), ActorRefs.NoSender);
        Arrived(null, ErrorCode.None);

        void Arrived(PartitionHandle? handle, ErrorCode error)
        {
            if (error != ErrorCode.None) failed[handle!.Home] = error;
            if (Interlocked.Decrement(ref open) == 0) done([.. failed.Keys]);
        }
    }

    /// <summary>
    /// Has a partition moved to another log directory, as AlterReplicaLogDirs asks. Where it is not there yet, it will be made in that directory.
    /// </summary>
    /// <param name="partition">The partition.</param>
    /// <param name="path">The directory, as the configuration names it or in full.</param>
    /// <param name="done">Told, from any thread, when the move has begun, or why it does not.</param>
    public void Move(PartitionName partition, string path, Action<ErrorCode> done)
    {
        var target = directories.FirstOrDefault(directory => PathNames.AreSame(directory.Path, path));
        if (target is null || target.IsOffline)
        {
            done(target is null ? ErrorCode.LogDirNotFound : ErrorCode.KafkaStorageError);
            return;
        }

        if (registry.Find(partition.Topic, partition.Partition) is not { } handle)
        {
            if (TopicNames.Check(partition.Topic) is null && partition.Partition >= 0) places.Wish(partition, target);
            done(ErrorCode.UnknownTopicOrPartition);
        }
        else if (handle.IsOffline)
        {
            done(ErrorCode.KafkaStorageError);
        }
        else if (target.IsCordoned && handle.Home != target)
        {
            done(ErrorCode.InvalidReplicaAssignment);
        }
        else
        {
            mover.Tell(new MoveReplica(handle, target, done), ActorRefs.NoSender);
        }
    }

    /// <summary>Ends a move: on the partition's turn.</summary>
    internal MoveStep Finish(ReplicaMove move, long nowMs)
    {
        var handle = move.Handle;
        var result = move.Finish(newId(), nowMs, replication is not null, out var log);
        if (log is not null)
        {
            if (handle.IsLeader) log.BecomeLeader(handle.LeaderEpoch);
            handle.MoveTo(log, move.Target);
        }
        else if (move.IsPromoted)
        {
            // It lies in the new directory and cannot be opened there: it is offline with it.
            handle.MoveTo(move.Target.StandIn(handle.Name), move.Target);
            handle.IsUnopened = true;
            registry.HasOffline = true;
        }

        if (handle.Home == move.Target) places.Move(handle.Name, move.Target);
        return result;
    }

    /// <summary>Removes the directories of removed partitions, wherever they lie.</summary>
    internal void RemoveDoomed()
    {
        foreach (var directory in directories)
        {
            if (!directory.IsOffline) directory.RemoveDoomed();
        }
    }

    internal Guid NewId() => newId();

    /// <summary>A log directory went offline: its partitions are told, so that whoever waits at one hears of it. From any thread.</summary>
    public void TakeOffline(LogDirectory directory)
    {
        registry.HasOffline = true;
        foreach (var handle in registry.All)
        {
            if (handle.Home == directory) handle.Actor.Tell(DirectoryWentOffline.Instance, ActorRefs.NoSender);
        }
    }

    /// <summary>Writes the checkpoint files where a partition has something new to say. Waits for the disk.</summary>
    public void WriteCheckpoints()
    {
        var changed = directories.ToDictionary(d => d, _ => new List<KeyValuePair<PartitionName, PartitionLog>>());
        while (means.Checkpoints.Take() is { } handle)
        {
            if (!handle.IsRemoved && !handle.IsOffline) changed[handle.Home].Add(new(handle.Name, handle.Log));
        }

        foreach (var (directory, logs) in changed)
        {
            if (logs.Count > 0) directory.WriteCheckpoints(logs);
        }
    }

    /// <summary>Writes what every log of a directory says of itself: the end of an orderly stop.</summary>
    public ErrorCode WriteLastCheckpoints(LogDirectory directory)
    {
        var logs = registry.All.Where(handle => handle.Home == directory).Select(handle => new KeyValuePair<PartitionName, PartitionLog>(handle.Name, handle.Log)).ToList();
        var result = directory.WriteCheckpoints(logs);
        if (result == ErrorCode.None) directory.WriteClosed(logs);
        return result;
    }

    private PartitionHandle OpenOne(TopicImage topic, PartitionImage partition, TopicConfig settings, LogDirectory home)
    {
        var name = new PartitionName(topic.Name, partition.Index);
        var log = TryOpen(name, settings, topic.Id, home);
        if (log is null)
        {
            registry.HasOffline = true;
            return new PartitionHandle(topic.Name, topic.Id, partition.Index, partition.LeaderEpoch, home.StandIn(name), settings) { Home = home, IsUnopened = true, Image = partition, IsLeader = replication is null };
        }

        // What a member's partition is, its actor is told.
        if (replication is not null) return new PartitionHandle(topic.Name, topic.Id, partition.Index, -1, log, settings) { Home = home, Image = partition, IsLeader = false };
        // A directory that came from elsewhere may know later epochs than ours: leadership goes on above them.
        var epoch = log.LeaderEpochs.Count == 0 ? partition.LeaderEpoch : Math.Max(partition.LeaderEpoch, log.LeaderEpochs[^1].Epoch);
        log.BecomeLeader(epoch);
        return new PartitionHandle(topic.Name, topic.Id, partition.Index, epoch, log, settings) { Home = home, Image = partition };
    }

    private PartitionLog? TryOpen(PartitionName name, TopicConfig settings, Guid topicId, LogDirectory home)
    {
        try
        {
            return home.IsOffline ? null : home.OpenPartition(name, settings.ToLogConfig(), topicId, NowMs, replication is not null, id => Volatile.Read(ref deleted).Contains(id));
        }
        catch (Exception error) when (error.IsDiskError())
        {
            // A lack of room was told for the whole directory; it is tried again.
            if (!home.IsOffline && !error.IsLackOfRoom()) system.Log.Error("{0}: the log in {1} cannot be opened: {2}. It answers KAFKA_STORAGE_ERROR until it can be, which is tried every {3} s.", name, home.Path, error.Message, Limits.ReopenMs / 1000);
            return null;
        }
    }

    // On the partition's turn.
    private bool Reopen(PartitionHandle handle)
    {
        var home = handle.Home;
        if (home.LacksRoom && !home.HasRoom(Limits.RoomForPartition)) return false;
        if (TryOpen(handle.Name, handle.Config, handle.TopicId, home) is not { } log) return false;
        if (replication is null) log.BecomeLeader(handle.LeaderEpoch);
        handle.MoveTo(log, home);
        handle.IsUnopened = false;
        return true;
    }

    /// <summary>Whether partitions can be made now.</summary>
    /// <param name="count">How many.</param>
    /// <returns>
    /// <see cref="ErrorCode.InvalidReplicationFactor"/> where every directory is cordoned, as Kafka; <see cref="ErrorCode.KafkaStorageError"/> where none has room or all are offline.
    /// </returns>
    public ErrorCode CanMake(int count) => places.CanPlace(count);

    // A replica that went and comes again finds its former actor still there for a while.
    private void Start(PartitionHandle handle)
        => handle.Actor = system.ActorOf(PartitionActor.PropsOf(handle, means).WithDeploy(deploy), $"{handle.Topic}-{handle.Index}~{KafkaUuid.ToText(handle.TopicId)}{(replication is null ? "" : $"~{Interlocked.Increment(ref incarnations)}")}");

    // Moves that an earlier run was cut short over go on; a copy that belongs to nothing any more goes.
    private void Resume(LogDirectory directory)
    {
        if (directory.IsOffline) return;
        foreach (var future in directory.Futures)
        {
            var handle = registry.Find(future.Partition.Topic, future.Partition.Partition);
            var isOurs = handle is { IsOffline: false, Move: null } && handle.Home != directory && directory.TopicIdOf(future.Name) == handle.TopicId;
            if (!isOurs)
            {
                // With a directory offline nobody knows whose it is; it stays for the next start.
                if (!HasOffline) directory.RemoveFuture(future.Name);
                continue;
            }

            var move = new ReplicaMove(handle!, directory, future.Name, handle!.Log.View.EndOffset);
            handle.Move = move;
            mover.Tell(new ResumeMove(move), ActorRefs.NoSender);
        }
    }

    private void Reconfigure(BrokerConfig config)
    {
        places.Cordon(config.List("cordoned.log.dirs"));
        means.Housekeeping.IntervalMs = Math.Max(1000, config.LogRetentionCheckIntervalMs);
        Volatile.Write(ref moveBytesPerSecond, Math.Max(1, config.Long("replica.alter.log.dirs.io.max.bytes.per.second")));
        replication?.LeaderThrottle.Set(config.Long("leader.replication.throttled.rate"));
        replication?.FollowerThrottle.Set(config.Long("follower.replication.throttled.rate"));
    }

    private void Tell(TopicImage topic, BrokerConfig config)
    {
        if (!registry.TryGetTopic(topic.Id, out var handles)) return;
        var message = new Reconfigure(TopicConfig.Create(topic.Configs, config));
        foreach (var handle in handles) handle?.Actor.Tell(message, ActorRefs.NoSender);
    }

    // The directory is renamed before the answer goes out, so that the name can be used again at once.
    private void Remove(TopicImage topic)
    {
        foreach (var handle in registry.Remove(topic.Name, topic.Id))
        {
            if (handle is not null) Remove(handle);
        }
    }

    private void Remove(PartitionHandle handle)
    {
        if (places.Remove(handle.Name) is not { } home) return;
        handle.IsRemoved = true;
        // What lies in a directory that is offline goes at the next start: the journal knows that the topic was removed.
        if (!home.IsOffline) home.Remove(handle.Name, newId());
        handle.Actor.Tell(new CloseLog(_ => home.RemoveDoomed()), ActorRefs.NoSender);
    }

    // Partitions that come into being together: their logs are opened side by side, and their actors start.
    private sealed class Growth(PartitionHost host)
    {
        private readonly List<Action> work = [];
        private readonly List<(TopicImage Topic, PartitionHandle?[] Handles)> grown = [];

        public void Add(TopicImage topic, PartitionHandle?[] existing, BrokerConfig config, Func<PartitionName, LogDirectory> homeOf)
        {
            var settings = TopicConfig.Create(topic.Configs, config);
            var handles = new PartitionHandle?[topic.Partitions.Length];
            existing.CopyTo(handles, 0);
            grown.Add((topic, handles));
            for (var i = 0; i < handles.Length; i++)
            {
                var partition = topic.Partitions[i];
                if (handles[i] is not null || !host.IsHere(partition)) continue;
                var home = homeOf(new PartitionName(topic.Name, i));
                work.Add(() =>
                {
                    var handle = host.OpenOne(topic, partition, settings, home);
                    handles[partition.Index] = handle;
                    host.Start(handle);
                });
            }
        }

        public void Run()
        {
            host.runAll(work);
            foreach (var (topic, handles) in grown) host.registry.Set(topic.Name, topic.Id, handles);
        }
    }
}
