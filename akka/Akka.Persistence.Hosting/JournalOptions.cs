using System.Text;
using Akka.Configuration;
using Akka.Hosting;

namespace Akka.Persistence.Hosting;

/// <summary>The journal of a system; a plug-in derives its own options from it.</summary>
public abstract class JournalOptions
{
    /// <summary>Options.</summary>
    /// <param name="isDefault">Whether actors that name no journal use this one.</param>
    protected JournalOptions(bool isDefault) => IsDefaultPlugin = isDefault;

    /// <summary>Whether actors that name no journal use this one.</summary>
    public bool IsDefaultPlugin { get; set; }

    /// <summary>The last part of its name in the configuration.</summary>
    public abstract string Identifier { get; set; }

    /// <summary>Its name in the configuration.</summary>
    public string PluginId => $"akka.persistence.journal.{Identifier}";

    /// <summary>Whether the plug-in makes what it needs at its first use.</summary>
    public bool AutoInitialize { get; set; }

    /// <summary>The serialiser of what has none of its own; null for the system's choice.</summary>
    public string? Serializer { get; set; }

    /// <summary>What the plug-in falls back to.</summary>
    public Config DefaultConfig => InternalDefaultConfig;

    /// <summary>What the plug-in falls back to.</summary>
    protected abstract Config InternalDefaultConfig { get; }

    /// <summary>As configuration.</summary>
    public Config ToConfig() => ConfigurationFactory.ParseString(ToString());

    /// <summary>As HOCON.</summary>
    public sealed override string ToString() => Build(new StringBuilder()).ToString();

    /// <summary>Writes the section of the plug-in; what a derived class adds stands before what this writes, with full paths.</summary>
    protected virtual StringBuilder Build(StringBuilder sb)
    {
        if (IsDefaultPlugin) sb.AppendLine($"akka.persistence.journal.plugin = {PluginId}");
        if (Serializer is not null) sb.AppendLine($"{PluginId}.serializer = {Serializer.ToHocon()}");
        return sb.AppendLine($"{PluginId}.auto-initialize = {AutoInitialize.ToHocon()}");
    }
}
