using Petabridge.Cmd;
using Petabridge.Cmd.Wire;

namespace AkkaStream.Tests.Akka.Cmd;

/// <summary>Definitions and frames.</summary>
public sealed class WireTests
{
    private static readonly CommandPalette Palette = new("p",
    [
        new CommandDefinitionBuilder().WithName("a").WithDescription("Does ä.").WithArgument(b => b.WithName("x").WithDescription("X.").IsMandatory(true).WithSwitch("-x").WithSwitch("--ex").WithDefaultValues("1", "2").WithDefaultValue("1")).Build(),
        new CommandDefinitionBuilder().WithName("b").Build(),
    ]);

    [Fact]
    public void Palettes_come_back_as_they_went()
    {
        var read = Frames.ReadPalettes(Frames.Palettes([Palette]).AsSpan(5)).Single();
        Assert.Equal(("p", 2), (read.ModuleName, read.Commands.Count));
        var argument = read.CommandsByName["a"].ArgumentsByName["x"];
        Assert.Equal(("X.", true, "1"), (argument.Description, argument.IsMandatory, argument.DefaultValue));
        Assert.Equal(["-x", "--ex"], argument.Switch);
        Assert.Equal(["1", "2"], argument.DefaultValues);
        Assert.Equal("Does ä.", read.Commands[0].Description);
        Assert.Null(Frames.ReadPalettes(Frames.Palettes([]).AsSpan(5)).FirstOrDefault());
    }

    [Fact]
    public void Commands_and_answers_come_back_as_they_went()
    {
        var run = Frames.ReadRun(Frames.Run(new RunRequest(["p", "", "ü", "-x"], true)).AsSpan(5));
        Assert.Equal(["p", "", "ü", "-x"], run.Words);
        Assert.True(run.Json);
        Assert.Equal(new OutputPiece(OutputFlags.Final | OutputFlags.Failed, "no"), Frames.ReadOutput(Frames.Output(new OutputPiece(OutputFlags.Final | OutputFlags.Failed, "no")).AsSpan(5)));
        Assert.Throws<InvalidDataException>(() => Frames.Run(new RunRequest(Enumerable.Repeat("w", 257).ToList(), false)));
        Assert.Throws<InvalidDataException>(() => Frames.Run(new RunRequest([new string('w', 70_000)], false)));
    }

    [Fact]
    public void A_long_text_goes_in_pieces_that_hold_pairs_together()
    {
        var text = new string('a', Limits.OutputChars - 1) + string.Concat(Enumerable.Repeat("\U0001F600", 10)) + new string('b', Limits.OutputChars);
        var pieces = Frames.Split(text, OutputFlags.Final | OutputFlags.Json).ToList();
        Assert.Equal(text, string.Concat(pieces.Select(p => Frames.ReadOutput(Frames.Output(p).AsSpan(5)).Text)));
        Assert.Equal([OutputFlags.Json, OutputFlags.Json, OutputFlags.Final | OutputFlags.Json], pieces.Select(p => p.Flags));
    }

    [Fact]
    public void Whatever_bytes_come_are_read_or_refused()
    {
        var dice = new Random(3);
        byte[][] whole = [Frames.Palettes([Palette])[5..], Frames.Run(new RunRequest(["p", "a", "-x", "3"], false))[5..], Frames.Output(new OutputPiece(OutputFlags.Final, "text"))[5..]];
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = (byte[])whole[i % 3].Clone();
            for (var flips = dice.Next(1, 4); flips > 0; flips--) bytes[dice.Next(bytes.Length)] = (byte)dice.Next(256);
            if (dice.Next(3) == 0) Array.Resize(ref bytes, dice.Next(bytes.Length));
            Refused(() => Frames.ReadPalettes(bytes));
            Refused(() => Frames.ReadRun(bytes));
            Refused(() => Frames.ReadOutput(bytes));
        }
    }

    [Fact]
    public void Greetings_that_do_not_fit_are_told_apart()
    {
        Assert.Null(Greeting.Refusal(Greeting.OfHost(Greeting.OfConsole(), false)));
        Assert.Contains("as many consoles", Greeting.Refusal(Greeting.OfHost(Greeting.OfConsole(), true)));
        Assert.Contains("version 1", Greeting.Refusal(Greeting.OfHost([(byte)'P', (byte)'B', (byte)'M', 0, 7, 9, 0, 0], false)));
        Assert.Contains("no Petabridge.Cmd host", Greeting.Refusal("HTTP/1.1"u8));
        Assert.Null(Greeting.OfHost("GET / HT"u8, false));
    }

    [Fact]
    public void What_is_defined_badly_is_refused_when_it_is_built()
    {
        Assert.Throws<ArgumentException>(() => new CommandDefinitionBuilder().Build());
        Assert.Throws<ArgumentException>(() => new CommandDefinitionBuilder().WithName("two words").Build());
        Assert.Throws<ArgumentException>(() => new CommandDefinitionBuilder().WithName("a").WithArgument(b => b.WithName("x")));
        Assert.Throws<ArgumentException>(() => new CommandDefinitionBuilder().WithName("a").WithArgument(b => b.WithName("x").WithSwitch("x")));
        Assert.Throws<ArgumentException>(() => new CommandDefinitionBuilder().WithName("a").WithArgument(b => b.WithName("x").WithSwitch("-x")).WithArgument(b => b.WithName("y").WithSwitch("-x")).Build());
        Assert.Throws<ArgumentException>(() => new CommandDefinitionBuilder().WithName(new string('a', 65)).Build());
        Assert.Throws<ArgumentException>(() => new CommandPalette("p", [Palette.Commands[0], Palette.Commands[0]]));
        Assert.Throws<ArgumentException>(() => new CommandPalette("p", Enumerable.Range(0, 65).Select(i => new CommandDefinitionBuilder().WithName($"c{i}").Build())));
    }

    private static void Refused(Action read)
    {
        try
        {
            read();
        }
        catch (InvalidDataException e)
        {
            Assert.NotEmpty(e.Message);
        }
    }
}
