using AkkaStream.Host.Configuration;

namespace AkkaStream.Tests.Host.Configuration;

/// <summary>Files in the form of Java properties.</summary>
public sealed class PropertiesFileTests
{
    [Theory]
    [InlineData("a=b", "a", "b")]
    [InlineData("  a = b ", "a", "b ")]
    [InlineData("a:b", "a", "b")]
    [InlineData("a b=c", "a", "b=c")]
    [InlineData("a", "a", "")]
    [InlineData("a=", "a", "")]
    [InlineData("a==b", "a", "=b")]
    [InlineData("a\\=b=c", "a=b", "c")]
    [InlineData("a\\ b:c", "a b", "c")]
    [InlineData("a=x\\ty\\\\z", "a", "x\ty\\z")]
    [InlineData("a=\\u00e4\\u0041", "a", "äA")]
    [InlineData("a=b\\\n   c", "a", "bc")]
    [InlineData("a=b\\\\", "a", "b\\")]
    [InlineData("a=b\\", "a", "b")]
    [InlineData("a=b # no comment", "a", "b # no comment")]
    [InlineData("listeners=PLAINTEXT://:9092", "listeners", "PLAINTEXT://:9092")]
    [InlineData("=b", "", "b")]
    public void A_line_is_a_key_and_a_value(string text, string key, string value)
        => Assert.Equal((key, value), Assert.Single(PropertiesFile.Parse(text)) is var p ? (p.Key, p.Value) : default);

    [Fact]
    public void Comments_and_empty_lines_count_as_lines_only()
        => Assert.Equal([new Property("a", "1", 4), new Property("b", "23", 5), new Property("c", "4", 8)], PropertiesFile.Parse("# x\n\n ! y = z\na=1\r\nb=2\\\n3\n\nc=4"));

    [Theory]
    [InlineData("a=1\nb=\\u12", "line 2")]
    [InlineData("a=\\uzzzz", "line 1")]
    public void A_broken_escape_is_told_with_its_line(string text, string place)
        => Assert.Contains(place, Assert.Throws<FormatException>(() => PropertiesFile.Parse(text)).Message);
}
