using System.Globalization;
using System.Text;

namespace Akka.Actor;

/// <summary>
/// An actor's place in the tree: the root's address and the names from there on. Two paths are equal when address and names are;
/// <see cref="Uid"/> tells incarnations of one name apart and takes no part in that. Immutable.
/// </summary>
public abstract class ActorPath : IEquatable<ActorPath>, IComparable<ActorPath>
{
    /// <summary>What a name may hold beside letters and digits.</summary>
    public const string ValidSymbols = "\"-_.*$+:@&=,!~';()";

    private readonly ActorPath? _parent;
    private readonly int _hash;

    /// <summary>A root.</summary>
    protected ActorPath(Address address, string name)
    {
        Address = address;
        Name = name;
        _hash = HashCode.Combine(address, name);
    }

    /// <summary>A child of <paramref name="parentPath"/>.</summary>
    protected ActorPath(ActorPath parentPath, string name, long uid)
    {
        _parent = parentPath;
        Address = parentPath.Address;
        Name = name;
        Uid = uid;
        Depth = parentPath.Depth + 1;
        _hash = (parentPath._hash * 31) + name.GetHashCode(StringComparison.Ordinal);
    }

    /// <summary>Which incarnation of the name; 0 where that is left open.</summary>
    public long Uid { get; }

    /// <summary>The last name.</summary>
    public string Name { get; }

    /// <summary>Where the system is.</summary>
    public Address Address { get; }

    /// <summary>How many names there are from the root on; 0 for a root.</summary>
    public int Depth { get; }

    /// <summary>The path above; a root's is itself.</summary>
    public ActorPath Parent => _parent ?? this;

    /// <summary>The root.</summary>
    public ActorPath Root => ParentOf(0);

    /// <summary>The names from the root on; empty for a root.</summary>
    public IReadOnlyList<string> Elements
    {
        get
        {
            var elements = new string[Depth];
            var path = this;
            for (var i = Depth - 1; i >= 0; i--, path = path._parent!) elements[i] = path.Name;
            return elements;
        }
    }

    /// <summary>A child's path; slashes in the name are levels.</summary>
    public static ActorPath operator /(ActorPath path, string name) => path.Child(name);

    /// <summary>The path below by all of the names.</summary>
    public static ActorPath operator /(ActorPath path, IEnumerable<string> name)
    {
        foreach (var element in name)
        {
            if (element.Length > 0) path /= element;
        }

        return path;
    }

    /// <inheritdoc/>
    public static bool operator ==(ActorPath? left, ActorPath? right) => left is null ? right is null : left.Equals(right);

    /// <inheritdoc/>
    public static bool operator !=(ActorPath? left, ActorPath? right) => !(left == right);

    /// <summary>Reads a whole path with its address. Throws <see cref="UriFormatException"/> for anything else.</summary>
    public static ActorPath Parse(string path) => TryParse(path, out var parsed) ? parsed : throw new UriFormatException($"'{path}' is not an actor path");

    /// <summary>Reads a whole path with its address.</summary>
    public static bool TryParse(string path, out ActorPath actorPath)
    {
        actorPath = null!;
        return Address.TryParse(path.AsSpan(), out var address, out var rest) && TryParse(new RootActorPath(address), rest, out actorPath);
    }

    /// <summary>Reads a path relative to <paramref name="basePath"/>, or one from its root when it begins with a slash.</summary>
    public static bool TryParse(ActorPath basePath, string path, out ActorPath actorPath) => TryParse(basePath, path.AsSpan(), out actorPath);

    /// <summary>Reads a path relative to <paramref name="basePath"/>, or one from its root when it begins with a slash.</summary>
    public static bool TryParse(ActorPath basePath, ReadOnlySpan<char> absoluteUri, out ActorPath actorPath)
    {
        actorPath = basePath;
        var uid = 0L;
        var hash = absoluteUri.IndexOf('#');
        if (hash >= 0)
        {
            if (!long.TryParse(absoluteUri[(hash + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out uid)) return false;
            absoluteUri = absoluteUri[..hash];
        }

        if (absoluteUri.StartsWith("/")) actorPath = basePath.Root;
        foreach (var range in absoluteUri.Split('/'))
        {
            var element = absoluteUri[range];
            if (!element.IsEmpty) actorPath = element is ".." ? actorPath.Parent : new ChildActorPath(actorPath, element.ToString(), 0);
        }

        actorPath = actorPath.WithUid(uid);
        return true;
    }

    /// <summary>Reads the address of a path.</summary>
    public static bool TryParseAddress(string path, out Address address) => Address.TryParse(path, out address);

    /// <summary>Reads the address of a path and gives the rest from the first slash on.</summary>
    public static bool TryParseAddress(string path, out Address address, out ReadOnlySpan<char> absoluteUri) => Address.TryParse(path.AsSpan(), out address, out absoluteUri);

    /// <summary>Whether a child may be called so: letters, digits, <see cref="ValidSymbols"/> and %-escapes, not beginning with $.</summary>
    public static bool IsValidPathElement(string s)
    {
        if (string.IsNullOrEmpty(s) || s[0] == '$') return false;
        for (var i = 0; i < s.Length; i++)
        {
            if (char.IsAsciiLetterOrDigit(s[i]) || ValidSymbols.Contains(s[i])) continue;
            if (s[i] != '%' || i + 2 >= s.Length || !char.IsAsciiHexDigit(s[i + 1]) || !char.IsAsciiHexDigit(s[i + 2])) return false;
            i += 2;
        }

        return true;
    }

    /// <summary>The names with slashes before them.</summary>
    public static string FormatPathElements(IEnumerable<string> pathElements) => string.Concat(pathElements.Select(element => "/" + element));

    /// <summary>A child's path; slashes in the name are levels.</summary>
    public ActorPath Child(string childName)
        => childName.Contains('/') ? this / childName.Split('/') : new ChildActorPath(this, childName, 0);

    /// <summary>The path above that has this depth; negative counts from here upwards.</summary>
    public ActorPath ParentOf(int depth)
    {
        var path = this;
        var levels = depth >= 0 ? Depth - depth : -depth;
        for (; levels > 0 && path._parent is not null; levels--) path = path._parent;
        return path;
    }

    /// <summary>This path as another incarnation.</summary>
    public ActorPath WithUid(long uid) => uid == Uid || _parent is null ? this : new ChildActorPath(_parent, Name, uid);

    /// <summary>The names with slashes before them, without the address.</summary>
    public string ToStringWithoutAddress() => Join("");

    /// <summary>The whole path with address.</summary>
    public string ToStringWithAddress() => Join(Address.ToString());

    /// <summary>The whole path, with <paramref name="address"/> where its own is local.</summary>
    public string ToStringWithAddress(Address address) => Join((Address.HasGlobalScope ? Address : address).ToString());

    /// <summary>The path with address and incarnation.</summary>
    public string ToStringWithUid() => Join(Address.ToString()) + UidSuffix;

    /// <summary>The path with address and incarnation, as it goes over a wire.</summary>
    public string ToSerializationFormat() => ToStringWithUid();

    /// <summary>As <see cref="ToSerializationFormat"/>, with <paramref name="address"/> where its own is local.</summary>
    public string ToSerializationFormatWithAddress(Address address) => ToStringWithAddress(address) + UidSuffix;

    /// <inheritdoc/>
    public override string ToString() => ToStringWithAddress();

    /// <inheritdoc/>
    public bool Equals(ActorPath? other)
    {
        if (ReferenceEquals(this, other)) return true;
        if (other is null || _hash != other._hash || Depth != other.Depth) return false;
        ActorPath? left = this, right = other;
        for (; left._parent is not null; left = left._parent, right = right._parent!)
        {
            if (ReferenceEquals(left, right)) return true;
            if (left.Name != right.Name) return false;
        }

        return left.Address == right.Address && left.Name == right.Name;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ActorPath);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    /// <inheritdoc/>
    public int CompareTo(ActorPath? other) => other is null ? 1 : string.CompareOrdinal(ToStringWithAddress(), other.ToStringWithAddress());

    private string UidSuffix => Uid == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"#{Uid}");

    private string Join(string start)
    {
        if (Depth == 0) return start + Name;
        var text = new StringBuilder(start);
        Append(text);
        return text.ToString();
    }

    private void Append(StringBuilder text)
    {
        if (_parent is null) return;
        _parent.Append(text);
        text.Append('/').Append(Name);
    }
}

/// <summary>A root.</summary>
public sealed class RootActorPath(Address address, string name = "/") : ActorPath(address, name);

/// <summary>Anything below a root.</summary>
public sealed class ChildActorPath(ActorPath parentPath, string name, long uid) : ActorPath(parentPath, name, uid);
