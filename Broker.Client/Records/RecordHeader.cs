namespace AkkaStream.Client.Records;

/// <summary>A header of a record: a name and a value that may be absent. The same name may stand several times.</summary>
/// <param name="Key">The name; written as UTF-8.</param>
/// <param name="Value">The value, or null.</param>
public readonly record struct RecordHeader(string Key, ReadOnlyMemory<byte>? Value);
