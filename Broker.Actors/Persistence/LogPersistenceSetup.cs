using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using AkkaStream.Actors.Storage;

namespace AkkaStream.Actors.Persistence;

/// <summary>On which disk the journals and snapshot stores of a system lie; the disk of this machine where a system has no such set-up.</summary>
/// <param name="disk">The disk.</param>
public sealed class LogPersistenceSetup(IDisk disk) : Setup
{
    /// <summary>The disk.</summary>
    public IDisk Disk { get; } = disk;

    /// <summary>
    /// What a configuration needs beyond the folders: <c>akka.persistence.journal.log.dir</c> and <c>akka.persistence.snapshot-store.log.dir</c>, each for one
    /// process alone. Both have a thread of their own, since they wait for the disk.
    /// </summary>
    public static Config DefaultConfig() => ConfigurationFactory.ParseString("""
        akka.persistence {
          journal {
            plugin = "akka.persistence.journal.log"
            log {
              class = "AkkaStream.Actors.Persistence.LogJournal, AkkaStream.Actors"
              plugin-dispatcher = "akka.persistence.log-dispatcher"
              segment-bytes = 64m
            }
          }
          snapshot-store {
            plugin = "akka.persistence.snapshot-store.log"
            log {
              class = "AkkaStream.Actors.Persistence.LogSnapshotStore, AkkaStream.Actors"
              plugin-dispatcher = "akka.persistence.log-dispatcher"
            }
          }
          log-dispatcher {
            type = PinnedDispatcher
          }
        }
        """);

    internal static IDisk DiskOf(ActorSystem system) => system.Settings.Setup.Get<LogPersistenceSetup>() is { HasValue: true } setup ? setup.Value.Disk : new LocalDisk();

    internal static string FolderOf(Config config, string section)
    {
        var folder = config.GetString("dir", "")!;
        return folder.Length > 0 ? folder.TrimEnd('/') : throw new ConfigurationException($"{section}.dir: a folder is needed");
    }
}

/// <summary>Folders of journals and snapshot stores.</summary>
internal static class PersistenceFolders
{
    /// <summary>Makes a folder and those above it, so that they survive a loss of power; nothing where it is there.</summary>
    public static void MakeDurableFolder(this IDisk disk, string folder)
    {
        if (disk.DirectoryExists(folder)) return;
        disk.CreateDirectory(folder);
        for (var above = Path.GetDirectoryName(folder); !string.IsNullOrEmpty(above); above = Path.GetDirectoryName(above)) disk.SyncDirectory(above);
    }

    /// <summary>Takes a folder for this process alone. Two that write one journal would each overwrite what the other has acknowledged.</summary>
    /// <exception cref="IOException">Another has it.</exception>
    public static IDisposable LockFolder(this IDisk disk, string folder, string key)
        => disk.TryLock($"{folder}/.lock") ?? throw new IOException($"{folder} is in use by another process or actor system, which holds {folder}/.lock: a local journal is for one alone. Stop that one, or give {key} another folder");
}
