namespace Petabridge.Cmd;

/// <summary>An answer to a <see cref="Command"/>, to its sender. The last one of a command is final.</summary>
public class CommandResponse
{
    /// <summary>An answer without a text that ends the command.</summary>
    public static readonly CommandResponse Empty = new("");

    /// <summary>An answer.</summary>
    /// <param name="msg">The text, lines separated by line feeds.</param>
    /// <param name="final">Whether it is the last one.</param>
    public CommandResponse(string msg, bool final = true)
    {
        Msg = msg ?? "";
        Final = final;
    }

    /// <summary>The text.</summary>
    public string Msg { get; }

    /// <summary>Whether the command ends with it.</summary>
    public bool Final { get; }
}

/// <summary>The command failed: the last answer, and why.</summary>
public class ErroredCommandResponse : CommandResponse
{
    /// <summary>The command failed.</summary>
    /// <param name="msg">Why, and what to do about it.</param>
    public ErroredCommandResponse(string msg)
        : base(msg)
    {
    }
}
