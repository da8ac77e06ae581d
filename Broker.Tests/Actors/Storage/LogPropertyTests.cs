using FsCheck;
using FsCheck.Fluent;

namespace AkkaStream.Tests.Actors.Storage;

/// <summary>Random sequences of operations, failures, losses of power and restarts never lose what was flushed and never show what was not appended.</summary>
public sealed class LogPropertyTests
{
    private static readonly int Sequences = Environment.GetEnvironmentVariable("AKKASTREAM_NIGHTLY") == "1" ? 100_000 : 2_000;

    [Fact]
    public void The_log_agrees_with_its_model()
    {
        var sequences = Gen.Choose(0, int.MaxValue).SelectMany(seed => Gen.Choose(0, 11).ArrayOf().Select(operations => (seed, operations)));
        var property = Prop.ForAll(sequences.ToArbitrary(), run =>
        {
            var model = new LogModel(run.seed);
            foreach (var operation in run.operations) model.Step(operation);
        });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Sequences).WithEndSize(40), property);
    }
}
