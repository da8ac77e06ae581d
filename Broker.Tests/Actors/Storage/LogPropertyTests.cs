using System.Globalization;
using Xunit.Abstractions;

namespace AkkaStream.Tests.Actors.Storage;

/// <summary>
/// Random sequences of appends, transactions, cleanings, cuts, failures, losses of power, kills and restarts never lose what was flushed, nor the last value of a key,
/// and never show what was not appended. The sequences are the same in every run, so that one that fails fails again.
/// </summary>
public sealed class LogPropertyTests(ITestOutputHelper output)
{
    private const int Longest = 50;

    private static readonly int Sequences = Environment.GetEnvironmentVariable("AKKASTREAM_NIGHTLY") == "1" ? 100_000 : 2_000;

    [Fact]
    public void The_log_agrees_with_its_model()
    {
        var (first, end) = Seeds();
        for (var seed = first; seed < end; seed++)
        {
            var dice = new Random(seed);
            var operations = new int[dice.Next(1, 2 + (seed % Longest))];
            for (var i = 0; i < operations.Length; i++) operations[i] = dice.Next(LogModelRun.Operations);
            try
            {
                var log = new LogModelRun(seed) { Tell = end - first == 1 ? output.WriteLine : null };
                foreach (var operation in operations) log.Step(operation);
            }
            catch (Exception fault)
            {
                throw new InvalidOperationException($"seed {seed}, operations {string.Join(", ", operations)}: {fault.Message}", fault);
            }
        }
    }

    // One seed, whose steps are told then, or a range without its end.
    private static (int First, int End) Seeds()
    {
        if (Environment.GetEnvironmentVariable("AKKASTREAM_LOG_SEEDS") is not { Length: > 0 } wanted) return (0, Sequences);
        var range = wanted.Split('-');
        var first = int.Parse(range[0], CultureInfo.InvariantCulture);
        return (first, range.Length > 1 ? int.Parse(range[1], CultureInfo.InvariantCulture) : first + 1);
    }
}
