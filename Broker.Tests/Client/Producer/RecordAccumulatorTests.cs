using AkkaStream.Client.Cluster;
using AkkaStream.Client.Compression;
using AkkaStream.Client.Producer;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Tests.Client.Producer;

public sealed class RecordAccumulatorTests
{
    private static readonly TopicPartition P0 = new("t", 0);
    private static readonly TopicPartition P1 = new("t", 1);
    private static readonly BatchResult Done = new(ErrorCode.None, 10, -1);

    [Fact]
    public void A_batch_lingers_until_its_time()
    {
        var accumulator = new RecordAccumulator(new AccumulatorOptions { LingerMs = 5 });
        var first = Append(accumulator, P0, 10, now: 100);
        Assert.Equal((AppendOutcome.Appended, 0, false, true), (first.Outcome, first.Index, first.IsReady, first.IsNewBatch));
        var second = Append(accumulator, P0, 10, now: 102);
        Assert.Equal((1, false, false), (second.Index, second.IsReady, second.IsNewBatch));

        List<TopicPartition> ready = [];
        Assert.Equal(105, accumulator.CollectReady(104, ready));
        Assert.Empty(ready);
        Assert.Null(accumulator.Take(P0, 104));
        Assert.Null(accumulator.CollectReady(105, ready));
        Assert.Equal([P0], ready);
        var batch = accumulator.Take(P0, 105);
        Assert.Same(first.Batch, batch);
        Assert.Equal((2, 1, 0, 1), (batch!.Count, batch.Attempts, accumulator.Waiting, accumulator.Sent));
    }

    [Fact]
    public void A_full_batch_goes_at_once_and_the_next_one_lingers()
    {
        var accumulator = new RecordAccumulator(new AccumulatorOptions { BatchSize = 1000, LingerMs = 1000 });
        Assert.False(Append(accumulator, P0, 600, now: 0).IsReady);
        var second = Append(accumulator, P0, 600, now: 1);
        Assert.True(second is { IsReady: true, IsNewBatch: true });
        Assert.Equal(1, accumulator.Take(P0, 1)!.Count);
        Assert.Null(accumulator.Take(P0, 1));
        Assert.NotNull(accumulator.Take(P0, 1001));
    }

    [Fact]
    public void A_record_above_the_batch_size_gets_its_own_batch_and_one_above_the_request_none()
    {
        var accumulator = new RecordAccumulator(new AccumulatorOptions { BatchSize = 100, MaxRequestSize = 10_000, LingerMs = 1000 });
        Assert.True(Append(accumulator, P0, 5000, now: 0) is { Outcome: AppendOutcome.Appended, IsReady: true });
        Assert.Equal(AppendOutcome.TooLarge, Append(accumulator, P0, 10_000, now: 0).Outcome);
        Assert.Equal(1, accumulator.Waiting);
    }

    [Fact]
    public async Task Memory_is_bounded_and_comes_back_with_the_answer()
    {
        var accumulator = new RecordAccumulator(new AccumulatorOptions { BatchSize = 1000, BufferMemory = 2000, LingerMs = 1000 });
        Append(accumulator, P0, 900, now: 0);
        Append(accumulator, P1, 900, now: 0);
        Assert.Equal(AppendOutcome.BufferFull, Append(accumulator, P0, 900, now: 0).Outcome);
        // What is full goes without lingering, since somebody waits for its memory.
        var batch = accumulator.Take(P1, 0);
        Assert.NotNull(batch);
        Assert.Equal(AppendOutcome.BufferFull, Append(accumulator, P0, 900, now: 0).Outcome);
        accumulator.Complete(batch, Done);
        Assert.Equal(10, (await batch.Result).BaseOffset);
        Assert.Equal(AppendOutcome.Appended, Append(accumulator, P0, 900, now: 0).Outcome);
        accumulator.Abort(new BatchResult(ErrorCode.NetworkException, -1, -1));
        Assert.Equal((0L, true), (accumulator.Reserved, accumulator.IsEmpty));
    }

    [Fact]
    public void Repeated_batches_keep_their_order_before_younger_ones()
    {
        var accumulator = new RecordAccumulator(new AccumulatorOptions { BatchSize = 200, LingerMs = 0 });
        for (var i = 0; i < 4; i++) Append(accumulator, P0, 150, now: i);
        var sent = Enumerable.Range(0, 3).Select(_ => accumulator.Take(P0, 10)!).ToArray();
        sent[0].BaseSequence = int.MaxValue;
        sent[1].BaseSequence = 0;
        sent[2].BaseSequence = 1;
        accumulator.Repeat(sent[2], 0);
        accumulator.Repeat(sent[0], 50);
        accumulator.Repeat(sent[1], 0);

        // The oldest one waits for its time, and the others for it.
        List<TopicPartition> ready = [];
        Assert.Equal(50, accumulator.CollectReady(20, ready));
        Assert.Empty(ready);
        Assert.Equal(sent, Enumerable.Range(0, 3).Select(_ => accumulator.Take(P0, 50)!));
        Assert.Equal(2, sent[0].Attempts);
        Assert.Equal(1, accumulator.Take(P0, 50)!.Attempts);
        Assert.Null(accumulator.Take(P0, 50));
    }

    [Fact]
    public async Task What_waits_too_long_is_given_up()
    {
        var accumulator = new RecordAccumulator(new AccumulatorOptions { DeliveryTimeoutMs = 100 });
        var batch = Append(accumulator, P0, 1, now: 0).Batch!;
        Assert.Equal(0, accumulator.Expire(99));
        Assert.Equal(1, accumulator.Expire(100));
        Assert.Equal(ErrorCode.RequestTimedOut, (await batch.Result).Error);
        Assert.True(accumulator.IsEmpty);
    }

    [Fact]
    public void A_flush_sends_what_lingers_and_knows_what_to_wait_for()
    {
        var accumulator = new RecordAccumulator(new AccumulatorOptions { LingerMs = 1000 });
        Append(accumulator, P0, 1, now: 0);
        Append(accumulator, P1, 1, now: 0);
        Assert.Null(accumulator.Take(P0, 0));
        accumulator.BeginFlush();
        Assert.NotNull(accumulator.Take(P0, 0));
        List<ProducerBatch> unanswered = [];
        accumulator.CollectUnanswered(unanswered);
        Assert.Equal(2, unanswered.Count);
        accumulator.EndFlush();
        Assert.Null(accumulator.Take(P1, 0));
    }

    [Theory]
    [InlineData(CompressionType.None)]
    [InlineData(CompressionType.Zstd)]
    public void What_is_sent_is_what_was_appended(CompressionType codec)
    {
        var accumulator = new RecordAccumulator(new AccumulatorOptions { Compression = codec, LingerMs = 0 });
        for (var i = 0; i < 5; i++) Append(accumulator, P0, i, now: 1000 + i);
        var batch = accumulator.Take(P0, 2000)!;
        batch.BaseSequence = 40;
        batch.Identity = new ProducerIdentity(9, 2);
        var bytes = batch.Build().Span;
        Assert.True(RecordBatchHeader.TryParse(bytes, out var header));
        Assert.True(RecordBatchHeader.IsCrcValid(bytes));
        Assert.Equal((9L, (short)2, 40, 5, codec), (header.ProducerId, header.ProducerEpoch, header.BaseSequence, header.RecordCount, header.Compression));
        using var unfolded = new PooledBuffer();
        RecordCodec.Decompress(codec, bytes[RecordBatchHeader.Size..], unfolded, 10_000);
        var reader = new RecordReader(header, unfolded.WrittenSpan);
        for (var i = 0; i < 5; i++) Assert.True(reader.MoveNext() && reader.ValueLength == i && reader.Timestamp == 1000 + i);
    }

    private static AppendResult Append(RecordAccumulator accumulator, TopicPartition partition, int size, long now)
        => accumulator.Append(partition, now, null, new byte[size], null, now);
}
