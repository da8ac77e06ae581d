#pragma warning disable RS0030 // pbm's own history file.

namespace Pbm;

/// <summary>What was typed before, in a file of its user. A file that cannot be read or written is no history, and no failure.</summary>
internal sealed class HistoryFile(string path) : IHistoryStore
{
    /// <summary>Where it lies: <c>.pbm_history</c> in the user's own folder.</summary>
    public static HistoryFile OfUser() => new(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".pbm_history"));

    public IReadOnlyList<string> Read()
    {
        try
        {
            return File.Exists(path) ? File.ReadLines(path).TakeLast(Limits.HistoryLines).ToList() : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    public void Write(IReadOnlyList<string> lines)
    {
        try
        {
            File.WriteAllLines(path + ".new", lines);
            File.Move(path + ".new", path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A home that cannot be written is no reason to fail: the history ends with the process.
            return;
        }
    }
}

/// <summary>Where history is kept.</summary>
internal interface IHistoryStore
{
    /// <summary>The lines, oldest first.</summary>
    IReadOnlyList<string> Read();

    /// <summary>Keeps them.</summary>
    void Write(IReadOnlyList<string> lines);
}
