using System.Buffers;
using System.Text;
using System.Text.Json;
using Petabridge.Cmd.Wire;

namespace Pbm;

/// <summary>Shows what a command says: as text, or as JSON for scripts.</summary>
internal sealed class Answers(IConsole console, bool json)
{
    private static readonly SearchValues<char> Controls = SearchValues.Create([.. Enumerable.Range(0, 32).Where(c => c is not ('\n' or '\t')).Select(c => (char)c), .. Enumerable.Range(127, 33).Select(c => (char)c)]);

    private readonly StringBuilder _collected = new();
    private bool _isLineOpen;

    /// <summary>Takes the next piece.</summary>
    public void Take(OutputPiece piece)
    {
        // Only says that the command still runs.
        if (piece.Text.Length == 0 && !piece.IsFinal) return;
        if (json) TakeJson(piece);
        else TakeText(piece);
    }

    /// <summary>A host's text without what would steer the terminal.</summary>
    public static string Harmless(string text)
    {
        if (text.AsSpan().IndexOfAny(Controls) < 0) return text;
        var clean = new StringBuilder(text.Length);
        foreach (var c in text) clean.Append(Controls.Contains(c) ? '?' : c);
        return clean.ToString();
    }

    private void TakeText(OutputPiece piece)
    {
        var text = Harmless(piece.Text);
        if (piece.Flags.HasFlag(OutputFlags.Failed))
        {
            if (_isLineOpen) console.Out.WriteLine();
            console.Error.WriteLine(text);
        }
        else
        {
            console.Out.Write(text);
            if (text.Length > 0) _isLineOpen = text[^1] != '\n';
            if (piece.IsFinal && _isLineOpen) console.Out.WriteLine();
        }

        if (!piece.IsFinal) console.Out.Flush();
        else _isLineOpen = false;
    }

    // What the host did not make JSON itself becomes an object a piece, so that a script can follow a command that goes on.
    private void TakeJson(OutputPiece piece)
    {
        if (piece.Flags.HasFlag(OutputFlags.Json))
        {
            _collected.Append(piece.Text);
            if (!piece.IsFinal) return;
            console.Out.WriteLine(_collected.ToString());
            _collected.Clear();
            return;
        }

        _collected.Clear();
        if (piece.Text.Length == 0 && piece.IsFinal && !piece.Flags.HasFlag(OutputFlags.Failed)) return;
        console.Out.WriteLine(Wrapped(piece));
        console.Out.Flush();
    }

    private static string Wrapped(OutputPiece piece)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteBoolean("ok", !piece.Flags.HasFlag(OutputFlags.Failed));
            writer.WriteString(piece.Flags.HasFlag(OutputFlags.Failed) ? "error" : "output", piece.Text);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }
}
