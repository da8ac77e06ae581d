using AkkaStream.Actors.Storage;

namespace AkkaStream.Host;

/// <summary>
/// Log directories that this process alone uses, by a lock on <c>.lock</c> in each, as Kafka has it: two brokers on one directory would overwrite each other's
/// records. The system lets go of the locks when the process ends, however it ends.
/// </summary>
internal sealed class DirectoryLocks : IDisposable
{
    private const string FileName = ".lock";
    private readonly LocalDisk disk = new();
    private readonly List<IDisposable> held = [];

    private DirectoryLocks()
    {
    }

    /// <summary>Takes the directories, which are made where they are not there. One that cannot be used at all is left out: who opens it tells why.</summary>
    /// <exception cref="IOException">A directory is in use by another broker.</exception>
    public static DirectoryLocks Take(IReadOnlyList<string> directories)
    {
        var locks = new DirectoryLocks();
        try
        {
            foreach (var directory in directories) locks.Take(directory);
            return locks;
        }
        catch
        {
            locks.Dispose();
            throw;
        }
    }

    /// <summary>Gives the directories back.</summary>
    public void Dispose()
    {
        foreach (var file in held) file.Dispose();
        held.Clear();
    }

    private void Take(string directory)
    {
        var file = Path.Combine(directory, FileName);
        IDisposable? taken;
        try
        {
            disk.CreateDirectory(directory);
            taken = disk.TryLock(file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // It fails again where the directory is opened, and there the failure is judged and told.
            return;
        }

        held.Add(taken ?? throw new IOException($"the log directory {directory} is in use by another broker, which holds {file}: stop that one, or give another directory (--data, log.dirs)"));
    }
}
