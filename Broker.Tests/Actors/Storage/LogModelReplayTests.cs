namespace AkkaStream.Tests.Actors.Storage;

/// <summary>Runs of the log's model that once found a fault, kept as they were found.</summary>
public sealed class LogModelReplayTests
{
    [Theory]
    // A power loss took the tail of a segment and left the empty segment behind it: the log ended after a hole.
    [InlineData(160065683, new[] { 7, 1, 6, 10, 3, 11, 0, 10, 8, 3, 7, 11, 7, 1, 8, 9, 3 })]
    // The segment before that empty one had been closed, and could not be appended to again.
    [InlineData(2097594047, new[] { 9, 9, 11, 2, 6, 5, 0, 9, 5, 5, 1, 1, 6, 7, 0, 9, 7, 1, 8, 10, 4, 11, 10, 0, 7, 2, 11, 10 })]
    public void The_log_agrees_with_its_model(int seed, int[] operations)
    {
        var model = new LogModel(seed);
        foreach (var operation in operations) model.Step(operation);
    }
}
