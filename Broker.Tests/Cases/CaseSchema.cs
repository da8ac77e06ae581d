using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json;

namespace AkkaStream.Tests.Cases;

/// <summary>A range of message versions: "a-b", "a+", "a" or "none".</summary>
internal readonly record struct CaseVersions(int Low, int High)
{
    public static readonly CaseVersions None = new(1, 0);

    public static CaseVersions Parse(string? text)
    {
        if (string.IsNullOrEmpty(text) || text == "none") return None;
        if (text.EndsWith('+')) return new(int.Parse(text[..^1], CultureInfo.InvariantCulture), short.MaxValue);
        var parts = text.Split('-').Select(p => int.Parse(p, CultureInfo.InvariantCulture)).ToArray();
        return new(parts[0], parts[^1]);
    }

    public bool Has(int version) => version >= Low && version <= High;
}

/// <summary>One field of a message's schema facts.</summary>
internal sealed class CaseField
{
    public required string Name { get; init; }

    public required string Type { get; init; }

    public int Tag { get; init; }

    public object? Default { get; init; }

    public bool HasDefault { get; init; }

    public CaseVersions Versions { get; init; }

    public CaseVersions Nullable { get; init; }

    public CaseVersions Tagged { get; init; }

    public CaseVersions? Flexible { get; init; }

    public CaseStruct? Struct { get; init; }

    public bool IsArray => Type.StartsWith("[]", StringComparison.Ordinal);

    public bool IsErrorCode => Type == "int16" && (Name == "errorCode" || Name.EndsWith("ErrorCode", StringComparison.Ordinal));

    public CaseField Element() => new() { Name = Name, Type = Type[2..], Versions = Versions, Tagged = CaseVersions.None, Nullable = CaseVersions.None, Struct = Struct, Flexible = Flexible };
}

/// <summary>The fields of a message or of a struct in it.</summary>
internal sealed class CaseStruct(List<CaseField> fields)
{
    public List<CaseField> Fields { get; } = fields;

    public Dictionary<string, CaseField> ByName { get; } = fields.ToDictionary(f => f.Name);
}

/// <summary>
/// The schema facts of one message, from Vectors/schema.zip: the replayer has a codec of its own, so that a mistake in
/// the product's codec cannot hide from the cases.
/// </summary>
internal sealed class CaseMessage
{
    private static readonly ConcurrentDictionary<string, CaseMessage> Known = new();
    private static readonly Lock ArchiveLock = new();

    public required string Name { get; init; }

    public required int ApiKey { get; init; }

    public required CaseVersions Valid { get; init; }

    public required CaseVersions Flexible { get; init; }

    public required CaseStruct Root { get; init; }

    public static CaseMessage Of(string name) => Known.GetOrAdd(name, Load);

    private static CaseMessage Load(string name)
    {
        lock (ArchiveLock)
        {
            using var archive = ZipFile.OpenRead(Path.Combine(AppContext.BaseDirectory, "Vectors", "schema.zip"));
            using var entry = (archive.GetEntry(name + ".json") ?? throw new CaseException($"no message is called {name}")).Open();
            using var json = JsonDocument.Parse(entry);
            var spec = json.RootElement;
            return new CaseMessage
            {
                Name = name,
                ApiKey = spec.TryGetProperty("apiKey", out var key) && key.ValueKind == JsonValueKind.Number ? key.GetInt32() : -1,
                Valid = Versions(spec, "validVersions"),
                Flexible = Versions(spec, "flexibleVersions"),
                Root = StructOf(spec.GetProperty("fields")),
            };
        }
    }

    private static CaseStruct StructOf(JsonElement fields) => new(fields.EnumerateArray().Select(FieldOf).ToList());

    private static CaseField FieldOf(JsonElement spec) => new()
    {
        Name = LowerFirst(spec.GetProperty("name").GetString()!),
        Type = spec.GetProperty("type").GetString()!,
        Tag = spec.TryGetProperty("tag", out var tag) ? tag.GetInt32() : -1,
        HasDefault = spec.TryGetProperty("default", out var fallback),
        Default = fallback.ValueKind == JsonValueKind.Undefined ? null : CaseValue.Of(fallback),
        Versions = Versions(spec, "versions"),
        Nullable = Versions(spec, "nullableVersions"),
        Tagged = Versions(spec, "taggedVersions"),
        Flexible = spec.TryGetProperty("flexibleVersions", out var flexible) ? CaseVersions.Parse(flexible.GetString()) : null,
        Struct = spec.TryGetProperty("fields", out var inner) ? StructOf(inner) : null,
    };

    private static string LowerFirst(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    private static CaseVersions Versions(JsonElement spec, string key)
        => CaseVersions.Parse(spec.TryGetProperty(key, out var text) ? text.GetString() : null);
}
