using System.Globalization;
using System.Text;
using System.Text.Json;
using Akka.Actor;

namespace Petabridge.Cmd.Host.Palettes;

/// <summary>The palette <c>actor</c>: which actors there are.</summary>
internal sealed class ActorCommands(ExtendedActorSystem system) : CommandPaletteHandler(Definition)
{
    public const string Hierarchy = "hierarchy";

    public static readonly CommandPalette Definition = new("actor",
    [
        new CommandDefinitionBuilder().WithName(Hierarchy).WithDescription("Shows actors as a tree, with their classes and how many messages wait.")
            .WithArgument(a => a.WithName("start").WithDescription("The actor to begin with.").WithSwitch("-s").WithSwitch("--start").HasValue().WithDefaultValue("/").WithDefaultValues("/", "/user", "/system"))
            .WithArgument(a => a.WithName("depth").WithDescription("Levels below it, 1 to 100.").WithSwitch("-d").WithSwitch("--depth").HasValue().WithDefaultValue("10"))
            .WithArgument(Tables.Json)
            .Build(),
    ]);

    public override Props HandlerProps => Props.Create(() => new Handler(system));

    private sealed class Handler : CommandHandlerActor
    {
        private readonly ExtendedActorSystem _system;

        public Handler(ExtendedActorSystem system)
            : base(Definition)
        {
            _system = system;
            Process(Hierarchy, (_, arguments) => Sender.Tell(Show(arguments), Self));
        }

        private CommandResponse Show(CommandArguments arguments)
        {
            var start = arguments.ArgumentValues("start")[^1];
            var levels = arguments.ArgumentValues("depth")[^1];
            if (!int.TryParse(levels, NumberStyles.None, CultureInfo.InvariantCulture, out var depth) || depth is < 1 or > 100) return new ErroredCommandResponse($"--depth {levels}: expected a number from 1 to 100");
            var at = _system.LookupRoot.GetChild(start.Split('/', StringSplitOptions.RemoveEmptyEntries));
            if (at is not LocalActorRef from || from.IsTerminated) return new ErroredCommandResponse($"there is no actor {start}");
            var tree = new ActorTree(from, depth);
            return new CommandResponse(Tables.WantsJson(arguments) ? tree.Json() : tree.Text());
        }
    }
}

/// <summary>Actors as they are at the moment, at most <see cref="HostLimits.ShownActors"/>.</summary>
internal sealed class ActorTree
{
    private readonly List<(LocalActorRef Actor, int Level)> _shown = [];
    private int _hidden;

    public ActorTree(LocalActorRef from, int depth) => Add(from, 0, depth);

    public string Text()
    {
        var text = new StringBuilder();
        foreach (var (actor, level) in _shown)
        {
            if (text.Length > 0) text.Append('\n');
            text.Append(' ', level * 2).Append(level == 0 ? PathOf(actor) : actor.Path.Name).Append("  ").Append(ClassOf(actor));
            if (actor.Cell.Mailbox.Count is > 0 and var waiting) text.Append(CultureInfo.InvariantCulture, $"  {waiting} waiting");
        }

        if (_hidden > 0) text.Append(CultureInfo.InvariantCulture, $"\n... and {_hidden} actors more; begin further down with --start, or show fewer levels with --depth");
        return text.ToString();
    }

    public string Json() => Tables.WriteJson(json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("actors");
        foreach (var (actor, _) in _shown) Write(json, actor);
        json.WriteEndArray();
        json.WriteNumber("hidden", _hidden);
        json.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter json, LocalActorRef actor)
    {
        json.WriteStartObject();
        json.WriteString("path", PathOf(actor));
        json.WriteString("class", ClassOf(actor));
        json.WriteNumber("waiting", actor.Cell.Mailbox.Count);
        json.WriteEndObject();
    }

    private static string PathOf(LocalActorRef actor) => "/" + string.Join('/', actor.Path.Elements);

    private static string ClassOf(LocalActorRef actor) => (actor.Cell.Instance?.GetType() ?? actor.Cell.Props.Type).Name;

    private void Add(LocalActorRef actor, int level, int depth)
    {
        if (_shown.Count == HostLimits.ShownActors) _hidden++;
        else _shown.Add((actor, level));
        if (level == depth) return;
        foreach (var child in actor.Cell.GetChildren().OfType<LocalActorRef>().OrderBy(c => c.Path.Name, StringComparer.Ordinal)) Add(child, level + 1, depth);
    }
}
