using System.CommandLine;
using System.Text.Json;
using AkkaStream.Actors.Configuration;
using Spectre.Console;

namespace AkkaStream.Host.Verbs;

/// <summary><c>config keys</c>: every configuration key with type, default and meaning.</summary>
internal static class ConfigVerb
{
    private static readonly string[] Kinds = ["broker", "topic", "group", "client-metrics"];

    internal static Command Create(TextWriter output, TextWriter error)
    {
        var filter = new Argument<string>("text") { Description = "Only keys whose name holds this.", Arity = ArgumentArity.ZeroOrOne };
        var kind = new Option<string>("--kind") { Description = "broker, topic, group or client-metrics.", DefaultValueFactory = _ => "broker" };
        kind.AcceptOnlyFromAmong(Kinds);
        var effective = new Option<bool>("--effective") { Description = "Only keys that this version acts on." };
        var json = new Option<bool>("--json") { Description = "One JSON array." };
        var keys = new Command("keys", "List configuration keys: type, default, bounds, meaning.") { filter, kind, effective, json };
        keys.SetAction(parsed =>
        {
            var text = parsed.GetValue(filter) ?? "";
            var found = TableOf(parsed.GetValue(kind)!).All
                .Where(key => !key.IsInternal && key.Name.Contains(text, StringComparison.OrdinalIgnoreCase) && (key.HasEffect || !parsed.GetValue(effective))).ToList();
            if (parsed.GetValue(json)) WriteJson(found, output);
            else if (output == Console.Out && !Console.IsOutputRedirected) WriteTable(found);
            else WriteLines(found, output);
            if (found.Count > 0 || parsed.GetValue(json)) return VerbProgram.Done;
            error.WriteLine($"no key of the kind {parsed.GetValue(kind)} holds '{text}'{Elsewhere(text)}");
            return VerbProgram.Failed;
        });
        return new Command("config", "Look into the configuration.") { keys };
    }

    private static ConfigTable TableOf(string kind) => kind switch
    {
        "topic" => ConfigTable.Topic,
        "group" => ConfigTable.Group,
        "client-metrics" => ConfigTable.ClientMetrics,
        _ => ConfigTable.Broker,
    };

    private static string Elsewhere(string text)
    {
        var kinds = Kinds.Where(kind => TableOf(kind).All.Any(key => !key.IsInternal && key.Name.Contains(text, StringComparison.OrdinalIgnoreCase))).ToList();
        if (kinds.Count > 0) return $"; there are some of the kind {string.Join(", ", kinds)}: give --kind {kinds[0]}";
        return ConfigTable.Broker.Nearest(text) is { } nearest ? $"; did you mean {nearest.Name}?" : "";
    }

    private static string MeaningOf(ConfigKey key) => key.Documentation + (key.HasEffect ? "" : " (accepted, no effect yet)");

    private static string ChangeOf(ConfigKey key) => key.UpdateMode switch
    {
        ConfigUpdateMode.ReadOnly => "restart",
        ConfigUpdateMode.PerBroker => "per broker",
        _ => "while running",
    };

    private static void WriteTable(List<ConfigKey> keys)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("key", "type", "default", "bounds", "change", "meaning");
        foreach (var key in keys)
        {
            table.AddRow(Markup.Escape(key.Name), TypeOf(key), Markup.Escape(key.Default ?? "(none)"), Markup.Escape(key.Bounds), ChangeOf(key), Markup.Escape(MeaningOf(key)));
        }

        AnsiConsole.Write(table);
    }

    private static void WriteLines(List<ConfigKey> keys, TextWriter output)
    {
        foreach (var key in keys) output.WriteLine($"{key.Name}\t{TypeOf(key)}\t{key.Default ?? "(none)"}\t{key.Bounds}\t{ChangeOf(key)}\t{MeaningOf(key)}");
    }

    private static string TypeOf(ConfigKey key) => key.Type.ToString().ToLowerInvariant();

    private static void WriteJson(List<ConfigKey> keys, TextWriter output)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartArray();
            foreach (var key in keys)
            {
                json.WriteStartObject();
                json.WriteString("name", key.Name);
                json.WriteString("type", TypeOf(key));
                json.WriteString("default", key.Default);
                json.WriteString("bounds", key.Bounds);
                json.WriteString("importance", key.Importance.ToString().ToLowerInvariant());
                json.WriteString("change", ChangeOf(key));
                json.WriteBoolean("hasEffect", key.HasEffect);
                json.WriteBoolean("deprecated", key.IsDeprecated);
                json.WriteString("documentation", key.Documentation);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        output.WriteLine(System.Text.Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)));
    }
}
