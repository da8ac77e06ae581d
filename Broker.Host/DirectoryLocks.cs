namespace AkkaStream.Host;

/// <summary>
/// Log directories that this process alone uses, by a lock on <c>.lock</c> in each, as Kafka has it: two brokers on one directory would overwrite each other's
/// records. The system lets go of the locks when the process ends, however it ends.
/// </summary>
internal sealed class DirectoryLocks : IDisposable
{
    private const string FileName = ".lock";
    private const int WouldBlock = 11;
    private const int SharingViolation = unchecked((int)0x80070020);
    private readonly List<FileStream> held = [];

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
        try
        {
            Directory.CreateDirectory(directory);
            held.Add(new FileStream(Path.Combine(directory, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0));
        }
        catch (IOException fault) when (fault.HResult is WouldBlock or SharingViolation)
        {
            throw new IOException($"the log directory {directory} is in use by another broker, which holds {Path.Combine(directory, FileName)}: stop that one, or give another directory (--data, log.dirs)", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // It fails again where the directory is opened, and there the failure is judged and told.
        }
    }
}
