using System.CommandLine;
using AkkaStream.Host.Dump;

namespace AkkaStream.Host.Verbs;

/// <summary><c>dump</c>: the files of a partition's folder, as text.</summary>
internal static class DumpVerb
{
    private const int BufferSize = 1 << 16;

    internal static Command Create(TextWriter output, TextWriter error)
    {
        var paths = new Argument<string[]>("path") { Description = "Files (.log, .index, .timeindex, .txnindex, .snapshot), or folders of a partition.", Arity = ArgumentArity.ZeroOrMore };
        var files = new Option<string>("--files") { Description = "Files separated by commas, as Kafka's tool takes them." };
        var records = new Option<bool>("--records", "--deep-iteration") { Description = "Show the records of each batch." };
        var data = new Option<bool>("--data", "--print-data-log") { Description = "Show keys and values of the records." };
        var bare = new Option<bool>("--skip-record-metadata") { Description = "Of the records show keys and values only." };
        var bytes = new Option<long>("--max-bytes") { Description = "Look at so many bytes of a log only.", DefaultValueFactory = _ => long.MaxValue };
        var json = new Option<bool>("--json") { Description = "A JSON object a line." };
        var dump = new Command("dump", "Show segments, indexes and producer snapshots, as Kafka's own dump tool does.") { paths, files, records, data, bare, bytes, json };
        dump.SetAction(parsed =>
        {
            var options = new DumpOptions
            {
                Records = parsed.GetValue(records),
                Data = parsed.GetValue(data),
                WithoutMetadata = parsed.GetValue(bare),
                MaxBytes = parsed.GetValue(bytes),
                Json = parsed.GetValue(json),
            };
            var all = (parsed.GetValue(paths) ?? []).Concat((parsed.GetValue(files) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)).SelectMany(FileDump.FilesOf).ToList();
            return Run(all, options, output, error);
        });
        return dump;
    }

    private static int Run(List<string> files, DumpOptions options, TextWriter output, TextWriter error)
    {
        if (files.Count == 0)
        {
            error.WriteLine("dump: name a file or a partition's folder, such as data/events-0");
            return VerbProgram.Misused;
        }

        var exitCode = VerbProgram.Done;
        var buffered = output == Console.Out ? new StreamWriter(Console.OpenStandardOutput(), bufferSize: BufferSize) : output;
        foreach (var file in files)
        {
            string? fault;
            try
            {
                fault = FileDump.Write(file, options, buffered);
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
            {
                fault = $"{file}: {unreadable.Message}";
            }

            buffered.Flush();
            if (fault is null) continue;
            error.WriteLine(fault);
            exitCode = VerbProgram.Failed;
        }

        return exitCode;
    }
}
