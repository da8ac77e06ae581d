namespace Akka.Configuration.Hocon;

/// <summary>A value that stands in the text as several pieces beside each other, at least one of them a substitution.</summary>
internal sealed class HoconConcatenation(List<HoconPiece> pieces, int position)
{
    /// <summary>In the text's order.</summary>
    public List<HoconPiece> Pieces { get; } = pieces;

    /// <summary>Where it begins in the text, for errors.</summary>
    public int Position { get; } = position;

    /// <summary>What the same key held before: what a reference of the value to itself means, and what an object is merged over.</summary>
    public HoconValue? Previous { get; set; }

    /// <summary>Whether its substitutions are being looked up right now.</summary>
    public bool Resolving { get; set; }
}

/// <summary>
/// One piece: a value, a substitution <c>${path}</c> or <c>${?path}</c>, or (for <c>+=</c>) the key's earlier value. A class: lists of it are compiled ahead of time,
/// those of a struct are not.
/// </summary>
internal sealed record HoconPiece(HoconValue? Value, string? Substitution, bool Optional)
{
    /// <summary>The earlier value of the same key.</summary>
    public static HoconPiece Self => new(null, null, true);
}
