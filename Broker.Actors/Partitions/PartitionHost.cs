using System.Collections.Concurrent;
using Akka.Actor;
using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Coordinators;
using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Storage;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Partitions;

/// <summary>Runs many small pieces of work and returns when all are done: in parallel on a machine, one by one in a simulation.</summary>
public delegate void RunAll(IReadOnlyList<Action> work);

/// <summary>
/// Brings the partitions of this broker in line with the metadata: opens and places logs, starts their actors, tells them their configuration,
/// removes what was deleted. Called at the start and then on the controller's turn only.
/// </summary>
public sealed class PartitionHost
{
    private readonly ActorSystem system;
    private readonly IReadOnlyList<LogDirectory> directories;
    private readonly PartitionRegistry registry;
    private readonly Func<Guid> newId;
    private readonly CoordinatorFactory coordinators;
    private readonly string? dispatcher;
    private readonly IActorRef flusher;
    private readonly CheckpointSignal checkpoints = new();
    private readonly ConcurrentDictionary<PartitionName, LogDirectory> homes = [];
    private readonly int[] load;

    /// <summary>A host over directories that are open.</summary>
    public PartitionHost(ActorSystem system, IReadOnlyList<LogDirectory> directories, PartitionRegistry registry, Func<Guid> newId, CoordinatorFactory coordinators, string? dispatcher = null)
    {
        this.system = system;
        this.directories = directories;
        this.registry = registry;
        this.newId = newId;
        this.coordinators = coordinators;
        this.dispatcher = dispatcher;
        load = new int[directories.Count];
        flusher = system.ActorOf(Props.Create(typeof(FlusherActor)), "flusher");
        for (var i = 0; i < directories.Count; i++)
        {
            foreach (var partition in directories[i].Partitions)
            {
                homes[partition] = directories[i];
                load[i]++;
            }
        }
    }

    private long NowMs => system.Scheduler.Now.ToUnixTimeMilliseconds();

    /// <summary>Opens every partition of the image: the start of a broker.</summary>
    /// <exception cref="IOException">A log cannot be opened.</exception>
    public void Open(MetadataImage image, BrokerConfig config, RunAll runAll)
    {
        var work = new List<Action>();
        var topics = new List<(TopicImage Topic, PartitionHandle[] Handles)>();
        foreach (var topic in image.Topics.Values)
        {
            var handles = new PartitionHandle[topic.Partitions.Length];
            var settings = TopicConfig.Create(topic.Configs, config);
            topics.Add((topic, handles));
            foreach (var partition in topic.Partitions)
            {
                var home = HomeOf(new PartitionName(topic.Name, partition.Index));
                work.Add(() => handles[partition.Index] = OpenOne(topic, partition, settings, home));
            }
        }

        runAll(work);
        foreach (var (topic, handles) in topics)
        {
            foreach (var handle in handles) Start(handle);
            registry.Set(topic.Name, topic.Id, handles);
        }
    }

    /// <summary>Does what changed between two images.</summary>
    public void Apply(MetadataImage before, MetadataImage after, BrokerConfig config)
    {
        if (!ReferenceEquals(before.Topics, after.Topics))
        {
            foreach (var topic in before.Topics.Values)
            {
                if (!after.Topics.TryGetValue(topic.Name, out var now) || now.Id != topic.Id) Remove(topic);
            }

            foreach (var topic in after.Topics.Values) Update(before.Topics.GetValueOrDefault(topic.Name), topic, config);
        }
    }

    /// <summary>The broker's own configuration changed: topics take its defaults anew.</summary>
    public void Reconfigure(MetadataImage image, BrokerConfig config)
    {
        foreach (var topic in image.Topics.Values) Tell(topic, config);
    }

    /// <summary>Closes every log and says when all are closed, with the first thing that went wrong.</summary>
    public void Close(Action<ErrorCode> done)
    {
        var handles = registry.All.ToList();
        var open = handles.Count + 1;
        var worst = (int)ErrorCode.None;
        foreach (var handle in handles) handle.Actor.Tell(new CloseLog(Arrived), ActorRefs.NoSender);
        Arrived(ErrorCode.None);

        void Arrived(ErrorCode error)
        {
            if (error != ErrorCode.None) Interlocked.CompareExchange(ref worst, (int)error, (int)ErrorCode.None);
            if (Interlocked.Decrement(ref open) == 0) done((ErrorCode)worst);
        }
    }

    /// <summary>Writes the checkpoint files where a partition has something new to say.</summary>
    public void WriteCheckpointsIfDue()
    {
        if (checkpoints.Take()) WriteCheckpoints();
    }

    /// <summary>Writes what each directory's checkpoint files say.</summary>
    public ErrorCode WriteCheckpoints()
    {
        var worst = ErrorCode.None;
        foreach (var directory in directories)
        {
            var logs = new Dictionary<PartitionName, PartitionLog>();
            foreach (var handle in registry.All)
            {
                var name = new PartitionName(handle.Topic, handle.Index);
                if (homes.GetValueOrDefault(name) == directory) logs[name] = handle.Log;
            }

            var error = directory.WriteCheckpoints(logs);
            if (worst == ErrorCode.None) worst = error;
        }

        return worst;
    }

    private LogDirectory HomeOf(PartitionName partition)
    {
        if (homes.TryGetValue(partition, out var home)) return home;
        var least = 0;
        for (var i = 1; i < load.Length; i++)
        {
            if (load[i] < load[least]) least = i;
        }

        load[least]++;
        return homes[partition] = directories[least];
    }

    private PartitionHandle OpenOne(TopicImage topic, PartitionImage partition, TopicConfig settings, LogDirectory home)
    {
        var log = home.OpenPartition(new PartitionName(topic.Name, partition.Index), settings.ToLogConfig(), topic.Id, NowMs);
        // A directory that came from elsewhere may know later epochs than ours: leadership goes on above them.
        var epoch = log.LeaderEpochs.Count == 0 ? partition.LeaderEpoch : Math.Max(partition.LeaderEpoch, log.LeaderEpochs[^1].Epoch);
        log.BecomeLeader(epoch);
        return new PartitionHandle(topic.Name, topic.Id, partition.Index, epoch, log, settings);
    }

    private void Start(PartitionHandle handle)
    {
        var props = Props.Create(typeof(PartitionActor), handle, flusher, checkpoints, coordinators);
        handle.Actor = system.ActorOf(dispatcher is null ? props : props.WithDispatcher(dispatcher), $"{handle.Topic}-{handle.Index}~{KafkaUuid.ToText(handle.TopicId)}");
    }

    private void Update(TopicImage? before, TopicImage now, BrokerConfig config)
    {
        if (ReferenceEquals(before, now)) return;
        var existing = before?.Id == now.Id && registry.TryGetTopic(now.Id, out var known) ? known : [];
        if (existing.Length > 0 && !ReferenceEquals(before!.Configs, now.Configs)) Tell(now, config);
        if (existing.Length == now.Partitions.Length) return;
        var settings = TopicConfig.Create(now.Configs, config);
        var handles = new PartitionHandle[now.Partitions.Length];
        existing.CopyTo(handles, 0);
        for (var i = existing.Length; i < handles.Length; i++)
        {
            handles[i] = OpenOne(now, now.Partitions[i], settings, HomeOf(new PartitionName(now.Name, i)));
            Start(handles[i]);
        }

        registry.Set(now.Name, now.Id, handles);
    }

    private void Tell(TopicImage topic, BrokerConfig config)
    {
        if (!registry.TryGetTopic(topic.Id, out var handles)) return;
        var message = new Reconfigure(TopicConfig.Create(topic.Configs, config));
        foreach (var handle in handles) handle.Actor.Tell(message, ActorRefs.NoSender);
    }

    // The directory is renamed before the answer goes out, so that the name can be used again at once.
    private void Remove(TopicImage topic)
    {
        foreach (var handle in registry.Remove(topic.Name, topic.Id))
        {
            var name = new PartitionName(handle.Topic, handle.Index);
            if (!homes.TryRemove(name, out var home)) continue;
            for (var i = 0; i < directories.Count; i++)
            {
                if (directories[i] == home) load[i]--;
            }

            handle.IsRemoved = true;
            home.Remove(name, newId());
            handle.Actor.Tell(new CloseLog(_ => home.RemoveDoomed()), ActorRefs.NoSender);
        }
    }
}
