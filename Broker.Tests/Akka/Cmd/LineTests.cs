using Pbm;
using Petabridge.Cmd;

namespace AkkaStream.Tests.Akka.Cmd;

/// <summary>A line being typed.</summary>
public sealed class LineTests
{
    private static readonly Completion Completion = new(
    [
        new CommandPalette("cluster",
        [
            new CommandDefinitionBuilder().WithName("show").WithArgument(a => a.WithName("json").WithSwitch("--json")).Build(),
            new CommandDefinitionBuilder().WithName("status").Build(),
            new CommandDefinitionBuilder().WithName("join").WithArgument(a => a.WithName("address").WithSwitch("-a").WithSwitch("--address").IsMandatory(true).WithDefaultValues("akka.tcp://a", "akka.tcp://b")).Build(),
        ]),
        new CommandPalette("cluster-sharding", []),
    ]);

    [Theory]
    [InlineData("", "clear,cluster,cluster-sharding,exit,help,quit")]
    [InlineData("cluster", "cluster,cluster-sharding")]
    [InlineData("cluster ", "join,show,status")]
    [InlineData("cluster s", "show,status")]
    [InlineData("cluster show ", "--help,--json")]
    [InlineData("cluster show --json ", "--help")]
    [InlineData("cluster join -a ", "akka.tcp://a,akka.tcp://b")]
    [InlineData("cluster join -a x ", "--help")]
    [InlineData("nowhere ", "")]
    public void A_line_goes_on_with_what_the_host_knows(string line, string expected)
        => Assert.Equal(expected, string.Join(',', Completion.Of(line)));

    [Theory]
    [InlineData("a  b", "a|b", true)]
    [InlineData("a \"b c\" 'd \"e'", "a|b c|d \"e", true)]
    [InlineData("a\\ b \\\"c", "a b|\"c", true)]
    [InlineData("a \"\" ", "a|", false)]
    [InlineData("C:\\x", "C:\\x", true)]
    [InlineData("", "", false)]
    public void Words_are_held_together_by_quotes(string line, string expected, bool isWithin)
    {
        var (words, within) = Words.Split(line);
        Assert.Equal((expected, isWithin), (string.Join('|', words), within));
    }

    [Fact]
    public void Keys_move_cut_and_complete()
    {
        var editor = new LineEditor(new History([]), Completion);
        Type(editor, "clu\t");
        Assert.Equal("cluster", editor.Text);
        Type(editor, " sh\t");
        Assert.Equal("cluster show ", editor.Text);
        Press(editor, ConsoleKey.Home);
        Type(editor, "x");
        Press(editor, ConsoleKey.Delete);
        Assert.Equal("xluster show ", editor.Text);
        Press(editor, ConsoleKey.E, true);
        Press(editor, ConsoleKey.W, true);
        Assert.Equal("xluster ", editor.Text);
        Press(editor, ConsoleKey.Backspace);
        Press(editor, ConsoleKey.LeftArrow);
        Press(editor, ConsoleKey.K, true);
        Assert.Equal(("xluste", 6), (editor.Text, editor.Cursor));
        Press(editor, ConsoleKey.U, true);
        Assert.Equal(EditorResult.End, Press(editor, ConsoleKey.D, true));
        Type(editor, new string('x', 9000));
        Assert.Equal(8192, editor.Text.Length);
    }

    [Fact]
    public void What_was_typed_before_comes_back_and_so_does_what_was_being_typed()
    {
        var history = new History(["one", "two"]);
        var editor = new LineEditor(history, Completion);
        Type(editor, "dra");
        Press(editor, ConsoleKey.UpArrow);
        Press(editor, ConsoleKey.UpArrow);
        Press(editor, ConsoleKey.UpArrow);
        Assert.Equal("one", editor.Text);
        Press(editor, ConsoleKey.DownArrow);
        Press(editor, ConsoleKey.DownArrow);
        Press(editor, ConsoleKey.DownArrow);
        Assert.Equal("dra", editor.Text);
        Assert.Equal(EditorResult.Done, Press(editor, ConsoleKey.Enter));
        history.Add("dra");
        history.Add(" ");
        Assert.Equal(["one", "two", "dra"], history.Lines);
        for (var i = 0; i < 2000; i++) history.Add($"{i}");
        Assert.Equal(1000, history.Lines.Count);
    }

    [Fact]
    public void History_outlives_the_process_and_an_unusable_file_is_none()
    {
        var folder = Directory.CreateTempSubdirectory("pbm-");
        var file = new HistoryFile(Path.Combine(folder.FullName, "history"));
        Assert.Empty(file.Read());
        file.Write(["a", "b"]);
        Assert.Equal(["a", "b"], file.Read());
        new HistoryFile(Path.Combine(folder.FullName, "no", "where")).Write(["a"]);
        Assert.Empty(new HistoryFile(folder.FullName).Read());
        folder.Delete(recursive: true);
    }

    private static void Type(LineEditor editor, string text)
    {
        foreach (var c in text) editor.Take(new ConsoleKeyInfo(c, c == '\t' ? ConsoleKey.Tab : ConsoleKey.NoName, false, false, false));
    }

    private static EditorResult Press(LineEditor editor, ConsoleKey key, bool control = false) => editor.Take(new ConsoleKeyInfo('\0', key, false, false, control));
}
