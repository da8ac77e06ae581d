namespace AkkaStream.Client.Protocol;

/// <summary>Marks a record as a message, for which the generator writes the codec.</summary>
/// <param name="versions">The versions that can be read and written: "a-b" or "a".</param>
/// <param name="flexible">The versions with compact lengths and tagged fields (KIP-482): "a+" or "none".</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ApiMessageAttribute(string versions, string flexible) : Attribute
{
    /// <summary>The API, or <see cref="ApiKey.None"/> for data that is no request or response.</summary>
    public ApiKey Key { get; set; } = ApiKey.None;

    /// <summary>The versions.</summary>
    public string Versions { get; } = versions;

    /// <summary>The flexible versions.</summary>
    public string Flexible { get; } = flexible;
}

/// <summary>Marks a property as a field on the wire. Fields are written in the order of their declaration; the initializer is the default.</summary>
/// <param name="versions">The versions that have it: "a+", "a-b" or "a".</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FieldAttribute(string versions) : Attribute
{
    /// <summary>The versions that have the field.</summary>
    public string Versions { get; } = versions;

    /// <summary>The versions in which it may be null.</summary>
    public string Nullable { get; set; } = "none";

    /// <summary>The versions in which it is a tagged field.</summary>
    public string Tagged { get; set; } = "none";

    /// <summary>Its tag.</summary>
    public int Tag { get; set; } = -1;

    /// <summary>Whether a value may be dropped silently where the version has no place for it.</summary>
    public bool Ignorable { get; set; }
}
