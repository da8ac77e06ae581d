using System.Globalization;

namespace Akka.Util;

/// <summary>A version such as <c>1.2.3-rc1</c>: numbers are compared as numbers, what follows a dash as text, and a version with a dash comes before the one without.</summary>
public class AppVersion : IComparable<AppVersion>, IEquatable<AppVersion>
{
    /// <summary>0.0.0.</summary>
    public static readonly AppVersion Zero = new("0.0.0");

    private AppVersion(string version) => Version = version;

    /// <summary>As it is written.</summary>
    public string Version { get; }

    /// <inheritdoc/>
    public static bool operator ==(AppVersion? first, AppVersion? second) => first is null ? second is null : first.Equals(second);

    /// <inheritdoc/>
    public static bool operator !=(AppVersion? first, AppVersion? second) => !(first == second);

    /// <summary>A version by its text.</summary>
    public static AppVersion Create(string version) => new(version.Trim());

    /// <inheritdoc/>
    public int CompareTo(AppVersion? other)
    {
        if (other is null) return 1;
        var (mine, myRest) = Parts(Version);
        var (others, otherRest) = Parts(other.Version);
        for (var i = 0; i < Math.Max(mine.Length, others.Length); i++)
        {
            var result = Compare(i < mine.Length ? mine[i] : "0", i < others.Length ? others[i] : "0");
            if (result != 0) return result;
        }

        if (myRest.Length == 0 || otherRest.Length == 0) return otherRest.Length.CompareTo(myRest.Length);
        return string.CompareOrdinal(myRest, otherRest);
    }

    /// <summary>Whether both are written the same: as the hash code has it. 1.0 and 1.0.0 compare as equal, but are two versions.</summary>
    public bool Equals(AppVersion? other) => other is not null && Version == other.Version;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as AppVersion);

    /// <inheritdoc/>
    public override int GetHashCode() => Version.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Version;

    private static (string[] Numbers, string Suffix) Parts(string version)
    {
        var plus = version.IndexOf('+');
        if (plus >= 0) version = version[..plus];
        var dash = version.IndexOf('-');
        return dash < 0 ? (version.Split('.'), "") : (version[..dash].Split('.'), version[(dash + 1)..]);
    }

    private static int Compare(string left, string right)
        => int.TryParse(left, NumberStyles.None, CultureInfo.InvariantCulture, out var a) && int.TryParse(right, NumberStyles.None, CultureInfo.InvariantCulture, out var b)
            ? a.CompareTo(b)
            : string.CompareOrdinal(left, right);
}
