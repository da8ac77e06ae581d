using Akka.Configuration;

namespace AkkaStream.Tests.Akka.Configuration;

public sealed class ConfigTests
{
    [Fact]
    public void A_path_is_found_in_the_first_document_that_holds_it()
    {
        var config = ConfigurationFactory.ParseString("a { b = 1, c = 2 }").WithFallback(ConfigurationFactory.ParseString("a { c = 3, d = 4 }, e = 5"));
        Assert.Equal(1, config.GetInt("a.b"));
        Assert.Equal(2, config.GetInt("a.c"));
        Assert.Equal(4, config.GetInt("a.d"));
        Assert.Equal(5, config.GetInt("e"));
        Assert.Equal(["b", "c", "d"], config.GetConfig("a").AsEnumerable().Select(e => e.Key).Order());
        Assert.Equal(2, config.GetConfig("a").GetInt("c"));
    }

    [Fact]
    public void What_is_not_there_gives_the_default()
    {
        var config = ConfigurationFactory.ParseString("a = 1");
        Assert.Null(config.GetString("x"));
        Assert.Equal(7, config.GetInt("a.b.c", 7));
        Assert.True(config.GetBoolean("x", true));
        Assert.Equal(TimeSpan.FromSeconds(3), config.GetTimeSpan("x", TimeSpan.FromSeconds(3)));
        Assert.Null(config.GetByteSize("x"));
        Assert.Empty(config.GetStringList("x"));
        Assert.True(config.GetConfig("x").IsNullOrEmpty());
        Assert.False(config.HasPath("x"));
        Assert.True(config.HasPath("a"));
    }

    [Fact]
    public void Null_hides_the_fallback()
    {
        var config = ConfigurationFactory.ParseString("a = null").WithFallback("a = 1");
        Assert.False(config.HasPath("a"));
        Assert.Equal(9, config.GetInt("a", 9));
        Assert.Equal("null", ConfigurationFactory.ParseString("a = \"null\"").GetString("a"));
    }

    [Theory]
    [InlineData("10s", 10_000)]
    [InlineData("10 seconds", 10_000)]
    [InlineData("250ms", 250)]
    [InlineData("250", 250)]
    [InlineData("1.5m", 90_000)]
    [InlineData("2 h", 7_200_000)]
    [InlineData("1d", 86_400_000)]
    [InlineData("infinite", -1)]
    public void Durations(string text, long milliseconds)
        => Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), ConfigurationFactory.ParseString($"t = {text}").GetTimeSpan("t"));

    [Theory]
    [InlineData("10", 10)]
    [InlineData("64k", 65_536)]
    [InlineData("64 KiB", 65_536)]
    [InlineData("64kB", 64_000)]
    [InlineData("1.5M", 1_572_864)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("2 GB", 2_000_000_000)]
    public void Sizes(string text, long bytes) => Assert.Equal(bytes, ConfigurationFactory.ParseString($"s = {text}").GetByteSize("s"));

    [Theory]
    [InlineData("on", true)]
    [InlineData("true", true)]
    [InlineData("yes", true)]
    [InlineData("off", false)]
    [InlineData("false", false)]
    [InlineData("no", false)]
    public void Booleans(string text, bool value) => Assert.Equal(value, ConfigurationFactory.ParseString($"b = {text}").GetBoolean("b"));

    [Theory]
    [InlineData("GetInt")]
    [InlineData("GetBoolean")]
    [InlineData("GetTimeSpan")]
    [InlineData("GetByteSize")]
    [InlineData("GetStringList")]
    public void A_value_that_does_not_fit_is_named(string getter)
    {
        var config = ConfigurationFactory.ParseString("a.b = soon");
        var error = Assert.Throws<ConfigurationException>(() => _ = getter switch
        {
            "GetInt" => (object)config.GetInt("a.b"),
            "GetBoolean" => config.GetBoolean("a.b"),
            "GetTimeSpan" => config.GetTimeSpan("a.b"),
            "GetByteSize" => config.GetByteSize("a.b")!,
            _ => config.GetStringList("a.b"),
        });
        Assert.Contains("a.b", error.Message);
        Assert.Contains("soon", error.Message);
    }

    [Fact]
    public void Infinite_is_refused_where_it_makes_no_sense()
        => Assert.Throws<ConfigurationException>(() => ConfigurationFactory.ParseString("t = infinite").GetTimeSpan("t", allowInfinite: false));

    [Fact]
    public void What_is_printed_reads_back_the_same()
    {
        var config = ConfigurationFactory.ParseString("a { \"b.c\" = \"x y\\n\", d = [1, {e = f}, null] }, g = \"\"").WithFallback("h = 1");
        var again = ConfigurationFactory.ParseString(config.ToString(includeFallback: true));
        Assert.Equal(config.ToString(true), again.ToString(true));
        Assert.Equal("x y\n", again.GetString("a.\"b.c\""));
        Assert.Equal(1, again.GetInt("h"));
        Assert.Equal("", again.GetString("g"));
    }

    [Fact]
    public void An_object_becomes_a_configuration()
    {
        var config = ConfigurationFactory.FromObject(new { akka = new { loglevel = "DEBUG", actor = new { throughput = 5, on = true, list = new[] { "a", "b" } } } });
        Assert.Equal("DEBUG", config.GetString("akka.loglevel"));
        Assert.Equal(5, config.GetInt("akka.actor.throughput"));
        Assert.True(config.GetBoolean("akka.actor.on"));
        Assert.Equal(["a", "b"], config.GetStringList("akka.actor.list"));
    }

    [Fact]
    public void A_configuration_cannot_be_its_own_fallback()
    {
        var config = ConfigurationFactory.ParseString("a = 1");
        Assert.Throws<ArgumentException>(() => config.WithFallback(config));
        Assert.Same(config, config.SafeWithFallback(config));
    }

    [Fact]
    public void The_defaults_parse() => Assert.Equal("local", ConfigurationFactory.Default().GetString("akka.actor.provider"));
}
