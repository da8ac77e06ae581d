using System.CommandLine;
using AkkaStream.Actors.Storage;

namespace AkkaStream.Host.Verbs;

/// <summary><c>log check|repair</c>: the segments of a partition's folder, read whole, and damage cut out of them.</summary>
internal static class LogVerb
{
    internal static Command Create(TextWriter output, TextWriter error)
    {
        var log = new Command("log", "Check the segments of a partition's folder, and cut damage out of them.");
        log.Subcommands.Add(CreateCheck(output, error));
        log.Subcommands.Add(CreateRepair(output, error));
        return log;
    }

    private static Command CreateCheck(TextWriter output, TextWriter error)
    {
        var folders = Folders();
        var check = new Command("check", "Read every batch and compare it with its checksum; tells damaged places. Exit code 1 where there are any.") { folders };
        check.SetAction(parsed => Each(parsed.GetValue(folders)!, error, (folder, repair) =>
        {
            var damages = repair.Check();
            foreach (var damage in damages) output.WriteLine(Describe(damage));
            Tell(repair.Strays, output);
            if (damages.Count == 0) output.WriteLine($"{folder}: all batches are good");
            return damages.Count == 0 && repair.Strays.Count == 0 ? VerbProgram.Done : VerbProgram.Failed;
        }));
        return check;
    }

    private static Command CreateRepair(TextWriter output, TextWriter error)
    {
        var folders = Folders();
        var force = new Option<bool>("--force") { Description = "Although no clean stop of the broker is noted: nothing may have the folder open." };
        var repair = new Command("repair", "Cut damaged places out of segments, so that reading goes on behind them. The broker must be stopped. What is cut stays in a file beside.") { folders, force };
        repair.SetAction(parsed => Each(parsed.GetValue(folders)!, error, (folder, segments) =>
        {
            if (!parsed.GetValue(force) && !segments.IsReleased)
            {
                error.WriteLine($"{folder}: a broker has it open, or was killed: stop the broker (start it first where it was killed), or give --force where neither is so");
                return VerbProgram.Failed;
            }

            var damages = segments.Check();
            segments.Cut(damages);
            Tell(segments.Strays, output);
            foreach (var damage in damages) output.WriteLine($"cut out: {Describe(damage)}");
            if (damages.Count == 0) output.WriteLine($"{folder}: all batches are good");
            return VerbProgram.Done;
        }));
        return repair;
    }

    private static Argument<string[]> Folders() => new("folder") { Description = "A partition's folder, such as data/events-0.", Arity = ArgumentArity.OneOrMore };

    private static int Each(string[] folders, TextWriter error, Func<string, SegmentRepair, int> work)
    {
        var worst = VerbProgram.Done;
        foreach (var folder in folders.Select(name => Path.TrimEndingDirectorySeparator(Path.GetFullPath(name))))
        {
            try
            {
                if (!Directory.Exists(folder)) throw new IOException("there is no such folder");
                if (File.Exists(Path.Combine(folder, MetaProperties.FileName))) throw new IOException("this is a whole log directory: name the folders of partitions in it");
                worst = Math.Max(worst, work(folder, new SegmentRepair(new LocalDisk(), folder)));
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
            {
                error.WriteLine($"{folder}: {unreadable.Message}");
                worst = VerbProgram.Failed;
            }
        }

        return worst;
    }

    private static void Tell(IReadOnlyList<string> strays, TextWriter output)
    {
        foreach (var stray in strays) output.WriteLine($"{stray}: no segment of this log; the broker sets it aside when it starts");
    }

    private static string Describe(LogDamage damage)
    {
        var missing = damage.NextOffset < 0 ? $"offsets from {damage.FirstOffset} on" : damage.NextOffset == damage.FirstOffset ? "no offset" : $"offsets {damage.FirstOffset} to {damage.NextOffset - 1}";
        return $"{damage.File}: {damage.Bytes} bytes from byte {damage.Position}, {missing}";
    }
}
