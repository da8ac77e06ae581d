using Akka.Configuration;

namespace AkkaStream.Tests.Akka.Configuration;

public sealed class HoconTests
{
    private static Config Parse(string text) => ConfigurationFactory.ParseString(text);

    [Fact]
    public void Objects_arrays_comments_and_both_separators()
    {
        var config = Parse("""
            # a comment
            akka {            // another
              loglevel: DEBUG,
              actor
              {
                list = [a, "b c"
                        d e,]
                nested.key.path = 1   # trailing
              }
            }
            akka.actor.nested { key.other = 2 }
            """);
        Assert.Equal("DEBUG", config.GetString("akka.loglevel"));
        Assert.Equal(["a", "b c", "d e"], config.GetStringList("akka.actor.list"));
        Assert.Equal(1, config.GetInt("akka.actor.nested.key.path"));
        Assert.Equal(2, config.GetInt("akka.actor.nested.key.other"));
    }

    [Theory]
    [InlineData("{ a = 1 }", "1")]
    [InlineData("a = x y  z  ", "x y  z")]
    [InlineData("a = \"x\"\"y\" z", "xy z")]
    [InlineData("a = \"\"\"x \"quoted\" \\n y\"\"\"\"", "x \"quoted\" \\n y\"")]
    [InlineData("a = \"\\u0041\\t\\\\\"", "A\t\\")]
    [InlineData("a = 1\na = 2", "2")]
    [InlineData("a =\n  5", "5")]
    [InlineData("a = akka.tcp.x-y_z", "akka.tcp.x-y_z")]
    [InlineData("\uFEFFa = 1\r\n", "1")]
    public void Strings(string text, string expected) => Assert.Equal(expected, Parse(text).GetString("a"));

    [Fact]
    public void A_quoted_key_may_hold_dots_and_slashes()
    {
        var config = Parse("deployment { \"/a/b.c\" { router = x }, /user/* { router = y } }");
        Assert.Equal("x", config.GetString("deployment.\"/a/b.c\".router"));
        Assert.Equal("y", config.GetString("deployment./user/*.router"));
    }

    [Theory]
    [InlineData("b = 1, a = ${b}", "1")]
    [InlineData("a = ${b}, b = 1", "1")]
    [InlineData("b = 1, a = x ${b} y", "x 1 y")]
    [InlineData("a = x${?nothing.like.this}y", "xy")]
    [InlineData("a = /bin, a = ${a}\"\"/sbin", "/bin/sbin")]
    [InlineData("a = 1, a = ${?nothing.like.this}", "1")]
    [InlineData("b { c = 1, d = ${b.c} }, a = ${b.d}", "1")]
    [InlineData("a = ${b.c}, b = ${d}, d { c = 3 }", "3")]
    public void Substitutions(string text, string expected) => Assert.Equal(expected, Parse(text).GetString("a"));

    [Fact]
    public void An_optional_substitution_of_nothing_leaves_no_key()
    {
        var config = Parse("a = ${?nothing.like.this}, l = [1, ${?nothing.like.this}, 2]");
        Assert.False(config.HasPath("a"));
        Assert.Equal([1, 2], config.GetIntList("l"));
    }

    [Fact]
    public void A_substitution_may_come_from_the_environment()
        => Assert.Equal(Environment.GetEnvironmentVariable("PATH"), Parse("a = ${PATH}").GetString("a"));

    [Fact]
    public void Objects_merge_over_substituted_ones_and_leave_those_alone()
    {
        var config = Parse("base { x = 1, in { y = 2 } }, a = ${base} { in { z = 3 } }, b = ${base}, b.x = 9");
        Assert.Equal(1, config.GetInt("a.x"));
        Assert.Equal(2, config.GetInt("a.in.y"));
        Assert.Equal(3, config.GetInt("a.in.z"));
        Assert.Equal(9, config.GetInt("b.x"));
        Assert.Equal(2, config.GetInt("b.in.y"));
        Assert.Equal(1, config.GetInt("base.x"));
        Assert.False(config.HasPath("base.in.z"));
    }

    [Fact]
    public void Plus_equals_appends()
    {
        var config = Parse("a += 1, a += 2, b = [x], b += y, c = ${b} [z]");
        Assert.Equal([1, 2], config.GetIntList("a"));
        Assert.Equal(["x", "y"], config.GetStringList("b"));
        Assert.Equal(["x", "y", "z"], config.GetStringList("c"));
    }

    [Theory]
    [InlineData("a = 1\nb {\n  c = 2", "line 2, column 3", "not closed")]
    [InlineData("a = [1, 2", "line 1, column 5", "not closed")]
    [InlineData("a = \"x", "line 1, column 5", "not closed")]
    [InlineData("a = \"\"\"x\"", "line 1, column 5", "not closed")]
    [InlineData("a = ${x", "line 1, column 5", "not closed")]
    [InlineData("a", "line 1, column 1", "no value")]
    [InlineData("a =", "line 1, column 1", "no value")]
    [InlineData("a = b = c", "line 1, column 7", "quotes")]
    [InlineData("x = 1\n}", "line 2, column 1", "unexpected")]
    [InlineData("{ a = 1 } b", "line 1, column 11", "root")]
    [InlineData("a = {} x", "line 1, column 5", "together")]
    [InlineData("a = \"\\x\"", "line 1, column 6", "backslash")]
    [InlineData("\n  = 1", "line 2, column 3", "key")]
    [InlineData("[1]", "line 1, column 1", "")]
    [InlineData("\na = ${nothing.like.this}", "line 2, column 5", "nothing.like.this")]
    [InlineData("a = ${b}, b = ${a}", "line 1", "itself")]
    [InlineData("a = ${a}", "line 1", "itself")]
    [InlineData("include \"x.conf\"", "line 1, column 1", "no value")]
    public void Errors_say_where(string text, string place, string what)
    {
        var error = Assert.Throws<ConfigurationException>(() => Parse(text));
        Assert.Contains(place, error.Message);
        Assert.Contains(what, error.Message);
    }

    [Fact]
    public void Hostile_texts_end_in_an_error()
    {
        Assert.Throws<ConfigurationException>(() => Parse(string.Concat(Enumerable.Repeat("a{", 100_000))));
        Assert.Throws<ConfigurationException>(() => Parse("a = " + new string('[', 100_000)));
        Assert.Throws<ConfigurationException>(() => Parse(string.Join('.', Enumerable.Repeat("a", 100_000)) + " = 1"));
        Assert.Throws<ConfigurationException>(() => Parse("a0 = x\n" + Lines(200_000, i => $"a{i} = ${{a{i + 1}}}")));
        Assert.Throws<ConfigurationException>(() => Parse(Lines(200_000, i => $"a{i} {{ x = ${{a{i + 1}}} }}") + "a200000 = 1"));
        Assert.Throws<ConfigurationException>(() => Parse("a0 = xxxxxxxxxx\n" + Lines(60, i => $"a{i + 1} = ${{a{i}}}${{a{i}}}")));
        Assert.Throws<ConfigurationException>(() => Parse("a0 = [1, 2]\n" + Lines(60, i => $"a{i + 1} = ${{a{i}}} ${{a{i}}}")));
    }

    [Fact]
    public void No_mutilated_text_ends_in_another_exception()
    {
        const string Whole = "a { b = [1, ${x.y}, \"\\u0041\"], c += ${?d} \"\"\"t\"\"\" }, x.y = 5 # end\nd : { e = ${a.b} }";
        var random = new Random(7);
        for (var i = 0; i < 20_000; i++)
        {
            var text = Whole.ToCharArray();
            for (var n = random.Next(1, 4); n > 0; n--) text[random.Next(text.Length)] = Whole[random.Next(Whole.Length)];
            var error = Record.Exception(() => Parse(new string(text, 0, random.Next(text.Length + 1))).ToString());
            Assert.True(error is null or ConfigurationException, $"{new string(text)}: {error}");
        }
    }

    private static string Lines(int count, Func<int, string> line) => string.Concat(Enumerable.Range(0, count).Select(i => line(i) + "\n"));
}
