namespace Pbm;

/// <summary>Where pbm reads and writes.</summary>
internal interface IConsole
{
    /// <summary>What commands say.</summary>
    TextWriter Out { get; }

    /// <summary>What went wrong.</summary>
    TextWriter Error { get; }

    /// <summary>Whether keys come one by one from a person.</summary>
    bool IsInteractive { get; }

    /// <summary>Columns of a line.</summary>
    int Width { get; }

    /// <summary>The next line of a script; null at its end.</summary>
    string? ReadLine();

    /// <summary>The next key of a person.</summary>
    ConsoleKeyInfo ReadKey();

    /// <summary>Calls <paramref name="interrupted"/> at Ctrl-C in place of ending the process, until it is disposed.</summary>
    IDisposable OnInterrupt(Action interrupted);
}
