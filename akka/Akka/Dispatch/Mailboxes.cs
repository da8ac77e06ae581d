using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;

namespace Akka.Dispatch;

/// <summary>A system's types of mailboxes by their names in the configuration.</summary>
public class Mailboxes
{
    /// <summary>The mailbox of actors that name none.</summary>
    public static readonly string DefaultMailboxId = "akka.actor.default-mailbox";

    private readonly ActorSystem _system;
    private readonly ConcurrentDictionary<string, MailboxType> _types = new();
    private OfDispatcher? _last;

    /// <summary>The mailboxes of <paramref name="system"/>.</summary>
    public Mailboxes(ActorSystem system) => _system = system;

    /// <summary>
    /// A mailbox type by name. Throws <see cref="ConfigurationException"/> where there is none, or its <c>mailbox-type</c> is unknown.
    /// </summary>
    public MailboxType Lookup(string id) => _types.GetOrAdd(id, static (name, self) => self.Make(name), this);

    /// <summary>Which mailbox an actor has: its own, its dispatcher's, the default.</summary>
    public MailboxType GetMailboxType(Props props, Config dispatcherConfig)
    {
        if (props.Mailbox is { } own) return Lookup(own);
        if (_last is { } last && ReferenceEquals(last.Config, dispatcherConfig)) return last.Type;
        var name = dispatcherConfig.GetString("mailbox-type");
        var type = string.IsNullOrEmpty(name) ? Lookup(DefaultMailboxId) : Lookup(dispatcherConfig.GetString("id")!);
        _last = new OfDispatcher(dispatcherConfig, type);
        return type;
    }

    internal int StashCapacity(Props props, Config dispatcherConfig, int otherwise)
    {
        if (props.Deploy.StashCapacity != Deploy.NoStashSize) return props.Deploy.StashCapacity;
        var config = props.Mailbox is { } mailbox && _system.Settings.Config.GetConfig(mailbox) is { } own && own.HasPath("stash-capacity") ? own : dispatcherConfig;
        return config.GetInt("stash-capacity", otherwise);
    }

    private MailboxType Make(string id)
    {
        if (id == DefaultMailboxId && !_system.Settings.Config.HasPath(id)) return new UnboundedMailbox(_system.Settings, Config.Empty);
        if (!_system.Settings.Config.HasPath(id)) throw new ConfigurationException($"Mailbox Type [{id}] not configured");
        var section = _system.Settings.Config.GetConfig(id).WithFallback(_system.Settings.Config.GetConfig(DefaultMailboxId));
        var name = section.GetString("mailbox-type", "")!;
        var comma = name.IndexOf(',', StringComparison.Ordinal);
        return (comma < 0 ? name : name[..comma]).Trim() switch
        {
            "Akka.Dispatch.UnboundedMailbox" or "Akka.Event.LoggerMailboxType" => new UnboundedMailbox(_system.Settings, section),
            "Akka.Dispatch.BoundedMailbox" => new BoundedMailbox(_system.Settings, section),
            "Akka.Dispatch.UnboundedDequeBasedMailbox" => new UnboundedDequeBasedMailbox(_system.Settings, section),
            "Akka.Dispatch.BoundedDequeBasedMailbox" => new BoundedDequeBasedMailbox(_system.Settings, section),
            _ => Custom(id, name, section),
        };
    }

    private MailboxType Custom(string id, string type, Config section)
        => Type.GetType(type) is { } found && typeof(MailboxType).IsAssignableFrom(found)
            ? (MailboxType)Activator.CreateInstance(found, _system.Settings, section)!
            : throw new ConfigurationException($"Mailbox [{id}]: mailbox-type [{type}] is not a class that derives from MailboxType.");

    // Nearly all actors run on one dispatcher, and every new one asks.
    private sealed record OfDispatcher(Config Config, MailboxType Type);
}
