using Akka.Configuration;
using Akka.Hosting;

namespace Akka.Persistence.Hosting;

/// <summary>Journals and snapshot stores of a hosted system.</summary>
public static class AkkaPersistenceHostingExtensions
{
    /// <summary>A journal in memory, for tests, as the default one.</summary>
    public static AkkaConfigurationBuilder WithInMemoryJournal(this AkkaConfigurationBuilder builder)
        => builder.AddHocon(ConfigurationFactory.ParseString("akka.persistence.journal.plugin = akka.persistence.journal.inmem"), HoconAddMode.Prepend);

    /// <summary>A snapshot store in memory, for tests.</summary>
    /// <param name="builder">The system's.</param>
    /// <param name="snapshotStoreId">The last part of its name in the configuration.</param>
    /// <param name="isDefault">Whether actors that name no store use it.</param>
    public static AkkaConfigurationBuilder WithInMemorySnapshotStore(this AkkaConfigurationBuilder builder, string snapshotStoreId = "inmem", bool isDefault = true)
    {
        var id = $"akka.persistence.snapshot-store.{snapshotStoreId}";
        var hocon = $"{id}.class = \"Akka.Persistence.Snapshot.MemorySnapshotStore, Akka.Persistence\"\n{id}.plugin-dispatcher = \"akka.actor.default-dispatcher\"";
        if (isDefault) hocon += $"\nakka.persistence.snapshot-store.plugin = {id}";
        return builder.AddHocon(ConfigurationFactory.ParseString(hocon), HoconAddMode.Prepend);
    }

    /// <summary>A journal by its options.</summary>
    public static AkkaConfigurationBuilder WithJournal(this AkkaConfigurationBuilder builder, JournalOptions journalOptions)
        => builder.AddHocon(journalOptions.ToConfig(), HoconAddMode.Prepend).AddHocon(journalOptions.DefaultConfig, HoconAddMode.Append);

    /// <summary>A snapshot store by its options.</summary>
    public static AkkaConfigurationBuilder WithSnapshot(this AkkaConfigurationBuilder builder, SnapshotOptions snapshotOptions)
        => builder.AddHocon(snapshotOptions.ToConfig(), HoconAddMode.Prepend).AddHocon(snapshotOptions.DefaultConfig, HoconAddMode.Append);

    /// <summary>Both.</summary>
    public static AkkaConfigurationBuilder WithJournalAndSnapshot(this AkkaConfigurationBuilder builder, JournalOptions journalOptions, SnapshotOptions snapshotOptions)
        => builder.WithJournal(journalOptions).WithSnapshot(snapshotOptions);
}
