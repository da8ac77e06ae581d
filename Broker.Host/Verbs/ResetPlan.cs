using System.CommandLine;
using System.Globalization;
using System.Xml;
using AkkaStream.Client.Admin;
using AkkaStream.Client.Cluster;

namespace AkkaStream.Host.Verbs;

/// <summary>The options that say where committed offsets go.</summary>
internal sealed class ResetKinds
{
    private readonly Option<bool> earliest = new("--to-earliest") { Description = "To the oldest record." };
    private readonly Option<bool> latest = new("--to-latest") { Description = "To the end." };
    private readonly Option<bool> current = new("--to-current") { Description = "To what is committed now." };
    private readonly Option<long?> offset = new("--to-offset") { Description = "To this offset." };
    private readonly Option<long?> shift = new("--shift-by") { Description = "By so many records, forward or (negative) back." };
    private readonly Option<string> time = new("--to-datetime") { Description = "To the first record at or after YYYY-MM-DDTHH:mm:SS.sss, UTC where no zone is given." };
    private readonly Option<string> duration = new("--by-duration") { Description = "To the first record not older than a duration such as PT1H." };
    private readonly Option<string> file = new("--from-file") { Description = "To the offsets of a CSV file, TOPIC,PARTITION,OFFSET a line." };

    internal IReadOnlyList<Option> Options => [earliest, latest, current, offset, shift, time, duration, file];

    /// <summary>What the command line asks for.</summary>
    /// <exception cref="FormatException">It asks for nothing, for too much, or for what cannot be read.</exception>
    internal ResetPlan Read(ParseResult parsed, string[] topics, bool allTopics)
    {
        var given = Options.Where(o => parsed.GetResult(o) is { Implicit: false }).ToList();
        if (given.Count == 0) throw new FormatException($"groups reset-offsets requires one of {string.Join(", ", Options.Select(o => o.Name))}");
        if (given.Count > 1) throw new FormatException($"{given[0].Name} can't be used with {given[1].Name}");
        if (parsed.GetValue(file) is null && topics.Length == 0 && !allTopics) throw new FormatException("One of the reset scopes should be defined: --all-topics, --topic.");
        return new ResetPlan(given[0].Name, topics, allTopics)
        {
            Number = parsed.GetValue(offset) ?? parsed.GetValue(shift) ?? 0,
            TimeMs = TimeOf(parsed.GetValue(time), parsed.GetValue(duration)),
            File = parsed.GetValue(file),
        };
    }

    private static long TimeOf(string? time, string? duration)
    {
        if (time is not null)
        {
            if (!time.Contains('T', StringComparison.Ordinal) || !DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)) throw new FormatException($"--to-datetime {time}: expected YYYY-MM-DDTHH:mm:SS.sss");
            return at.ToUnixTimeMilliseconds();
        }

        return duration is null ? -1 : DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - (long)XmlConvert.ToTimeSpan(duration).TotalMilliseconds;
    }
}

/// <summary>Where committed offsets go: of which partitions, and to what.</summary>
internal sealed record ResetPlan(string Kind, string[] Topics, bool AllTopics)
{
    /// <summary>An offset, or a number of records.</summary>
    internal long Number { get; init; }

    /// <summary>Milliseconds since 1970.</summary>
    internal long TimeMs { get; init; }

    /// <summary>A CSV file.</summary>
    internal string? File { get; init; }

    /// <summary>The partitions that texts such as <c>topic</c> and <c>topic:0,1</c> name.</summary>
    /// <exception cref="FormatException">A partition is not there.</exception>
    internal static async Task<List<TopicPartition>> Partitions(AdminClient admin, string[] texts, CancellationToken cancellation)
    {
        var partitions = new List<TopicPartition>();
        foreach (var text in texts)
        {
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            var topic = await admin.DescribeTopicAsync(colon < 0 ? text : text[..colon], cancellation);
            var wanted = colon < 0 ? topic.Partitions.Select(p => p.Index).ToList() : text[(colon + 1)..].Split(',').Select(p => Int(p, text)).ToList();
            if (wanted.FindAll(p => (uint)p >= (uint)topic.Partitions.Count) is { Count: > 0 } missing) throw new FormatException($"The partitions \"{string.Join(", ", missing.Select(p => $"{topic.Name}-{p}"))}\" do not exist");
            partitions.AddRange(wanted.Select(p => new TopicPartition(topic.Name, p)));
        }

        return partitions;
    }

    /// <summary>The offset that each partition gets.</summary>
    internal async Task<IReadOnlyDictionary<TopicPartition, long>> Offsets(AdminClient admin, string group, TextWriter error, CancellationToken cancellation)
    {
        if (File is not null) return await Clamp(admin, ReadFile(), error, cancellation);
        var committed = await admin.ListGroupOffsetsAsync(group, cancellation);
        var partitions = AllTopics ? [.. committed.Keys] : await Partitions(admin, Topics, cancellation);
        if (partitions.Count == 0) return new Dictionary<TopicPartition, long>();
        switch (Kind)
        {
            case "--to-earliest": return await Look(admin, partitions, OffsetSpec.Earliest, cancellation);
            case "--to-latest": return await Look(admin, partitions, OffsetSpec.Latest, cancellation);
            case "--to-offset": return await Clamp(admin, partitions.ToDictionary(p => p, _ => Number), error, cancellation);
            case "--to-current" or "--shift-by":
                var ends = await Look(admin, partitions, OffsetSpec.Latest, cancellation);
                if (Kind == "--shift-by" && partitions.Find(p => !committed.ContainsKey(p)) is { Topic: not null } none) throw new FormatException($"Cannot shift offset for partition {none} since there is no current committed offset");
                return await Clamp(admin, partitions.ToDictionary(p => p, p => (committed.TryGetValue(p, out var c) ? c.Offset : ends[p]) + Number), error, cancellation);
            default: return await AtTime(admin, partitions, error, cancellation);
        }
    }

    private static async Task<Dictionary<TopicPartition, long>> Look(AdminClient admin, IReadOnlyCollection<TopicPartition> partitions, long spec, CancellationToken cancellation)
        => (await admin.ListOffsetsAsync(partitions.ToDictionary(p => p, _ => spec), cancellation: cancellation)).ToDictionary(o => o.Key, o => o.Value.Offset);

    private async Task<Dictionary<TopicPartition, long>> AtTime(AdminClient admin, List<TopicPartition> partitions, TextWriter error, CancellationToken cancellation)
    {
        var found = await Look(admin, partitions, TimeMs, cancellation);
        var ends = await Look(admin, partitions, OffsetSpec.Latest, cancellation);
        foreach (var partition in partitions.Where(p => found[p] < 0))
        {
            error.WriteLine($"\nWarn: Partition {partition.Partition} from topic {partition.Topic} is empty. Falling back to latest known offset.");
            found[partition] = ends[partition];
        }

        return found;
    }

    // What lies outside of the log would be read from elsewhere: it goes to the nearest end.
    private static async Task<Dictionary<TopicPartition, long>> Clamp(AdminClient admin, Dictionary<TopicPartition, long> wanted, TextWriter error, CancellationToken cancellation)
    {
        var first = await Look(admin, wanted.Keys, OffsetSpec.Earliest, cancellation);
        var last = await Look(admin, wanted.Keys, OffsetSpec.Latest, cancellation);
        var clamped = new Dictionary<TopicPartition, long>();
        foreach (var (partition, offset) in wanted)
        {
            clamped[partition] = Math.Clamp(offset, first[partition], last[partition]);
            if (offset > last[partition]) error.WriteLine($"\nWarn: New offset ({offset}) is higher than latest offset for topic partition {partition}. Value will be set to {last[partition]}");
            if (offset < first[partition]) error.WriteLine($"\nWarn: New offset ({offset}) is lower than earliest offset for topic partition {partition}. Value will be set to {first[partition]}");
        }

        return clamped;
    }

    private Dictionary<TopicPartition, long> ReadFile()
    {
        var offsets = new Dictionary<TopicPartition, long>();
        var number = 0;
        foreach (var line in System.IO.File.ReadLines(File!))
        {
            number++;
            if (line.Trim().Length == 0) continue;
            var cells = line.Split(',', StringSplitOptions.TrimEntries);
            if (cells.Length != 3 || !long.TryParse(cells[2], NumberStyles.None, CultureInfo.InvariantCulture, out var offset)) throw new FormatException($"{File}, line {number}: expected TOPIC,PARTITION,OFFSET");
            offsets[new TopicPartition(cells[0], Int(cells[1], line))] = offset;
        }

        return offsets;
    }

    private static int Int(string text, string where)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new FormatException($"{where}: '{text}' is no partition");
}
