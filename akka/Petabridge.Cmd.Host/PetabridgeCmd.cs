using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Configuration;
using Akka.Event;
using Petabridge.Cmd.Host.Internal;
using Petabridge.Cmd.Host.Palettes;
using Petabridge.Cmd.Wire;

namespace Petabridge.Cmd.Host;

/// <summary>Makes a system's <see cref="PetabridgeCmd"/>.</summary>
public sealed class PetabridgeCmdProvider : ExtensionIdProvider<PetabridgeCmd>
{
    /// <inheritdoc/>
    public override PetabridgeCmd CreateExtension(ExtendedActorSystem system) => new(system);
}

/// <summary>
/// The host to which <c>pbm</c> connects: it listens at <c>petabridge.cmd.host</c> (127.0.0.1 where nothing is said) and <c>petabridge.cmd.port</c> (9110) and
/// runs the commands of its palettes. <c>actor</c>, <c>log</c> and <c>sys</c> are there from the beginning. Who reaches the port may run every command.
/// </summary>
public sealed class PetabridgeCmd : IExtension
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, CommandPaletteHandler> _handlers = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource<int> _bound = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _started;

    /// <summary>The host of a system.</summary>
    public PetabridgeCmd(ExtendedActorSystem system)
    {
        Sys = system;
        system.Settings.InjectTopLevelFallback(DefaultConfig());
        RegisterCommandPalette(new ActorCommands(system));
        RegisterCommandPalette(new LogCommands());
        RegisterCommandPalette(new SysCommands(system));
    }

    /// <summary>The system whose host it is.</summary>
    public ActorSystem Sys { get; }

    /// <summary>Ends with the port when it listens, or with why it does not.</summary>
    internal Task<int> Bound => _bound.Task;

    /// <summary>The host of a system, made where it is not there yet.</summary>
    public static PetabridgeCmd Get(ActorSystem system) => system.WithExtension<PetabridgeCmd, PetabridgeCmdProvider>();

    /// <summary>What the configuration falls back to.</summary>
    public static Config DefaultConfig() => ConfigurationFactory.ParseString("""
        petabridge.cmd {
          host = "127.0.0.1"
          port = 9110
          log-palettes-on-startup = off
        }
        """);

    /// <summary>Adds a palette, before or after <see cref="Start"/>. False, with a line in the log, where there is one of that name, or no room for more.</summary>
    public bool RegisterCommandPalette(CommandPaletteHandler handler)
    {
        var name = handler.Palette.ModuleName;
        lock (_lock)
        {
            if (_handlers.ContainsKey(name) || name == CommandLine.Help) return Refuse($"there is a palette '{name}' already");
            if (_handlers.Count >= Limits.Palettes) return Refuse($"palette '{name}': a host has at most {Limits.Palettes}");
            var all = Palettes();
            all.Add(handler.Palette);
            if (Frames.Palettes(all).Length > Limits.AnswerBytes) return Refuse($"palette '{name}': all palettes together may take {Limits.AnswerBytes} bytes");
            handler.OnRegister(this);
            _handlers.Add(name, handler);
            return true;
        }
    }

    /// <summary>Begins to listen; a second call does nothing. A port that cannot be had is told in the log, and costs nothing else.</summary>
    public void Start()
    {
        lock (_lock)
        {
            if (_started) return;
            _started = true;
        }

        ((ExtendedActorSystem)Sys).SystemActorOf(Props.CreateBy(new GuardianProducer(() => new CommandHost(this, _bound))), "petabridge.cmd");
    }

    /// <summary>The palettes in the order of their names.</summary>
    internal List<CommandPalette> Palettes()
    {
        lock (_lock) return [.. _handlers.Values.Select(h => h.Palette).OrderBy(p => p.ModuleName, StringComparer.Ordinal)];
    }

    /// <summary>Who handles a palette; null where nobody does.</summary>
    internal CommandPaletteHandler? HandlerOf(string palette)
    {
        lock (_lock) return _handlers.GetValueOrDefault(palette);
    }

    private bool Refuse(string why)
    {
        Sys.Log.Warning("Petabridge.Cmd: {0}; it was not registered", why);
        return false;
    }
}
