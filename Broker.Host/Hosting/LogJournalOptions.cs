using System.Text;
using Akka.Configuration;
using Akka.Hosting;
using Akka.Persistence.Hosting;
using AkkaStream.Actors.Persistence;

namespace AkkaStream.Host.Hosting;

/// <summary>A journal in a local log; see <see cref="LogJournal"/>. For <c>WithJournal</c> of a hosted actor system.</summary>
/// <param name="isDefault">Whether actors that name no journal use it.</param>
public sealed class LogJournalOptions(bool isDefault = true) : JournalOptions(isDefault)
{
    /// <inheritdoc/>
    public override string Identifier { get; set; } = "log";

    /// <summary>Its folder, which no other process may use at the same time.</summary>
    public required string Directory { get; set; }

    /// <summary>Bytes at which a segment is full, and most bytes of the events of one persist; 64 MiB.</summary>
    public int SegmentBytes { get; set; } = 64 << 20;

    /// <inheritdoc/>
    protected override Config InternalDefaultConfig => LogPersistenceSetup.DefaultConfig();

    /// <inheritdoc/>
    protected override StringBuilder Build(StringBuilder sb)
    {
        sb.AppendLine($"{PluginId}.class = \"AkkaStream.Actors.Persistence.LogJournal, AkkaStream.Actors\"");
        sb.AppendLine($"{PluginId}.plugin-dispatcher = \"akka.persistence.log-dispatcher\"");
        sb.AppendLine($"{PluginId}.dir = {Directory.ToHocon()}");
        sb.AppendLine($"{PluginId}.segment-bytes = {SegmentBytes.ToHocon()}");
        return base.Build(sb);
    }
}

/// <summary>Snapshots in files; see <see cref="LogSnapshotStore"/>. For <c>WithSnapshot</c> of a hosted actor system.</summary>
/// <param name="isDefault">Whether actors that name no store use it.</param>
public sealed class LogSnapshotOptions(bool isDefault = true) : SnapshotOptions(isDefault)
{
    /// <inheritdoc/>
    public override string Identifier { get; set; } = "log";

    /// <summary>Its folder.</summary>
    public required string Directory { get; set; }

    /// <inheritdoc/>
    protected override Config InternalDefaultConfig => LogPersistenceSetup.DefaultConfig();

    /// <inheritdoc/>
    protected override StringBuilder Build(StringBuilder sb)
    {
        sb.AppendLine($"{PluginId}.class = \"AkkaStream.Actors.Persistence.LogSnapshotStore, AkkaStream.Actors\"");
        sb.AppendLine($"{PluginId}.plugin-dispatcher = \"akka.persistence.log-dispatcher\"");
        sb.AppendLine($"{PluginId}.dir = {Directory.ToHocon()}");
        return base.Build(sb);
    }
}
