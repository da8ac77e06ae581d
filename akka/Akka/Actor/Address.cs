using System.Globalization;

namespace Akka.Actor;

/// <summary>Where an actor system is: protocol, system name and, where it can be reached from outside, host and port. Immutable.</summary>
public sealed class Address : IEquatable<Address>, IComparable<Address>, ICloneable
{
    /// <summary>Stands for all systems at once.</summary>
    public static readonly Address AllSystems = new("akka", "all-systems");

    private string? _text;

    /// <summary>An address; without host and port it means "in this process".</summary>
    public Address(string protocol, string system, string? host = null, int? port = null)
    {
        Protocol = protocol;
        System = system;
        Host = host?.ToLowerInvariant();
        Port = port;
    }

    /// <summary>Orders addresses by protocol, system, host and port.</summary>
    public static readonly IComparer<Address> Comparer = Comparer<Address>.Default;

    /// <summary>Such as <c>akka</c> or <c>akka.tcp</c>.</summary>
    public string Protocol { get; }

    /// <summary>The system's name.</summary>
    public string System { get; }

    /// <summary>The host; null in a local address.</summary>
    public string? Host { get; }

    /// <summary>The port; null in a local address.</summary>
    public int? Port { get; }

    /// <summary>Whether it means "in this process".</summary>
    public bool HasLocalScope => string.IsNullOrEmpty(Host);

    /// <summary>Whether it can be reached from outside.</summary>
    public bool HasGlobalScope => !string.IsNullOrEmpty(Host);

    /// <inheritdoc/>
    public static bool operator ==(Address? left, Address? right) => left is null ? right is null : left.Equals(right);

    /// <inheritdoc/>
    public static bool operator !=(Address? left, Address? right) => !(left == right);

    /// <summary>Reads <c>protocol://system[@host:port]</c>. Throws <see cref="UriFormatException"/> for anything else.</summary>
    public static Address Parse(string address) => TryParse(address, out var parsed) ? parsed : throw new UriFormatException($"'{address}' is not an address");

    /// <summary>Reads <c>protocol://system[@host:port]</c>, followed by a path or not.</summary>
    public static bool TryParse(string path, out Address address) => TryParse(path.AsSpan(), out address);

    /// <summary>Reads <c>protocol://system[@host:port]</c>, followed by a path or not.</summary>
    public static bool TryParse(ReadOnlySpan<char> span, out Address address) => TryParse(span, out address, out _);

    /// <summary>Reads <c>protocol://system[@host:port]</c> and gives what follows from the first slash on; <c>/</c> where nothing follows.</summary>
    public static bool TryParse(ReadOnlySpan<char> span, out Address address, out ReadOnlySpan<char> absolutUri)
    {
        address = null!;
        absolutUri = default;
        var scheme = span.IndexOf("://", StringComparison.Ordinal);
        if (scheme <= 0) return false;
        var rest = span[(scheme + 3)..];
        var slash = rest.IndexOf('/');
        absolutUri = slash < 0 ? "/" : rest[slash..];
        if (slash >= 0) rest = rest[..slash];
        if (rest.IsEmpty) return false;
        var protocol = span[..scheme].ToString();
        var at = rest.IndexOf('@');
        if (at < 0)
        {
            address = new Address(protocol, rest.ToString());
            return true;
        }

        var colon = rest.LastIndexOf(':');
        if (at == 0 || colon <= at + 1) return false;
        if (!int.TryParse(rest[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port > 65535) return false;
        address = new Address(protocol, rest[..at].ToString(), rest[(at + 1)..colon].ToString(), port);
        return true;
    }

    /// <summary>This address with another host.</summary>
    public Address WithHost(string? host = null) => new(Protocol, System, host, Port);

    /// <summary>This address with another port.</summary>
    public Address WithPort(int? port = null) => new(Protocol, System, Host, port);

    /// <summary>This address with another protocol.</summary>
    public Address WithProtocol(string protocol) => new(protocol, System, Host, Port);

    /// <summary>This address with another system name.</summary>
    public Address WithSystem(string system) => new(Protocol, system, Host, Port);

    /// <summary><c>system@host:port</c>.</summary>
    public string HostPort() => ToString()[(Protocol.Length + 3)..];

    /// <inheritdoc/>
    public object Clone() => new Address(Protocol, System, Host, Port);

    /// <inheritdoc/>
    public int CompareTo(Address? other)
    {
        if (other is null) return 1;
        var result = string.CompareOrdinal(Protocol, other.Protocol);
        if (result == 0) result = string.CompareOrdinal(System, other.System);
        if (result == 0) result = string.CompareOrdinal(Host ?? "", other.Host ?? "");
        return result == 0 ? (Port ?? 0).CompareTo(other.Port ?? 0) : result;
    }

    /// <inheritdoc/>
    public bool Equals(Address? other)
        => ReferenceEquals(this, other)
           || (other is not null && Port == other.Port && Host == other.Host && System == other.System && Protocol == other.Protocol);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Address);

    /// <inheritdoc/>
    public override int GetHashCode() => (((Protocol.GetHashCode(StringComparison.Ordinal) * 31) + System.GetHashCode(StringComparison.Ordinal)) * 31) + (Host?.GetHashCode(StringComparison.Ordinal) ?? 0) + (Port ?? 0);

    /// <inheritdoc/>
    public override string ToString()
        => _text ??= HasLocalScope ? $"{Protocol}://{System}" : string.Create(CultureInfo.InvariantCulture, $"{Protocol}://{System}@{Host}:{Port}");
}
