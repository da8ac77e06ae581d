using System.Globalization;
using System.Text;
using AkkaStream.Actors.Storage;

namespace AkkaStream.Actors.Metadata.Quorum;

/// <summary>
/// A voter's promise in the file <c>quorum-promise</c> beside its log (Kafka's own file there is <c>quorum-state</c>, by which its log is told from ours): three lines, the disk's id, the
/// epoch, the claim. Replaced in one step, and durable before anybody hears of it.
/// </summary>
public sealed class QuorumPromiseFile : IQuorumPromises
{
    /// <summary>The file's name.</summary>
    public const string FileName = "quorum-promise";

    private readonly IDisk disk;
    private readonly string path;
    private QuorumPromise promise = QuorumPromise.None;

    /// <summary>Reads the file; where it is not there, the disk gets an id, and is a new voter's.</summary>
    /// <param name="disk">The disk.</param>
    /// <param name="directory">The log's directory, which is there.</param>
    /// <param name="newId">Gives a fresh random id.</param>
    /// <exception cref="IOException">The disk failed, or the file is damaged; the message says what to do.</exception>
    public QuorumPromiseFile(IDisk disk, string directory, Func<Guid> newId)
    {
        this.disk = disk;
        path = $"{directory}/{FileName}";
        if (disk.LengthOf(path) is var length and >= 0)
        {
            Read(length);
            return;
        }

        Disk = newId();
        Write(promise);
        disk.SyncDirectory(Path.GetDirectoryName(directory)!);
    }

    /// <inheritdoc/>
    public Guid Disk { get; private set; }

    /// <inheritdoc/>
    public QuorumPromise Promise => Volatile.Read(ref promise);

    /// <inheritdoc/>
    public bool TryStore(QuorumPromise next)
    {
        try
        {
            Write(next);
        }
        catch (Exception error) when (error.IsDiskError())
        {
            return false; // the log directory has said what is wrong; whoever asked hears that it was not promised
        }

        Volatile.Write(ref promise, next);
        return true;
    }

    private void Write(QuorumPromise next)
        => disk.ReplaceAll(path, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Disk}\n{next.Epoch}\n{next.Claim}\n")), durable: true);

    private void Read(long length)
    {
        var lines = length <= Limits.QuorumPromiseBytes ? Encoding.ASCII.GetString(disk.ReadAll(path)).Split('\n') : [];
        if (lines.Length != 4 || !Guid.TryParse(lines[0], out var id) || !int.TryParse(lines[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var epoch) || !Guid.TryParse(lines[2], out var claim))
        {
            throw new IOException($"{path} is damaged: what this voter promised is not known. Remove the file to have it come back as a new voter, which must then be added to the quorum in the place of the old one.");
        }

        Disk = id;
        promise = new QuorumPromise(epoch, claim);
    }
}
