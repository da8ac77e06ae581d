namespace Akka.Configuration.Hocon;

/// <summary>
/// Reads HOCON: objects, arrays, dotted and quoted keys, comments, strings, concatenation, substitutions, <c>+=</c>; no includes.
/// Errors are <see cref="ConfigurationException"/>s with line and column.
/// </summary>
internal ref struct HoconParser
{
    private readonly string _text;
    private HoconScanner _scanner;
    private int _depth;
    private bool _deferred;

    private HoconParser(string text)
    {
        _text = text;
        _scanner = new HoconScanner(text);
    }

    /// <summary>The root object of a document, with or without braces around it.</summary>
    public static HoconValue Parse(string text)
    {
        var root = new HoconParser(text).Root(out var deferred);
        if (deferred) new HoconResolver(root, (position, message) => HoconScanner.Error(text, position, message)).Settle(root);
        return root;
    }

    private HoconValue Root(out bool deferred)
    {
        _scanner.Gaps(commas: false);
        var root = new HoconObject();
        if (_scanner.Next == '{')
        {
            root = Braces();
            _scanner.Gaps(commas: true);
            if (!_scanner.AtEnd) throw _scanner.Error(_scanner.Position, "nothing may follow the closing brace of the root");
        }
        else
        {
            Members(root);
            if (!_scanner.AtEnd) throw _scanner.Error(_scanner.Position, $"unexpected '{_scanner.Next}'");
        }

        deferred = _deferred;
        return HoconValue.Of(root);
    }

    private HoconObject Braces()
    {
        var start = _scanner.Position;
        Enter(start);
        _scanner.Take();
        var members = new HoconObject();
        Members(members);
        if (!_scanner.Take("}")) throw _scanner.Error(start, "the object that begins here is not closed");
        _depth--;
        return members;
    }

    private void Enter(int position)
    {
        if (++_depth > HoconLimits.Nesting) throw _scanner.Error(position, $"objects and arrays are nested more than {HoconLimits.Nesting} deep");
    }

    // Up to the end of the text or a character that ends an object or array.
    private void Members(HoconObject into)
    {
        while (true)
        {
            _scanner.Gaps(commas: true);
            if (_scanner.AtEnd || _scanner.Next is '}' or ']') return;
            var start = _scanner.Position;
            var path = Key(start);
            _scanner.Gaps(commas: false);
            var append = _scanner.Take("+=");
            if (!append && !_scanner.Take("=") && !_scanner.Take(":") && _scanner.Next != '{')
            {
                throw _scanner.Error(start, $"the key '{string.Join('.', path)}' has no value: expected '=', ':', '+=' or '{{' after it");
            }

            _scanner.Gaps(commas: false);
            var at = _scanner.Position;
            var value = Value(out _) ?? throw _scanner.Error(start, $"the key '{string.Join('.', path)}' has no value");
            Assign(into, path, append ? Appended(value, at) : value);
        }
    }

    private HoconValue Appended(HoconValue value, int position)
    {
        _deferred = true;
        var added = HoconValue.Of([value]);
        return HoconValue.Of(new HoconConcatenation([HoconPiece.Self, new HoconPiece(added, null, false)], position));
    }

    private List<string> Key(int start)
    {
        var path = new List<string>();
        while (true)
        {
            path.Add(KeyElement(start));
            if (path.Count > HoconLimits.Nesting) throw _scanner.Error(start, $"a key has more than {HoconLimits.Nesting} elements");
            if (!_scanner.Take(".")) return path;
        }
    }

    // One element: quoted, or what stands up to a dot or separator without the blanks around it.
    private string KeyElement(int start)
    {
        _scanner.Blanks();
        if (_scanner.Next == '"')
        {
            var quoted = _scanner.Quoted();
            _scanner.Blanks();
            return quoted;
        }

        var begin = _scanner.Position;
        while (!_scanner.AtEnd && !_scanner.SeesComment() && !_scanner.Sees("+=") && !EndsKey(_scanner.Next)) _scanner.Take();
        var element = _scanner.Slice(begin, _scanner.Position).Trim();
        return element.Length > 0 ? element : throw _scanner.Error(start, "expected a key");
    }

    private static bool EndsKey(char c) => c is '.' or '=' or ':' or '{' or '}' or '[' or ']' or ',' or '"' or '$' or '\n';

    // Null where nothing stands before the end of the line, a comma or a closing bracket.
    private HoconValue? Value(out int start)
    {
        start = _scanner.Position;
        HoconPiece? first = null;
        List<HoconPiece>? pieces = null;
        var count = 0;
        while (true)
        {
            var blanks = _scanner.Blanks();
            if (_scanner.AtEnd || _scanner.Next is '\n' or ',' or '}' or ']' || _scanner.SeesComment()) break;
            var gap = count > 0 && blanks.Length > 0 ? blanks.ToString() : null;
            var piece = Piece();
            if (count++ == 0)
            {
                first = piece;
                continue;
            }

            pieces ??= [first!];
            if (gap is not null && IsText(pieces[^1]) && IsText(piece)) pieces.Add(new HoconPiece(HoconValue.Of(gap), null, false));
            pieces.Add(piece);
        }

        if (count == 0) return null;
        return pieces is null && first!.Value is { } only ? NullOrText(only, start) : Together(pieces ?? [first!], start);
    }

    private static bool IsText(HoconPiece piece) => piece.Substitution is not null || piece.Value?.Kind == HoconKind.String;

    private readonly HoconValue NullOrText(HoconValue value, int start)
        => value.Kind == HoconKind.String && value.GetString() == "null" && _text[start] != '"' ? HoconValue.Of((string?)null) : value;

    private HoconPiece Piece()
    {
        var start = _scanner.Position;
        switch (_scanner.Next)
        {
            case '{':
                return new HoconPiece(HoconValue.Of(Braces()), null, false);
            case '[':
                return new HoconPiece(HoconValue.Of(Brackets()), null, false);
            case '"':
                return new HoconPiece(HoconValue.Of(_scanner.Quoted()), null, false);
            case '$' when _scanner.Take("${"):
                _deferred = true;
                var optional = _scanner.Take("?");
                return new HoconPiece(null, _scanner.Until('}', start, "substitution").Trim(), optional);
            default:
                return new HoconPiece(HoconValue.Of(Unquoted(start)), null, false);
        }
    }

    private string Unquoted(int start)
    {
        while (!_scanner.AtEnd && !char.IsWhiteSpace(_scanner.Next) && !_scanner.SeesComment() && !_scanner.Sees("${"))
        {
            var c = _scanner.Next;
            if (c is '{' or '}' or '[' or ']' or ',' or '"') break;
            if (c is '=' or ':' or '\\' or '`') throw _scanner.Error(_scanner.Position, $"'{c}' may stand in a value only within quotes");
            _scanner.Take();
        }

        return _scanner.Slice(start, _scanner.Position);
    }

    private List<HoconValue> Brackets()
    {
        var start = _scanner.Position;
        Enter(start);
        _scanner.Take();
        var elements = new List<HoconValue>();
        while (true)
        {
            _scanner.Gaps(commas: true);
            if (_scanner.Take("]")) break;
            if (_scanner.AtEnd || _scanner.Next == '}') throw _scanner.Error(start, "the array that begins here is not closed");
            elements.Add(Value(out _)!);
        }

        _depth--;
        return elements;
    }

    private readonly HoconValue Together(List<HoconPiece> pieces, int start)
    {
        foreach (var piece in pieces)
        {
            if (piece.Value is null || piece.Value.Kind == HoconKind.Deferred) return HoconValue.Of(new HoconConcatenation(pieces, start));
        }

        var whole = pieces[0].Value!;
        for (var i = 1; i < pieces.Count; i++) whole = Join(whole, pieces[i].Value!, start);
        return whole;
    }

    private readonly HoconValue Join(HoconValue left, HoconValue right, int start)
    {
        if (left.Kind != right.Kind) throw _scanner.Error(start, "strings, objects and arrays cannot be put together");
        if (left.Kind == HoconKind.String) return HoconValue.Of(left.GetString() + right.GetString());
        if (left.Kind == HoconKind.Array) return HoconValue.Of([.. left.Array!, .. right.Array!]);
        foreach (var (key, value) in right.Object!.Items) Assign(left.Object!, [key], value);
        return left;
    }

    private static void Assign(HoconObject into, List<string> path, HoconValue value)
    {
        for (var i = path.Count - 1; i > 0; i--)
        {
            var below = new HoconObject();
            below.Items[path[i]] = value;
            value = HoconValue.Of(below);
        }

        Assign(into, path[0], value);
    }

    // Objects merge; where a side is not known before its substitutions are, the merge waits for them.
    private static void Assign(HoconObject into, string key, HoconValue value)
    {
        if (!into.Items.TryGetValue(key, out var earlier))
        {
            into.Items[key] = value;
        }
        else if (value.Kind == HoconKind.Deferred)
        {
            First(value.Concatenation!).Previous = earlier;
            into.Items[key] = value;
        }
        else if (value.Kind == HoconKind.Object && earlier.Kind == HoconKind.Object)
        {
            foreach (var (childKey, child) in value.Object!.Items) Assign(earlier.Object!, childKey, child);
        }
        else if (value.Kind == HoconKind.Object && earlier.Kind == HoconKind.Deferred)
        {
            into.Items[key] = HoconValue.Of(new HoconConcatenation([new HoconPiece(value, null, false)], earlier.Concatenation!.Position) { Previous = earlier });
        }
        else
        {
            into.Items[key] = value;
        }
    }

    private static HoconConcatenation First(HoconConcatenation value)
    {
        while (value.Previous?.Concatenation is { } before) value = before;
        return value;
    }
}
