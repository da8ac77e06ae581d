using System.CommandLine;
using System.Text;
using System.Text.Json;
using AkkaStream.Client.Transport;

namespace AkkaStream.Host.Verbs;

/// <summary><c>metadata ls|get PATH</c>: the controller's state as a tree, as people know it from ZooKeeper's shell.</summary>
internal static class MetadataVerb
{
    // What is short is shown as ZooKeeper's shell shows it.
    private const int OneLine = 120;

    internal static Command Create(TextWriter output, TextWriter error, IBrokerTransport? transport = null)
    {
        var frame = new VerbFrame("metadata", "Look into the controller's state as a tree: /brokers/ids/1, /controller, /brokers/topics/orders/partitions/0/state.", output, error, transport);
        AddLs(frame);
        AddGet(frame);
        return frame.Command;
    }

    private static void AddLs(VerbFrame frame)
    {
        var path = new Argument<string>("path") { Description = "Where; the root where it is left out.", Arity = ArgumentArity.ZeroOrOne };
        var recursive = new Option<bool>("--recursive", "-R") { Description = "With all that lies below, as paths." };
        frame.Add(new Command("ls", "List what lies under a path.") { path, recursive }, async (parsed, session, cancellation) =>
        {
            var at = MetadataTree.Normal(parsed.GetValue(path) ?? "/");
            var tree = await MetadataTree.Read(session, parsed.GetValue(recursive) && at.Length < 2 ? "/" : at, cancellation);
            if (!tree.Has(at)) return Missing(frame, tree, at);
            var names = parsed.GetValue(recursive) ? tree.Below(at).ToList() : [.. tree.Children(at)];
            if (frame.IsJson(parsed)) TopicsVerb.WriteJson(frame.Output, json => WriteNames(json, names));
            else foreach (var name in names) frame.Output.WriteLine(name);
            return VerbProgram.Done;
        });
    }

    private static void AddGet(VerbFrame frame)
    {
        var path = new Argument<string>("path") { Description = "Where." };
        frame.Add(new Command("get", "Show what a path holds, as JSON.") { path }, async (parsed, session, cancellation) =>
        {
            var at = MetadataTree.Normal(parsed.GetValue(path)!);
            var tree = await MetadataTree.Read(session, at, cancellation);
            if (!tree.Has(at)) return Missing(frame, tree, at);
            if (tree.Get(at) is not { } value)
            {
                frame.Error.WriteLine($"{at} holds nothing itself: under it lies {string.Join(", ", tree.Children(at).Take(10))}");
                return VerbProgram.Failed;
            }

            frame.Output.WriteLine(frame.IsJson(parsed) || value.Length <= OneLine ? value : Indented(value));
            return VerbProgram.Done;
        });
    }

    private static int Missing(VerbFrame frame, MetadataTree tree, string path)
    {
        var parent = path;
        while (!tree.Has(parent)) parent = MetadataTree.ParentOf(parent);
        var there = string.Join(", ", tree.Children(parent).Take(10));
        frame.Error.WriteLine($"there is no {path}: under {parent} lies {(there.Length > 0 ? there : "nothing")}");
        return VerbProgram.Failed;
    }

    private static void WriteNames(Utf8JsonWriter json, IEnumerable<string> names)
    {
        json.WriteStartArray();
        foreach (var name in names) json.WriteStringValue(name);
        json.WriteEndArray();
    }

    private static string Indented(string value)
    {
        using var parsed = JsonDocument.Parse(value);
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping })) parsed.RootElement.WriteTo(json);
        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
