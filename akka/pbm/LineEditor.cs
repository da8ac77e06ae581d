namespace Pbm;

/// <summary>What a key meant beyond the line itself.</summary>
internal enum EditorResult
{
    /// <summary>The line goes on.</summary>
    Goes,

    /// <summary>The line is done.</summary>
    Done,

    /// <summary>The line is thrown away.</summary>
    Dropped,

    /// <summary>Nothing more will come.</summary>
    End,

    /// <summary>There are several completions: show them.</summary>
    List,
}

/// <summary>A line being typed: text, cursor, history, completion. Keys in, text out; it draws nothing itself.</summary>
internal sealed class LineEditor(History history, Completion completion)
{
    /// <summary>The line.</summary>
    public string Text { get; private set; } = "";

    /// <summary>Where the next sign goes, from 0 to the line's length.</summary>
    public int Cursor { get; private set; }

    /// <summary>What the line may go on with, after <see cref="EditorResult.List"/>.</summary>
    public IReadOnlyList<string> Completions { get; private set; } = [];

    /// <summary>Takes a key.</summary>
    public EditorResult Take(ConsoleKeyInfo key)
    {
        if (key.Modifiers.HasFlag(ConsoleModifiers.Control)) return TakeControl(key.Key);
        switch (key.Key)
        {
            case ConsoleKey.Enter:
                history.Add(Text);
                return EditorResult.Done;
            case ConsoleKey.Tab:
                return Complete();
            case ConsoleKey.UpArrow:
                Replace(history.Back(Text));
                break;
            case ConsoleKey.DownArrow:
                Replace(history.Forth());
                break;
            case ConsoleKey.Backspace:
                if (Cursor > 0) Remove(Cursor - 1, 1);
                break;
            case ConsoleKey.Delete:
                if (Cursor < Text.Length) Text = Text.Remove(Cursor, 1);
                break;
            case ConsoleKey.LeftArrow:
                Cursor = Math.Max(0, Cursor - 1);
                break;
            case ConsoleKey.RightArrow:
                Cursor = Math.Min(Text.Length, Cursor + 1);
                break;
            case ConsoleKey.Home:
                Cursor = 0;
                break;
            case ConsoleKey.End:
                Cursor = Text.Length;
                break;
            default:
                if (!char.IsControl(key.KeyChar)) Insert(key.KeyChar.ToString());
                break;
        }

        return EditorResult.Goes;
    }

    private EditorResult TakeControl(ConsoleKey key)
    {
        switch (key)
        {
            case ConsoleKey.C:
                return EditorResult.Dropped;
            case ConsoleKey.D when Text.Length == 0:
                return EditorResult.End;
            case ConsoleKey.D when Cursor < Text.Length:
                Text = Text.Remove(Cursor, 1);
                break;
            case ConsoleKey.A:
                Cursor = 0;
                break;
            case ConsoleKey.E:
                Cursor = Text.Length;
                break;
            case ConsoleKey.U:
                Remove(0, Cursor);
                break;
            case ConsoleKey.K:
                Text = Text[..Cursor];
                break;
            case ConsoleKey.W:
                var start = Cursor;
                while (start > 0 && Text[start - 1] == ' ') start--;
                while (start > 0 && Text[start - 1] != ' ') start--;
                Remove(start, Cursor - start);
                break;
        }

        return EditorResult.Goes;
    }

    private EditorResult Complete()
    {
        var before = Text[..Cursor];
        Completions = completion.Of(before);
        if (Completions.Count == 0) return EditorResult.Goes;
        var (words, isWithin) = Words.Split(before);
        var begun = isWithin ? words[^1] : "";
        var common = Completion.CommonBeginning(Completions);
        if (Completions.Count == 1) common += " ";
        if (common.Length > begun.Length)
        {
            Insert(common[begun.Length..]);
            return EditorResult.Goes;
        }

        return EditorResult.List;
    }

    private void Insert(string text)
    {
        if (Text.Length + text.Length > Limits.LineChars) return;
        Text = Text.Insert(Cursor, text);
        Cursor += text.Length;
    }

    private void Remove(int start, int count)
    {
        Text = Text.Remove(start, count);
        Cursor = start;
    }

    private void Replace(string? text)
    {
        if (text is null) return;
        Text = text;
        Cursor = text.Length;
    }
}
