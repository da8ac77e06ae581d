using System.CommandLine;
using System.Globalization;
using Akka.Simulation;
using Akka.Simulation.Faults;
using AkkaStream.Host.Simulation;

namespace AkkaStream.Host.Verbs;

/// <summary><c>simulate</c>: runs the broker and its clients under faults on virtual time, seed by seed; a failed seed is told so that it can be run again.</summary>
internal static class SimulateVerb
{
    internal static Command Create(TextWriter output, TextWriter error)
    {
        var scenario = new Argument<string>("scenario") { Description = "producer: records and acknowledgements; relay, relay-cluster: groups and transactions on one broker and on three; replicas: leaders and followers; cluster: three whole brokers.", DefaultValueFactory = _ => "producer" };
        scenario.AcceptOnlyFromAmong("producer", "relay", "relay-cluster", "replicas", "cluster");
        var seed = new Option<ulong>("--seed") { Description = "The first seed.", DefaultValueFactory = _ => 1 };
        var count = new Option<int>("--count") { Description = "How many seeds.", DefaultValueFactory = _ => 1 };
        var minimize = new Option<bool>("--minimize") { Description = "Leave faults out that a failure does not need." };
        var faults = new Option<FileInfo?>("--faults") { Description = "A written schedule of faults, one a line, instead of those of the seed." };
        var level = new Option<string>("--log-level") { Description = "The least level of the broker's log that a failure shows.", DefaultValueFactory = _ => "WARNING" };
        level.AcceptOnlyFromAmong(StringComparer.OrdinalIgnoreCase, "DEBUG", "INFO", "WARNING", "ERROR", "OFF");
        var hashes = new Option<bool>("--hashes") { Description = "Print the hash of each run's trace, which is the same on every machine." };
        var command = new Command("simulate", "Run a broker and its clients under faults, repeatably, on virtual time.") { scenario, seed, count, minimize, faults, level, hashes };
        command.SetAction(parsed =>
        {
            FaultSchedule? schedule = null;
            try
            {
                if (parsed.GetValue(faults) is { } file) schedule = FaultSchedule.Parse(File.ReadAllText(file.FullName));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
            {
                error.WriteLine($"--faults: {e.Message.TrimEnd('.')}; expected a file with a fault on each line, as a failed run shows them, such as: {new Fault(TimeSpan.FromSeconds(4), FaultKind.Slow, "n1", "n2", TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(0.2))}");
                return VerbProgram.Misused;
            }

            var options = new SimulationOptions
            {
                Plan = parsed.GetValue(scenario) switch { "relay" => RelayScenario.Plan, "replicas" => ReplicaScenario.Plan, _ => ProducerScenario.Plan },
                Schedule = schedule,
                Minimize = parsed.GetValue(minimize),
                LogLevel = parsed.GetValue(level)!,
                Replay = $"akkastream simulate {parsed.GetValue(scenario)} --seed {{0}}",
            };
            return Run(seed => RunOne(parsed.GetValue(scenario)!, seed, options), parsed.GetValue(seed), parsed.GetValue(count), parsed.GetValue(hashes), output, error);
        });
        return command;
    }

    private static SimulationReport RunOne(string scenario, ulong seed, SimulationOptions options) => scenario switch
    {
        "relay" => RelayScenario.Run(seed, options),
        "relay-cluster" => RelayScenario.RunCluster(seed, options),
        "replicas" => ReplicaScenario.Run(seed, options),
        "cluster" => ClusterScenario.Run(seed, options),
        _ => ProducerScenario.Run(seed, options),
    };

    private static int Run(Func<ulong, SimulationReport> run, ulong first, int count, bool hashes, TextWriter output, TextWriter error)
    {
        var (steps, time, failed) = (0L, TimeSpan.Zero, 0);
        for (var seed = first; seed < first + (ulong)Math.Max(0, count); seed++)
        {
            try
            {
                var report = run(seed);
                steps += report.Steps;
                time += report.VirtualTime;
                if (hashes) output.WriteLine(report.TraceHash.ToString("x16", CultureInfo.InvariantCulture));
            }
            catch (SimulationFailedException failure)
            {
                failed++;
                error.WriteLine(failure.Message);
            }
        }

        if (!hashes) output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} seeds from {first}: {failed} failed, {time.TotalSeconds:0} virtual seconds, {steps} steps"));
        return failed == 0 ? VerbProgram.Done : VerbProgram.Failed;
    }
}
