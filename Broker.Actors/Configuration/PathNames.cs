namespace AkkaStream.Actors.Configuration;

/// <summary>Folders by their names.</summary>
internal static class PathNames
{
    /// <summary>Whether two names mean one folder, as far as names tell. What is asked may be anything: a name of no meaning to the system is no folder's.</summary>
    public static bool AreSame(string ours, string asked)
        => asked.Length > 0 && !asked.Contains('\0') && Path.TrimEndingDirectorySeparator(Path.GetFullPath(ours)) == Path.TrimEndingDirectorySeparator(Path.GetFullPath(asked));
}
