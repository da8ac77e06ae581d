using Petabridge.Cmd.Wire;

namespace Pbm;

/// <summary>pbm: one command, the lines of a script, or an interactive console.</summary>
internal static class PbmProgram
{
    /// <summary>Runs it.</summary>
    /// <returns>The process's exit code.</returns>
    public static async Task<int> Run(string[] args, IConsole console, IHistoryStore? history = null)
    {
        if (new PbmCommandLine().Read(args, console, out var exitCode) is not { } options) return exitCode;
        try
        {
            using var session = new Session(options, console);
            if (options.Command.Count > 0) return await session.Run(options.Command);
            return console.IsInteractive ? await new Interactive(session, console, history ?? HistoryFile.OfUser()).Run() : await Script(session, console);
        }
        catch (HostException fault)
        {
            console.Error.WriteLine(fault.Message);
            return fault.IsMisuse ? ExitCodes.Misused : ExitCodes.NoHost;
        }
    }

    private static async Task<int> Script(Session session, IConsole console)
    {
        while (console.ReadLine() is { } line)
        {
            var (words, _) = Words.Split(line);
            if (words.Count == 0 || words[0].StartsWith('#')) continue;
            if (words[0] is "exit" or "quit") break;
            var code = await session.Run(words);
            if (code != ExitCodes.Done) return code;
        }

        return ExitCodes.Done;
    }
}

/// <summary>A connection that is made when it is needed, and made again when it broke between two commands.</summary>
internal sealed class Session(PbmOptions options, IConsole console) : IDisposable
{
    private HostConnection? _connection;

    /// <summary>Where the host is.</summary>
    public HostPlace Place => options.Place;

    /// <summary>The connection; throws <see cref="HostException"/> where there is none to be had.</summary>
    public async Task<HostConnection> Connection()
    {
        // The host ends a connection that is idle for long, and may have been started anew. What was sent is never sent again.
        if (_connection is { IsClosed: true })
        {
            _connection.Dispose();
            _connection = null;
        }

        return _connection ??= await HostConnection.ConnectAsync(options.Place, options.Timeout);
    }

    /// <summary>Runs a command.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> Run(IReadOnlyList<string> words)
    {
        var connection = await Connection();
        var answers = new Answers(console, options.Json);
        try
        {
            using var interrupts = console.IsInteractive && options.Command.Count == 0 ? console.OnInterrupt(() => _ = Cancel(connection)) : null;
            var last = await connection.RunAsync(new RunRequest(words, options.Json), answers.Take, options.Timeout);
            return last.Flags.HasFlag(OutputFlags.Misused) ? ExitCodes.Misused : last.Flags.HasFlag(OutputFlags.Failed) ? ExitCodes.Failed : ExitCodes.Done;
        }
        catch (HostException)
        {
            connection.Dispose();
            _connection = null;
            throw;
        }
    }

    public void Dispose() => _connection?.Dispose();

    private static async Task Cancel(HostConnection connection)
    {
        try
        {
            await connection.CancelAsync();
        }
        catch (HostException)
        {
            // The command that is cancelled fails by itself when its connection is gone.
            connection.Dispose();
        }
    }
}
