namespace AkkaStream.Client.Protocol;

/// <summary>Bytes that are no message of the version they claim to be.</summary>
public sealed class MalformedMessageException : Exception
{
    /// <summary>Makes one with a sentence for people.</summary>
    public MalformedMessageException(string message) : base(message)
    {
    }
}

/// <summary>A message, or a value in it, that a version cannot express.</summary>
public sealed class UnsupportedVersionException : Exception
{
    /// <summary>Makes one with a sentence for people.</summary>
    public UnsupportedVersionException(string message) : base(message)
    {
    }

    /// <summary>The exception for a field that is set although <paramref name="version"/> has no place for it.</summary>
    public static UnsupportedVersionException Field(string field, short version) => new($"version {version} has no {field}, but it is set");

    /// <summary>The exception for a message that has no such version.</summary>
    public static UnsupportedVersionException OfMessage(string message, short version) => new($"{message} has no version {version}");
}
