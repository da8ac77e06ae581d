using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Akka.Actor;

namespace Petabridge.Cmd.Host.Palettes;

/// <summary>The palette <c>sys</c>: the process and its actor system.</summary>
internal sealed partial class SysCommands(ExtendedActorSystem system) : CommandPaletteHandler(Definition)
{
    public const string Info = "info";
    public const string Config = "config";

    public static readonly CommandPalette Definition = new("sys",
    [
        new CommandDefinitionBuilder().WithName(Info).WithDescription("Shows name, age, versions, memory and threads.").WithArgument(Tables.Json).Build(),
        new CommandDefinitionBuilder().WithName(Config).WithDescription("Shows the configuration in effect; passwords and secrets are masked.")
            .WithArgument(a => a.WithName("path").WithDescription("Only this part of it.").WithSwitch("-p").WithSwitch("--path").HasValue().WithDefaultValue("akka").WithDefaultValues("akka", "akka.actor", "akka.cluster", "akka.remote", "petabridge"))
            .Build(),
    ]);

    public override Props HandlerProps => Props.Create(() => new Handler(system));

    /// <summary>Lines that may give a secret away, with the secret out.</summary>
    public static string Masked(string hocon) => Secret().Replace(hocon, "$1 : \"***\"");

    [GeneratedRegex("""^(\s*"?[\w.-]*(?:password|passphrase|secret|credential|connection-string|token|private-key)[\w.-]*"?)\s*[:=].*$""", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex Secret();

    private sealed class Handler : CommandHandlerActor
    {
        private readonly ExtendedActorSystem _system;

        public Handler(ExtendedActorSystem system)
            : base(Definition)
        {
            _system = system;
            Process(Info, (_, arguments) => Sender.Tell(new CommandResponse(Tables.WantsJson(arguments) ? Json(Facts()) : Lines(Facts())), Self));
            Process(Config, (_, arguments) => Sender.Tell(Show(arguments.ArgumentValues("path")[^1]), Self));
        }

        private static string Lines(List<(string Name, string Value)> facts)
        {
            var width = facts.Max(f => f.Name.Length);
            return string.Join('\n', facts.Select(f => $"{f.Name.PadRight(width)}  {f.Value}"));
        }

        private static string Json(List<(string Name, string Value)> facts) => Tables.WriteJson(json =>
        {
            json.WriteStartObject();
            foreach (var (name, value) in facts)
            {
                if (long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) json.WriteNumber(name, number);
                else json.WriteString(name, value);
            }

            json.WriteEndObject();
        });

        private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

        private List<(string Name, string Value)> Facts() =>
        [
            ("system", _system.Name),
            ("address", _system.Provider.DefaultAddress.ToString()),
            ("uptime-seconds", Number((long)_system.Uptime.TotalSeconds)),
            ("application", Assembly.GetEntryAssembly()?.GetName().Name ?? "none"),
            ("version", Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "none"),
            ("runtime", RuntimeInformation.FrameworkDescription),
            ("os", RuntimeInformation.OSDescription),
            ("process-id", Number(Environment.ProcessId)),
            ("processors", Number(Environment.ProcessorCount)),
            ("working-set-bytes", Number(Environment.WorkingSet)),
            ("heap-bytes", Number(GC.GetTotalMemory(false))),
            ("allocated-bytes", Number(GC.GetTotalAllocatedBytes())),
            ("collections", $"{GC.CollectionCount(0)}/{GC.CollectionCount(1)}/{GC.CollectionCount(2)}"),
            ("pool-threads", Number(ThreadPool.ThreadCount)),
            ("pool-waiting", Number(ThreadPool.PendingWorkItemCount)),
            ("cpu-milliseconds", Number((long)Environment.CpuUsage.TotalTime.TotalMilliseconds)),
        ];

        private CommandResponse Show(string path)
        {
            var section = _system.Settings.Config.GetConfig(path);
            return section is null || section.IsEmpty ? new ErroredCommandResponse($"the configuration has no section '{path}'") : new CommandResponse($"# {path}\n{Masked(section.ToString(includeFallback: true))}");
        }
    }
}
