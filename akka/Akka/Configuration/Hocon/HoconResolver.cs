using System.Text;

namespace Akka.Configuration.Hocon;

/// <summary>
/// Looks up the substitutions of a parsed document: in the document, then in the environment. A value that refers to itself means its
/// key's earlier value; any other circle is an error.
/// </summary>
internal sealed class HoconResolver(HoconValue root, Func<int, string, ConfigurationException> error)
{
    private int _chain;
    private int _chars;
    private int _depth;
    private int _elements;

    /// <summary>Replaces everything deferred at and below <paramref name="value"/> in place.</summary>
    public void Settle(HoconValue value)
    {
        if (value.Settled) return;
        if (++_depth > HoconLimits.Nesting + HoconLimits.SubstitutionChain) throw error(0, "substitutions make objects or arrays that are nested too deeply");
        Resolve(value);
        value.Settled = true;
        if (value.Kind == HoconKind.Array)
        {
            foreach (var element in value.Array!) Settle(element);
            value.Array.RemoveAll(element => element.Kind == HoconKind.Undefined);
        }
        else if (value.Kind == HoconKind.Object)
        {
            SettleObject(value.Object!);
        }

        _depth--;
    }

    private void SettleObject(HoconObject value)
    {
        List<string>? missing = null;
        foreach (var (key, child) in value.Items)
        {
            Settle(child);
            if (child.Kind == HoconKind.Undefined) (missing ??= []).Add(key);
        }

        if (missing is null) return;
        foreach (var key in missing) value.Items.Remove(key);
    }

    private void Resolve(HoconValue value)
    {
        if (value.Kind != HoconKind.Deferred) return;
        var pieces = value.Concatenation!;
        if (pieces.Resolving) throw error(pieces.Position, "the substitutions go in a circle");
        if (++_chain > HoconLimits.SubstitutionChain) throw error(pieces.Position, $"more than {HoconLimits.SubstitutionChain} substitutions lead from one to the next");
        pieces.Resolving = true;
        var result = Concatenate(pieces);
        if (pieces.Previous is { } previous && (result is null || result.Kind == HoconKind.Object))
        {
            Resolve(previous);
            result = result is null ? previous : HoconObject.MergeValue(previous, result, Resolve);
        }

        value.Become(result);
        _chain--;
    }

    private HoconValue? Concatenate(HoconConcatenation whole)
    {
        HoconValue? first = null;
        StringBuilder? text = null;
        foreach (var piece in whole.Pieces)
        {
            var next = piece.Value ?? Lookup(piece, whole);
            if (next is null || next.Kind == HoconKind.Undefined) continue;
            Resolve(next);
            if (first is null)
            {
                first = next;
                continue;
            }

            if (first.Kind != next.Kind) throw error(whole.Position, "strings, objects and arrays cannot be put together");
            if (first.Kind == HoconKind.String) Append(text ??= new StringBuilder(first.GetString()), next.GetString()!, whole.Position);
            else first = Join(first, next, whole.Position);
        }

        return text is null ? first : HoconValue.Of(text.ToString());
    }

    private void Append(StringBuilder text, string next, int position)
    {
        text.Append(next);
        _chars += next.Length + 1;
        if (_chars > HoconLimits.SubstitutedChars) throw error(position, $"substitutions make more than {HoconLimits.SubstitutedChars} characters");
    }

    private HoconValue Join(HoconValue first, HoconValue next, int position)
    {
        _elements += first.Kind == HoconKind.Object ? first.Object!.Items.Count + next.Object!.Items.Count : first.Array!.Count + next.Array!.Count;
        if (_elements > HoconLimits.SubstitutedElements) throw error(position, $"substitutions make more than {HoconLimits.SubstitutedElements} elements");
        return first.Kind == HoconKind.Object
            ? HoconValue.Of(HoconObject.Merge(first.Object!, next.Object!, Resolve))
            : HoconValue.Of([.. first.Array!, .. next.Array!]);
    }

    private HoconValue? Lookup(HoconPiece piece, HoconConcatenation whole)
    {
        if (piece.Substitution is null) return Earlier(whole);
        var found = Find(piece.Substitution);
        if (found is not null && found.Kind != HoconKind.Undefined) return found;
        if (Environment.GetEnvironmentVariable(piece.Substitution) is { } variable) return HoconValue.Of(variable);
        return piece.Optional ? null : throw error(whole.Position, $"${{{piece.Substitution}}} is defined neither here nor in the environment (or leads back to itself)");
    }

    private HoconValue? Find(string path)
    {
        HoconValue? current = root;
        foreach (var element in HoconPath.Split(path))
        {
            current = Reached(current?.GetChildObject(element));
            if (current is null) return null;
        }

        return current;
    }

    // A value in the middle of its own look-up stands for what its key held before.
    private HoconValue? Reached(HoconValue? value)
    {
        if (value?.Concatenation is { Resolving: true } self) return Earlier(self);
        if (value is not null) Resolve(value);
        return value;
    }

    private HoconValue? Earlier(HoconConcatenation value)
    {
        if (value.Previous is not null) Resolve(value.Previous);
        return value.Previous;
    }
}
