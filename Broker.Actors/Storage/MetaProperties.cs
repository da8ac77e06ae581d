using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace AkkaStream.Actors.Storage;

/// <summary>The file <c>meta.properties</c>: whose log directory this is.</summary>
/// <param name="ClusterId">Id of the cluster, 22 characters.</param>
/// <param name="NodeId">Id of the broker.</param>
/// <param name="DirectoryId">Id of the directory, 22 characters.</param>
public sealed record MetaProperties(string ClusterId, int NodeId, string DirectoryId)
{
    /// <summary>The file's name.</summary>
    public const string FileName = "meta.properties";

    /// <summary>The file's bytes.</summary>
    public byte[] Encode()
        => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"#\nnode.id={NodeId}\ndirectory.id={DirectoryId}\nversion=1\ncluster.id={ClusterId}\n"));

    /// <summary>Reads a file; null where a field is missing. Version 0 called the node <c>broker.id</c> and had no directory id.</summary>
    public static MetaProperties? Decode(ReadOnlySpan<byte> bytes)
    {
        var values = new Dictionary<string, string>();
        foreach (var line in Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (line[0] is not ('#' or '!') && equals > 0) values[line[..equals].Trim()] = line[(equals + 1)..].Trim();
        }

        var node = values.GetValueOrDefault("node.id") ?? values.GetValueOrDefault("broker.id");
        if (!int.TryParse(node, NumberStyles.None, CultureInfo.InvariantCulture, out var nodeId) || !values.TryGetValue("cluster.id", out var cluster)) return null;
        return new MetaProperties(cluster, nodeId, values.GetValueOrDefault("directory.id", ""));
    }
}

/// <summary>The file <c>.kafka_cleanshutdown</c>.</summary>
internal static class CleanShutdownMarker
{
    public const string FileName = ".kafka_cleanshutdown";

    /// <summary>The broker epoch in the file, or -1 where it holds none.</summary>
    public static long Parse(ReadOnlySpan<byte> bytes)
    {
        var at = bytes.IndexOf("\"brokerEpoch\":"u8);
        if (at < 0) return -1;
        return Utf8Parser.TryParse(bytes[(at + 14)..], out long epoch, out _) ? epoch : -1;
    }

    public static byte[] Encode(long brokerEpoch) => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"version\":0,\"brokerEpoch\":{brokerEpoch}}}"));
}
