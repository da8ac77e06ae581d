namespace Petabridge.Cmd;

/// <summary>The limits of commands and of their way over the wire, and what happens at each.</summary>
internal static class Limits
{
    /// <summary>A frame from a console: 64 KiB. A longer one ends the connection before it is read.</summary>
    public const int RequestBytes = 64 * 1024;

    /// <summary>A frame from a host: 1 MiB. A console that is promised a longer one ends the connection.</summary>
    public const int AnswerBytes = 1 << 20;

    /// <summary>Characters of one frame of output: 64 Ki. A longer text goes out in several frames.</summary>
    public const int OutputChars = 64 * 1024;

    /// <summary>Words of one command: 256. A frame with more ends the connection.</summary>
    public const int Words = 256;

    /// <summary>Palettes of a host: 64. One more is not registered, and said so.</summary>
    public const int Palettes = 64;

    /// <summary>Commands of a palette, arguments of a command, switches and suggestions of an argument: 64 each. More throw when they are built.</summary>
    public const int Members = 64;

    /// <summary>Characters of a name or a switch: 64. A longer one throws when it is built.</summary>
    public const int NameChars = 64;

    /// <summary>Characters of a description or a suggestion: 1,024. A longer one throws when it is built.</summary>
    public const int DescriptionChars = 1024;
}
