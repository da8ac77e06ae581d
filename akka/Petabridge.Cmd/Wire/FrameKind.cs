namespace Petabridge.Cmd.Wire;

/// <summary>What a frame is. A frame: its length without these four bytes (big endian), the kind (one byte), the rest by kind.</summary>
internal enum FrameKind : byte
{
    /// <summary>Console: which palettes are there?</summary>
    Describe = 1,

    /// <summary>Console: run this. One at a time.</summary>
    Run = 2,

    /// <summary>Console: end what runs.</summary>
    Cancel = 3,

    /// <summary>Host: the palettes.</summary>
    Palettes = 65,

    /// <summary>Host: a piece of what a command says.</summary>
    Output = 66,
}

/// <summary>How a piece of output is meant.</summary>
[Flags]
internal enum OutputFlags : byte
{
    /// <summary>More comes.</summary>
    None = 0,

    /// <summary>The command has ended.</summary>
    Final = 1,

    /// <summary>It failed.</summary>
    Failed = 2,

    /// <summary>It was not understood: the text says what exists.</summary>
    Misused = 4,

    /// <summary>The text is JSON, as it was asked for.</summary>
    Json = 8,
}

/// <summary>A command on its way to the host.</summary>
/// <param name="Words">What was typed: palette, command, switches and values.</param>
/// <param name="Json">Whether the answer is for a script.</param>
internal sealed record RunRequest(IReadOnlyList<string> Words, bool Json);

/// <summary>A piece of an answer on its way to the console.</summary>
internal sealed record OutputPiece(OutputFlags Flags, string Text)
{
    public bool IsFinal => Flags.HasFlag(OutputFlags.Final);
}
