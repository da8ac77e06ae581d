using AkkaStream.Client.Protocol;

namespace AkkaStream.Tests.Client.Protocol;

/// <summary>The codec takes the bad frames that Kafka answers and refuses those at which it closes the connection.</summary>
public sealed class MalformedFrameTests
{
    // Kafka closes these for reasons beyond the codec: what it no longer or never serves, or what its produce path refuses before it answers.
    private static readonly string[] ClosedForOtherReasons = ["api-key", "api-version", "controller-only", "produce"];

    [Fact]
    public void What_Kafka_answers_is_read()
    {
        var problems = MalformedFrame.All.Where(f => f.Outcome == MalformedOutcome.Answer && f.Group != "api-version")
            .Select(f => (f.Id, Problem: Decode(f.First))).Where(f => f.Problem is not null).Select(f => $"{f.Id}: {f.Problem}").ToList();
        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    [Fact]
    public void What_Kafka_closes_the_connection_for_is_refused()
    {
        var read = MalformedFrame.All
            .Where(f => f.Outcome == MalformedOutcome.Close && !ClosedForOtherReasons.Contains(f.Group) && !f.First.IsEmpty)
            .Where(f => Decode(f.First) is null).Select(f => f.Id).ToList();
        Assert.Equal([], read);
    }

    [Fact]
    public void No_frame_raises_anything_but_a_malformed_message()
    {
        foreach (var frame in MalformedFrame.All) Decode(frame.Bytes);
    }

    /// <summary>Null where the frame is a good request, else why it is none.</summary>
    private static string? Decode(ReadOnlyMemory<byte> frame)
    {
        try
        {
            var reader = new MessageReader(frame);
            var header = RequestHeader.Read(ref reader);
            if (!ApiMessages.Versions(header.Key).Has(header.Version)) return $"no {header.Key} v{header.Version}";
            ApiMessages.CreateRequest(header.Key)!.Read(ref reader, header.Version);
            return null;
        }
        catch (MalformedMessageException e)
        {
            return e.Message;
        }
    }
}
