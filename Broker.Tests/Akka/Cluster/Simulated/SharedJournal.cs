using System.Collections.Immutable;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Persistence;
using Akka.Persistence.Journal;
using Akka.Persistence.Snapshot;
using SimulatedWorld = global::Akka.Simulation.Simulation;

namespace AkkaStream.Tests.Akka.Cluster.Simulated;

/// <summary>
/// What the journals and snapshot stores of all simulated nodes lead to, as to a database: it outlives them. A write is there some time after it was sent and acknowledged some time later, if its node
/// still runs then; it may be told to fail, before or after it is there. Events are kept as bytes.
/// </summary>
internal sealed class SharedEvents(SimulatedWorld sim) : Setup
{
    /// <summary>What nodes need to reach it.</summary>
    public static readonly string Config = $$"""
        akka.persistence {
          journal.plugin = shared-journal
          snapshot-store.plugin = shared-snapshots
        }
        shared-journal.class = "{{typeof(SharedJournal).AssemblyQualifiedName}}"
        shared-snapshots.class = "{{typeof(SharedSnapshots).AssemblyQualifiedName}}"
        """;

    private readonly Random _dice = sim.NewRandom();

    public Dictionary<string, SortedDictionary<long, Kept>> Events { get; } = [];

    public Dictionary<string, long> Highest { get; } = [];

    public Dictionary<string, SortedDictionary<long, Kept>> Snapshots { get; } = [];

    /// <summary>In how many of a hundred writes something fails.</summary>
    public int FailuresInHundred { get; set; }

    /// <summary>Two who write for one actor at a time, where that happened.</summary>
    public string? Violation { get; private set; }

    public TimeSpan SomeTime() => TimeSpan.FromMilliseconds(_dice.Next(1, 15));

    /// <summary>Whether this time it fails.</summary>
    public void MayFail()
    {
        if (_dice.Next(100) < FailuresInHundred) throw new IOException("the journal is away");
    }

    public void Write(IPersistentRepresentation representation, ActorSystem system)
    {
        var (id, number) = (representation.PersistenceId, representation.SequenceNr);
        if (number != Highest.GetValueOrDefault(id) + 1) Violation ??= $"{id} gets event {number} after {Highest.GetValueOrDefault(id)}";
        Highest[id] = number;
        if (!Events.TryGetValue(id, out var events)) Events[id] = events = [];
        events[number] = Kept.Of(representation.Payload, system);
    }

    internal sealed record Kept(byte[] Bytes, int Serializer, string Manifest)
    {
        public static Kept Of(object payload, ActorSystem system)
        {
            var serializer = system.Serialization.FindSerializerFor(payload);
            return new Kept(serializer.ToBinary(payload), serializer.Identifier, global::Akka.Serialization.Serialization.ManifestFor(serializer, payload));
        }

        public object Read(ActorSystem system) => system.Serialization.Deserialize(Bytes, Serializer, Manifest);
    }
}

/// <summary>A node's way to <see cref="SharedEvents"/>.</summary>
internal sealed class SharedJournal : AsyncWriteJournal
{
    private readonly SharedEvents _shared = Context.System.Settings.Setup.Get<SharedEvents>().Value;
    private readonly ActorSystem _system = Context.System;
    private Task _last = Task.CompletedTask;

    public override async Task ReplayMessagesAsync(IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max, Action<IPersistentRepresentation> recoveryCallback)
    {
        await SomeTime();
        foreach (var (number, kept) in _shared.Events.GetValueOrDefault(persistenceId) ?? [])
        {
            if (number >= fromSequenceNr && number <= toSequenceNr && max-- > 0) recoveryCallback(new Persistent(kept.Read(_system), number, persistenceId));
        }
    }

    public override async Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr)
    {
        await SomeTime();
        _shared.MayFail();
        return _shared.Highest.GetValueOrDefault(persistenceId);
    }

    // One after the other, as over one connection.
    protected override Task<IImmutableList<Exception?>?> WriteMessagesAsync(IEnumerable<AtomicWrite> messages)
    {
        var write = WriteAfter(_last, messages);
        _last = write;
        return write;
    }

    protected override Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr)
    {
        foreach (var number in (_shared.Events.GetValueOrDefault(persistenceId) ?? []).Keys.Where(number => number <= toSequenceNr).ToList()) _shared.Events[persistenceId].Remove(number);
        return Task.CompletedTask;
    }

    private async Task<IImmutableList<Exception?>?> WriteAfter(Task last, IEnumerable<AtomicWrite> messages)
    {
        await last.ContinueWith(static _ => { }, TaskContinuationOptions.ExecuteSynchronously);
        await SomeTime();
        _shared.MayFail();
        foreach (var write in messages)
        {
            foreach (var representation in (IEnumerable<IPersistentRepresentation>)write.Payload) _shared.Write(representation, _system);
        }

        await SomeTime();
        _shared.MayFail();
        return null;
    }

    private Task SomeTime()
    {
        var passed = new TaskCompletionSource();
        _system.Scheduler.Advanced.ScheduleOnce(_shared.SomeTime(), passed.SetResult);
        return passed.Task;
    }
}

/// <summary>The snapshots of <see cref="SharedEvents"/>.</summary>
internal sealed class SharedSnapshots : SnapshotStore
{
    private readonly SharedEvents _shared = Context.System.Settings.Setup.Get<SharedEvents>().Value;
    private readonly ActorSystem _system = Context.System;

    protected override Task<SelectedSnapshot?> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria)
    {
        SelectedSnapshot? latest = null;
        foreach (var (number, kept) in Of(persistenceId))
        {
            if (number <= criteria.MaxSequenceNr) latest = new SelectedSnapshot(new SnapshotMetadata(persistenceId, number), kept.Read(_system));
        }

        return Task.FromResult(latest);
    }

    protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot)
    {
        Of(metadata.PersistenceId)[metadata.SequenceNr] = SharedEvents.Kept.Of(snapshot, _system);
        return Task.CompletedTask;
    }

    protected override Task DeleteAsync(SnapshotMetadata metadata)
    {
        Of(metadata.PersistenceId).Remove(metadata.SequenceNr);
        return Task.CompletedTask;
    }

    protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria)
    {
        foreach (var number in Of(persistenceId).Keys.Where(number => number <= criteria.MaxSequenceNr).ToList()) Of(persistenceId).Remove(number);
        return Task.CompletedTask;
    }

    private SortedDictionary<long, SharedEvents.Kept> Of(string persistenceId)
    {
        if (!_shared.Snapshots.TryGetValue(persistenceId, out var own)) _shared.Snapshots[persistenceId] = own = [];
        return own;
    }
}
