using Petabridge.Cmd;
using Spectre.Console;

namespace Pbm;

/// <summary>The interactive console.</summary>
internal sealed class Interactive(Session session, IConsole console, IHistoryStore store)
{
    private readonly string _prompt = $"pbm {session.Place}> ";

    /// <summary>Runs until the user ends it.</summary>
    /// <returns>The process's exit code.</returns>
    public async Task<int> Run()
    {
        var palettes = await (await session.Connection()).PalettesAsync();
        var history = new History(store.Read());
        Welcome(palettes);
        while (ReadLine(history, new Completion(palettes)) is { } line)
        {
            var (words, _) = Words.Split(line);
            if (words.Count == 0) continue;
            if (words[0] is "exit" or "quit") break;
            if (words[0] == "clear") console.Out.Write("\e[H\e[2J");
            else await RunAndGoOn(words);
        }

        store.Write(history.Lines);
        return ExitCodes.Done;
    }

    private async Task RunAndGoOn(List<string> words)
    {
        try
        {
            await session.Run(words);
        }
        catch (HostException fault)
        {
            console.Error.WriteLine(fault.Message);
        }
    }

    private void Welcome(IReadOnlyList<CommandPalette> palettes)
    {
        var ansi = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(console.Out) });
        ansi.MarkupLineInterpolated($"Connected to [bold]{session.Place}[/]. Palettes: [green]{string.Join(", ", palettes.Select(p => p.ModuleName))}[/].");
        ansi.MarkupLine("[grey]help tells what there is, Tab completes, Ctrl-C ends a command, exit ends pbm.[/]");
    }

    private string? ReadLine(History history, Completion completion)
    {
        var editor = new LineEditor(history, completion);
        while (true)
        {
            Draw(editor);
            switch (editor.Take(console.ReadKey()))
            {
                case EditorResult.Done:
                    console.Out.WriteLine();
                    return editor.Text;
                case EditorResult.Dropped:
                    console.Out.WriteLine("^C");
                    return "";
                case EditorResult.End:
                    console.Out.WriteLine();
                    return null;
                case EditorResult.List:
                    List(editor.Completions);
                    break;
            }
        }
    }

    private void List(IReadOnlyList<string> completions)
    {
        console.Out.WriteLine();
        console.Out.WriteLine(string.Join("  ", completions.Take(Limits.ShownCompletions)));
        if (completions.Count > Limits.ShownCompletions) console.Out.WriteLine($"... and {completions.Count - Limits.ShownCompletions} more");
    }

    // The whole line anew, of a long one the part around the cursor.
    private void Draw(LineEditor editor)
    {
        var room = Math.Max(10, console.Width - _prompt.Length - 1);
        var from = Math.Max(0, editor.Cursor - room + 1);
        var shown = editor.Text.AsSpan(from, Math.Min(room, editor.Text.Length - from));
        console.Out.Write($"\r{_prompt}{shown}\e[K\r\e[{_prompt.Length + editor.Cursor - from}C");
        console.Out.Flush();
    }
}
