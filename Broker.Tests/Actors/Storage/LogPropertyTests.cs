namespace AkkaStream.Tests.Actors.Storage;

/// <summary>
/// Random sequences of appends, transactions, cleanings, cuts, failures, losses of power, kills and restarts never lose what was flushed, nor the last value of a key,
/// and never show what was not appended. The sequences are the same in every run, so that one that fails fails again.
/// </summary>
public sealed class LogPropertyTests
{
    private const int Longest = 50;

    private static readonly int Sequences = Environment.GetEnvironmentVariable("AKKASTREAM_NIGHTLY") == "1" ? 100_000 : 2_000;

    [Fact]
    public void The_log_agrees_with_its_model()
    {
        for (var seed = 0; seed < Sequences; seed++)
        {
            var dice = new Random(seed);
            var operations = new int[dice.Next(1, 2 + (seed % Longest))];
            for (var i = 0; i < operations.Length; i++) operations[i] = dice.Next(LogModelRun.Operations);
            try
            {
                var log = new LogModelRun(seed);
                foreach (var operation in operations) log.Step(operation);
            }
            catch (Exception fault)
            {
                throw new InvalidOperationException($"seed {seed}, operations {string.Join(", ", operations)}: {fault.Message}", fault);
            }
        }
    }
}
