using System.CommandLine;
using AkkaStream.Host.Dump;

namespace AkkaStream.Host.Verbs;

/// <summary><c>dump</c>: the files of a partition's folder, as text.</summary>
internal static class DumpVerb
{
    private const int BufferSize = 1 << 16;

    internal static Command Create(TextWriter output, TextWriter error)
    {
        var paths = new Argument<string[]>("path") { Description = "Files (.log, .index, .timeindex, .txnindex, .snapshot, .checkpoint, .image), or folders of a partition.", Arity = ArgumentArity.ZeroOrMore };
        var files = new Option<string>("--files") { Description = "Files separated by commas, as Kafka's tool takes them." };
        var records = new Option<bool>("--records", "--deep-iteration") { Description = "Show the records of each batch." };
        var data = new Option<bool>("--data", "--print-data-log") { Description = "Show keys and values of the records." };
        var bare = new Option<bool>("--skip-record-metadata") { Description = "Of the records show keys and values only." };
        var bytes = new Option<long>("--max-bytes") { Description = "Look at so many bytes of a log only.", DefaultValueFactory = _ => long.MaxValue };
        var verify = new Option<bool>("--verify-index-only") { Description = "Compare indexes with their log, and show only what is wrong." };
        var sanity = new Option<bool>("--index-sanity-check") { Description = "Of indexes only say whether a start would take them as they are." };
        var message = new Option<int>("--max-message-size") { Description = "Bytes of the largest batch that an index may point at.", DefaultValueFactory = _ => 5 << 20 };
        var decoders = new Dictionary<DumpDecoder, Option<bool>>
        {
            [DumpDecoder.Offsets] = new("--offsets-decoder") { Description = "Show records of __consumer_offsets." },
            [DumpDecoder.Transactions] = new("--transaction-log-decoder") { Description = "Show records of __transaction_state." },
            [DumpDecoder.ShareGroupState] = new("--share-group-state-decoder") { Description = "Show records of __share_group_state." },
            [DumpDecoder.RemoteLogMetadata] = new("--remote-log-metadata-decoder") { Description = "Show records of __remote_log_metadata." },
            [DumpDecoder.ClusterMetadata] = new("--cluster-metadata-decoder") { Description = "Show events of __cluster_metadata." },
        };
        var json = new Option<bool>("--json") { Description = "A JSON object a line." };
        var dump = new Command("dump", "Show segments, indexes and producer snapshots, as Kafka's own dump tool does.") { paths, files, records, data, bare, bytes, verify, sanity, message, json };
        foreach (var decoder in decoders.Values) dump.Options.Add(decoder);
        dump.SetAction(parsed =>
        {
            var options = new DumpOptions
            {
                Records = parsed.GetValue(records),
                Data = parsed.GetValue(data),
                WithoutMetadata = parsed.GetValue(bare),
                MaxBytes = parsed.GetValue(bytes),
                VerifiesOnly = parsed.GetValue(verify),
                ChecksOnly = parsed.GetValue(sanity),
                MaxMessageSize = parsed.GetValue(message),
                Decoder = decoders.FirstOrDefault(decoder => parsed.GetValue(decoder.Value)).Key,
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
            var isSound = false;
            var faults = new StringWriter { NewLine = error.NewLine };
            try
            {
                isSound = FileDump.Write(file, options, buffered, faults);
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
            {
                faults.WriteLine($"{file}: {unreadable.Message}");
            }

            buffered.Flush();
            error.Write(faults);
            if (!isSound) exitCode = VerbProgram.Failed;
        }

        return exitCode;
    }
}
