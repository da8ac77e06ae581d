using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using AkkaStream.Actors.Storage;

namespace AkkaStream.Tests.Actors.Storage;

/// <summary>Partition directories that Kafka wrote, and what it made of them.</summary>
internal static class StorageVectors
{
    private static readonly Lazy<byte[]> Archive = new(() => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Vectors", "log.zip")));

    /// <summary>Names of the cases below a folder.</summary>
    public static IEnumerable<string> Cases(string folder)
    {
        using var zip = new ZipArchive(new MemoryStream(Archive.Value));
        return zip.Entries.Where(entry => entry.FullName.StartsWith(folder + "/", StringComparison.Ordinal) && entry.Name == "case.json")
            .Select(entry => entry.FullName.Split('/')[1]).Order(StringComparer.Ordinal).ToList();
    }

    /// <summary>What Kafka said of a case.</summary>
    public static JsonElement Case(string folder, string name)
    {
        using var zip = new ZipArchive(new MemoryStream(Archive.Value));
        using var stream = zip.GetEntry($"{folder}/{name}/case.json")!.Open();
        return JsonDocument.Parse(stream).RootElement.Clone();
    }

    /// <summary>Puts a case's files on a disk below <c>/data</c>; gives the names of the partition directories.</summary>
    public static List<string> Unpack(string archive, IDisk disk)
    {
        using var zip = new ZipArchive(new MemoryStream(Archive.Value));
        return Unpack(zip.GetEntry(archive)!.Open(), disk);
    }

    /// <summary>The same with a packed directory that is no case.</summary>
    public static List<string> Unpack(Stream archive, IDisk disk)
    {
        using var packed = new GZipStream(archive, CompressionMode.Decompress);
        using var tar = new TarReader(packed);
        var directories = new List<string>();
        disk.CreateDirectory("/data");
        while (tar.GetNextEntry() is { } entry)
        {
            var name = entry.Name.TrimEnd('/');
            if (name == ".") continue;
            var path = "/data/" + (name.StartsWith("./", StringComparison.Ordinal) ? name[2..] : name);
            if (entry.EntryType == TarEntryType.Directory)
            {
                disk.CreateDirectory(path);
                directories.Add(path);
                continue;
            }

            using var content = new MemoryStream();
            entry.DataStream?.CopyTo(content);
            Put(disk, path, content.ToArray());
        }

        return directories;
    }

    /// <summary>Writes a file.</summary>
    public static void Put(IDisk disk, string path, byte[] bytes)
    {
        using var file = disk.Open(path, DiskAccess.Create);
        file.SetLength(0);
        file.Write(bytes, 0);
    }

    /// <summary>Reads a file; null where it is not there.</summary>
    public static byte[]? Get(IDisk disk, string path)
    {
        if (disk.LengthOf(path) < 0) return null;
        using var file = disk.Open(path, DiskAccess.Read);
        var bytes = new byte[file.Length];
        Assert.Equal(bytes.Length, file.Read(bytes, 0));
        return bytes;
    }

    /// <summary>SHA-256 in hex.</summary>
    public static string Sha(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>The settings of a case.</summary>
    public static LogConfig Config(JsonElement configs)
    {
        var config = LogConfig.Default with { RetentionMs = -1, ProducerIdExpirationMs = long.MaxValue };
        foreach (var setting in configs.EnumerateObject())
        {
            var value = setting.Value.GetString()!;
            config = setting.Name switch
            {
                "internal.segment.bytes" or "segment.bytes" => config with { SegmentBytes = int.Parse(value) },
                "index.interval.bytes" => config with { IndexIntervalBytes = int.Parse(value) },
                "segment.index.bytes" => config with { SegmentIndexBytes = int.Parse(value) },
                "segment.ms" => config with { SegmentMs = long.Parse(value) },
                "file.delete.delay.ms" => config with { FileDeleteDelayMs = long.Parse(value) },
                _ => config,
            };
        }

        return config;
    }
}
