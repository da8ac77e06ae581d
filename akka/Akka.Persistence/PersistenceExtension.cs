using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence.Internal;
using Akka.Persistence.Snapshot;

namespace Akka.Persistence;

/// <summary>Makes a system's <see cref="PersistenceExtension"/>.</summary>
public class Persistence : ExtensionIdProvider<PersistenceExtension>
{
    /// <summary>The only one.</summary>
    public static Persistence Instance { get; } = new();

    /// <summary>What the configuration falls back to.</summary>
    public static Config DefaultConfig() => ConfigurationFactory.ParseString("""
        akka.persistence {
          max-concurrent-recoveries = 50
          internal-stash-overflow-strategy = "Akka.Persistence.ThrowExceptionConfigurator"
          at-least-once-delivery {
            redeliver-interval = 5s
            redelivery-burst-limit = 10000
            warn-after-number-of-unconfirmed-attempts = 5
            max-unconfirmed-messages = 100000
          }
          journal {
            plugin = "akka.persistence.journal.inmem"
            inmem {
              class = "Akka.Persistence.Journal.MemoryJournal, Akka.Persistence"
              plugin-dispatcher = "akka.actor.default-dispatcher"
            }
          }
          snapshot-store {
            plugin = ""
            inmem {
              class = "Akka.Persistence.Snapshot.MemorySnapshotStore, Akka.Persistence"
              plugin-dispatcher = "akka.actor.default-dispatcher"
            }
          }
          no-snapshot-store {
            class = "Akka.Persistence.Snapshot.NoSnapshotStore, Akka.Persistence"
            plugin-dispatcher = "akka.actor.default-dispatcher"
          }
          journal-plugin-fallback {
            class = ""
            plugin-dispatcher = "akka.actor.default-dispatcher"
            max-message-batch-size = 200
            recovery-event-timeout = 30s
          }
          snapshot-store-plugin-fallback {
            class = ""
            plugin-dispatcher = "akka.actor.default-dispatcher"
          }
        }
        """);

    /// <inheritdoc/>
    public override PersistenceExtension CreateExtension(ExtendedActorSystem system) => new(system);
}

/// <summary>A system's journals and snapshot stores: each one an actor of the system, begun at its first use.</summary>
public class PersistenceExtension : IExtension
{
    private const string NoSnapshots = "akka.persistence.no-snapshot-store";
    private const string JournalFallback = "akka.persistence.journal-plugin-fallback";

    private readonly ExtendedActorSystem _system;
    private readonly Config _config;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, IActorRef> _plugins = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int MaxBatch, TimeSpan RecoveryTimeout)> _journalLimits = new(StringComparer.Ordinal);
    private readonly Lazy<IActorRef> _permitter;

    /// <summary>The persistence of a system.</summary>
    public PersistenceExtension(ExtendedActorSystem system)
    {
        _system = system;
        system.Settings.InjectTopLevelFallback(Persistence.DefaultConfig());
        _config = system.Settings.Config.GetConfig("akka.persistence");
        Settings = new PersistenceSettings(system, system.Settings.Config);
        DefaultInternalStashOverflowStrategy = StrategyOf(_config.GetString("internal-stash-overflow-strategy", "")!);
        var most = _config.GetInt("max-concurrent-recoveries", 50);
        if (most <= 0) throw new ConfigurationException($"akka.persistence.max-concurrent-recoveries must be more than 0, not {most}");
        _permitter = new Lazy<IActorRef>(() => system.SystemActorOf(Props.Create(() => new RecoveryPermitter(most)), "recoveryPermitter"));
    }

    /// <summary>What happens to a command for which there is no more room, where an actor says nothing else.</summary>
    public IStashOverflowStrategy DefaultInternalStashOverflowStrategy { get; }

    /// <summary>What persistence reads of the configuration.</summary>
    public PersistenceSettings Settings { get; }

    internal IActorRef RecoveryPermitter => _permitter.Value;

    /// <summary>A persistent actor's name made of its path.</summary>
    public string PersistenceId(IActorRef actor) => actor.Path.ToStringWithoutAddress();

    /// <summary>A journal; the default one where the name is empty. Throws <see cref="ConfigurationException"/> where there is none of that name.</summary>
    public IActorRef JournalFor(string? journalPluginId)
    {
        var id = JournalId(journalPluginId);
        if (id.Length == 0) throw new ConfigurationException("default journal plugin is not configured: set akka.persistence.journal.plugin");
        return PluginFor(id, JournalFallback);
    }

    /// <summary>A snapshot store; the default one where the name is empty, and where there is no default one, one that keeps nothing.</summary>
    public IActorRef SnapshotStoreFor(string? snapshotPluginId)
    {
        var id = string.IsNullOrEmpty(snapshotPluginId) ? _config.GetString("snapshot-store.plugin", "")! : snapshotPluginId;
        return PluginFor(id.Length == 0 ? NoSnapshots : id, "akka.persistence.snapshot-store-plugin-fallback");
    }

    /// <summary>How many events a journal takes at a time, and how long a recovery from it may be silent: read once for each journal, and not for each actor.</summary>
    internal (int MaxBatch, TimeSpan RecoveryTimeout) LimitsOfJournal(string? journalPluginId)
    {
        var id = JournalId(journalPluginId);
        lock (_lock)
        {
            if (_journalLimits.TryGetValue(id, out var known)) return known;
            var config = ConfigOf(id, JournalFallback);
            return _journalLimits[id] = (Math.Max(1, config.GetInt("max-message-batch-size", 200)), config.GetTimeSpan("recovery-event-timeout", TimeSpan.FromSeconds(30)));
        }
    }

    private static IStashOverflowStrategy StrategyOf(string name) => name.Split(',')[0].Trim() switch
    {
        "Akka.Persistence.DiscardConfigurator" => DiscardToDeadLetterStrategy.Instance,
        "" or "Akka.Persistence.ThrowExceptionConfigurator" => ThrowOverflowExceptionStrategy.Instance,
        _ => Type.GetType(name) is { } type && typeof(IStashOverflowStrategyConfigurator).IsAssignableFrom(type)
            ? ((IStashOverflowStrategyConfigurator)Activator.CreateInstance(type)!).Create(Config.Empty)
            : throw new ConfigurationException($"akka.persistence.internal-stash-overflow-strategy: there is no [{name}]"),
    };

    private string JournalId(string? journalPluginId) => string.IsNullOrEmpty(journalPluginId) ? _config.GetString("journal.plugin", "")! : journalPluginId;

    private Config ConfigOf(string id, string fallback) => _system.Settings.Config.GetConfig(id).WithFallback(_system.Settings.Config.GetConfig(fallback));

    private IActorRef PluginFor(string id, string fallback)
    {
        lock (_lock)
        {
            if (_plugins.TryGetValue(id, out var there)) return there;
            if (!_system.Settings.Config.HasPath(id)) throw new ConfigurationException($"persistence plugin [{id}] is not configured");
            var config = ConfigOf(id, fallback);
            var type = TypeOf(id, config.GetString("class", "")!);
            var props = type.GetConstructor([typeof(Config)]) is null ? Props.Create(type) : Props.Create(type, config);
            var plugin = _system.SystemActorOf(props.WithDispatcher(config.GetString("plugin-dispatcher", Dispatch.Dispatchers.DefaultDispatcherId)!), id);
            _plugins.Add(id, plugin);
            return plugin;
        }
    }

    private static Type TypeOf(string id, string name) => name.Split(',')[0].Trim() switch
    {
        "Akka.Persistence.Journal.MemoryJournal" => typeof(Journal.MemoryJournal),
        "Akka.Persistence.Snapshot.MemorySnapshotStore" => typeof(MemorySnapshotStore),
        "Akka.Persistence.Snapshot.NoSnapshotStore" => typeof(NoSnapshotStore),
        _ => Type.GetType(name) ?? throw new ConfigurationException($"persistence plugin [{id}]: there is no class [{name}]"),
    };
}

/// <summary>Makes a strategy that the configuration names.</summary>
public interface IStashOverflowStrategyConfigurator
{
    /// <summary>The strategy.</summary>
    IStashOverflowStrategy Create(Config config);
}

/// <summary>Makes <see cref="ThrowOverflowExceptionStrategy"/>.</summary>
public sealed class ThrowExceptionConfigurator : IStashOverflowStrategyConfigurator
{
    /// <inheritdoc/>
    public IStashOverflowStrategy Create(Config config) => ThrowOverflowExceptionStrategy.Instance;
}

/// <summary>Makes <see cref="DiscardToDeadLetterStrategy"/>.</summary>
public sealed class DiscardConfigurator : IStashOverflowStrategyConfigurator
{
    /// <inheritdoc/>
    public IStashOverflowStrategy Create(Config config) => DiscardToDeadLetterStrategy.Instance;
}
