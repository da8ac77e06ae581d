using AkkaStream.Client.Cluster;
using AkkaStream.Client.Consumer;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Tests.Client.Consumer;

/// <summary>A reader of committed records leaves out the aborted ones, and nothing else.</summary>
public sealed class AbortedRangesTests
{
    [Fact]
    public void Only_what_was_aborted_is_left_out()
    {
        // Producer 1 aborts, then commits; producer 2 commits in between; somebody without a transaction writes too.
        byte[] log = [.. Data(0, 1), .. Data(1, 2), .. Data(2, -1), .. Marker(3, 1, ControlRecordType.Abort), .. Data(4, 1), .. Marker(5, 2, ControlRecordType.Commit), .. Marker(6, 1, ControlRecordType.Commit)];
        Assert.Equal([1, 2, 4], Read(log, 0, (1, 0)));
    }

    [Fact]
    public void A_second_abort_of_the_same_producer_counts_too()
    {
        byte[] log = [.. Data(0, 1), .. Marker(1, 1, ControlRecordType.Abort), .. Data(2, 1), .. Data(3, 2), .. Marker(4, 1, ControlRecordType.Abort), .. Marker(5, 2, ControlRecordType.Commit)];
        Assert.Equal([3], Read(log, 0, (1, 2), (1, 0)));
    }

    [Fact]
    public void A_reader_that_begins_at_the_marker_does_not_leave_out_what_comes_after_it()
    {
        byte[] log = [.. Marker(10, 1, ControlRecordType.Abort), .. Data(11, 1), .. Marker(12, 1, ControlRecordType.Commit)];
        Assert.Equal([11], Read(log, 10, (1, 3)));
    }

    [Fact]
    public void Without_isolation_everything_shows()
    {
        byte[] log = [.. Data(0, 1), .. Marker(1, 1, ControlRecordType.Abort)];
        using var polled = new Polled();
        Assert.Equal(2, polled.Add(new TopicPartition("t", 0), log, 0));
        Assert.Single(polled);
    }

    private static List<long> Read(byte[] log, long from, params (long Producer, long First)[] aborted)
    {
        using var polled = new Polled();
        var ranges = new AbortedRanges(aborted.Select(a => new FetchResponse.AbortedTransaction { ProducerId = a.Producer, FirstOffset = a.First }));
        polled.Add(new TopicPartition("t", 0), log, from, ranges);
        return polled.Select(r => r.Offset).ToList();
    }

    private static byte[] Data(long offset, long producer)
    {
        using var builder = new RecordBatchBuilder();
        builder.Append(0, null, new byte[] { 1 });
        return builder.Build(new RecordBatchFields { BaseOffset = offset, ProducerId = producer, ProducerEpoch = 0, BaseSequence = 0, IsTransactional = producer >= 0 }).ToArray();
    }

    private static byte[] Marker(long offset, long producer, ControlRecordType type)
    {
        var (key, value) = (new byte[ControlRecord.KeySize], new byte[ControlRecord.MarkerValueSize]);
        ControlRecord.WriteMarker(key, value, type, 0);
        using var builder = new RecordBatchBuilder();
        builder.Append(0, key, value);
        return builder.Build(new RecordBatchFields { BaseOffset = offset, ProducerId = producer, ProducerEpoch = 0, IsTransactional = true, IsControl = true }).ToArray();
    }
}
