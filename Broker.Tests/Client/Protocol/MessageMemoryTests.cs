using AkkaStream.Client.Protocol;

namespace AkkaStream.Tests.Client.Protocol;

/// <summary>What a message becomes in memory is bounded by its length, also where every byte of it is meant to cost the most.</summary>
public sealed class MessageMemoryTests
{
    private const int Elements = 500_000;
    private const int MemoryPerByte = 32;
    private const long Overhead = (1 << 20) + (64 * 1024);

    [Fact]
    public void A_megabyte_of_empty_strings_is_refused() => Refused(new MetadataRequest(), 1, writer =>
    {
        writer.Int32(Elements);
        for (var i = 0; i < Elements; i++) writer.String("");
    });

    [Fact]
    public void A_megabyte_of_empty_tags_is_refused() => Refused(new ApiVersionsRequest(), 3, writer =>
    {
        writer.Flexible = true;
        writer.String("client");
        writer.String("1");
        writer.UnsignedVarint(Elements);
        for (var i = 0; i < Elements; i++)
        {
            writer.UnsignedVarint(99);
            writer.UnsignedVarint(0);
        }
    });

    [Fact]
    public void A_count_alone_costs_nothing()
    {
        const int count = 100_000;
        var allocated = Refused(new MetadataRequest(), 1, writer =>
        {
            writer.Int32(count);
            writer.String(null);
            writer.Raw(new byte[2 * count]);
        });
        Assert.InRange(allocated, 0, 64 * 1024);
    }

    [Fact]
    public void A_metadata_answer_with_a_hundred_thousand_partitions_is_read()
    {
        var topic = new MetadataResponse.MetadataResponseTopic { Name = "large" };
        for (var i = 0; i < 100_000; i++)
        {
            topic.Partitions.Add(new MetadataResponse.MetadataResponsePartition { PartitionIndex = i, ReplicaNodes = [1], IsrNodes = [1] });
        }

        var bytes = MessageVector.Encoded(new MetadataResponse { Topics = [topic] }, 13);
        var message = new MetadataResponse();
        var reader = new MessageReader(bytes);
        message.Read(ref reader, 13);
        Assert.Equal(100_000, message.Topics[0].Partitions.Count);
    }

    private static long Refused(IApiMessage message, short version, Action<MessageWriter> write)
    {
        using var writer = new MessageWriter();
        write(writer);
        var bytes = writer.ToArray();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<MalformedMessageException>(() =>
        {
            var reader = new MessageReader(bytes);
            message.Read(ref reader, version);
        });
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.InRange(allocated, 0, Overhead + ((long)bytes.Length * MemoryPerByte));
        return allocated;
    }
}
