namespace Pbm;

/// <summary>The lines typed so far, and where somebody is who looks through them.</summary>
internal sealed class History
{
    private readonly List<string> _lines;
    private int _at;
    private string _draft = "";

    public History(IReadOnlyList<string> lines)
    {
        _lines = [.. lines.TakeLast(Limits.HistoryLines)];
        _at = _lines.Count;
    }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>Adds a line, unless it is the same as the last one or blank; looking through begins anew.</summary>
    public void Add(string line)
    {
        line = line.Trim();
        if (line.Length > 0 && (_lines.Count == 0 || _lines[^1] != line))
        {
            if (_lines.Count == Limits.HistoryLines) _lines.RemoveAt(0);
            _lines.Add(line);
        }

        _at = _lines.Count;
        _draft = "";
    }

    /// <summary>The line before; null at the oldest one. What was being typed is kept for the way back.</summary>
    public string? Back(string typed)
    {
        if (_at == 0) return null;
        if (_at == _lines.Count) _draft = typed;
        return _lines[--_at];
    }

    /// <summary>The line after; what was being typed behind the newest one; null beyond that.</summary>
    public string? Forth()
    {
        if (_at == _lines.Count) return null;
        _at++;
        return _at == _lines.Count ? _draft : _lines[_at];
    }
}
