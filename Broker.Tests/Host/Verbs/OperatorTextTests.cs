using System.Text;
using System.Text.Json;
using AkkaStream.Client.Cluster;
using AkkaStream.Host.Verbs;

namespace AkkaStream.Tests.Host.Verbs;

/// <summary>What the verbs for clusters write and read, without a cluster.</summary>
public sealed class OperatorTextTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1000, "1 kB")]
    [InlineData(1549, "1.5 kB")]
    [InlineData(123_456_789, "123 MB")]
    [InlineData(999_999, "1 MB")]
    [InlineData(long.MaxValue, "9.2 EB")]
    public void Bytes_have_a_unit(long bytes, string text) => Assert.Equal(text, new ByteCount(bytes).ToString());

    [Fact]
    public void Rows_are_text_and_JSON()
    {
        var table = new RowTable("BROKER", "IN-SYNC", "SIZE", "NOTE");
        table.Add(1, new[] { 1, 2 }, new ByteCount(1500), null);
        table.Add(12, Array.Empty<int>(), null, "gone");
        using var text = new StringWriter { NewLine = "\n" };
        table.WriteText(text);
        Assert.Equal("BROKER  IN-SYNC  SIZE    NOTE\n1       1,2      1.5 kB  -\n12      -        -       gone\n", text.ToString());
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes)) table.WriteJson(json);
        Assert.Equal("""[{"broker":1,"inSync":[1,2],"size":1500,"note":null},{"broker":12,"inSync":[],"size":null,"note":"gone"}]""", Encoding.UTF8.GetString(bytes.ToArray()));
    }

    [Fact]
    public void A_plan_is_read_as_Kafkas_tool_writes_it()
    {
        var plan = ReassignmentFile.Parse("""{"version":1,"partitions":[{"topic":"a","partition":1,"replicas":[3,1],"log_dirs":["any","any"]},{"topic":"a","partition":0,"replicas":[2]}]}""");
        Assert.Equal([3, 1], plan[new TopicPartition("a", 1)]);
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes)) ReassignmentFile.Write(json, plan);
        Assert.Equal("""{"version":1,"partitions":[{"topic":"a","partition":0,"replicas":[2],"log_dirs":["any"]},{"topic":"a","partition":1,"replicas":[3,1],"log_dirs":["any","any"]}]}""", Encoding.UTF8.GetString(bytes.ToArray()));
        Assert.Equal(["x"], ReassignmentFile.ParseTopics("""{"topics":[{"topic":"x"}],"version":1}"""));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"partitions\":[]}")]
    [InlineData("{\"partitions\":[{\"topic\":\"a\",\"partition\":\"0\",\"replicas\":[1]}]}")]
    [InlineData("{\"partitions\":[{\"topic\":\"a\",\"partition\":0,\"replicas\":[]}]}")]
    [InlineData("{\"partitions\":[{\"topic\":\"a\",\"partition\":0,\"replicas\":[1,1]}]}")]
    [InlineData("{\"partitions\":[{\"topic\":\"a\",\"partition\":0,\"replicas\":[1]},{\"topic\":\"a\",\"partition\":0,\"replicas\":[2]}]}")]
    [InlineData("{\"partitions\":[{\"topic\":\"a\",\"partition\":99999999999,\"replicas\":[1]}]}")]
    public void What_is_no_plan_is_told(string text) => Assert.NotEmpty(Assert.Throws<FormatException>(() => ReassignmentFile.Parse(text)).Message);

    [Fact]
    public void Progress_tells_what_is_left_and_how_long_it_will_take()
    {
        Assert.Equal("[############------------] 50 %, 1 of 4 partitions done, 500 MB left, 50 MB/s, about 10 s to go", MoveProgress.Line(500_000_000, 1_000_000_000, 3, 4, 10));
        Assert.Equal("[------------------------] 0 %, 0 of 2 partitions done, 10 GB left", MoveProgress.Line(10_000_000_000, 10_000_000_000, 2, 2, 3));
        Assert.Equal("[########################] 100 %, 2 of 2 partitions done, 0 B left", MoveProgress.Line(0, 0, 0, 2, 3));
        Assert.EndsWith("about 17 min to go", MoveProgress.Line(10_000_000_000, 10_100_000_000, 2, 2, 10));
    }
}
