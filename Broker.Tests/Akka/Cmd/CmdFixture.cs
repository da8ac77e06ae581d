using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Pbm;
using Petabridge.Cmd;
using Petabridge.Cmd.Host;

namespace AkkaStream.Tests.Akka.Cmd;

/// <summary>An actor system with a host on a free port, and a palette for tests.</summary>
public abstract class CmdFixture : IAsyncLifetime
{
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    protected ActorSystem System { get; } = ActorSystem.Create("looked-into", "petabridge.cmd.port = 0\nakka.loglevel = INFO\nakka.stdout-loglevel = OFF\nakka.loggers = []");

    internal PetabridgeCmd Host => PetabridgeCmd.Get(System);

    internal HostPlace Place { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Assert.True(Host.RegisterCommandPalette(new TestPalette()));
        Host.Start();
        Place = new HostPlace("127.0.0.1", await Host.Bound.WaitAsync(Patience));
    }

    public Task DisposeAsync() => System.Terminate();

    internal Task<HostConnection> Connect() => HostConnection.ConnectAsync(Place, Patience);

    /// <summary>Runs pbm with these arguments and keys or lines.</summary>
    internal async Task<(int Code, string Output, string Error)> Pbm(string[] args, FakeConsole? console = null)
    {
        console ??= new FakeConsole();
        var code = await PbmProgram.Run(["--host", Place.Host, "--port", Place.Port.ToString(), .. args], console, new NoHistory()).WaitAsync(Patience);
        return (code, console.Out.ToString()!, console.Error.ToString()!);
    }

    internal async Task<Socket> Stranger()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, Place.Port);
        return socket;
    }

    internal sealed class NoHistory : IHistoryStore
    {
        public IReadOnlyList<string> Read() => ["sys info"];

        public void Write(IReadOnlyList<string> lines)
        {
        }
    }
}

/// <summary>A console without a terminal: keys and lines from the test, texts to it.</summary>
internal sealed class FakeConsole(params string[] lines) : IConsole
{
    private readonly Queue<string> _lines = new(lines);
    private readonly global::System.Collections.Concurrent.BlockingCollection<ConsoleKeyInfo> _keys = [];
    private Action? _interrupted;

    public TextWriter Out { get; } = new LockedWriter();

    public TextWriter Error { get; } = new LockedWriter();

    public bool IsInteractive { get; init; }

    public int Width => 200;

    public bool TakesInterrupts => Volatile.Read(ref _interrupted) is not null;

    public string? ReadLine() => _lines.TryDequeue(out var line) ? line : null;

    public ConsoleKeyInfo ReadKey() => _keys.Take();

    public IDisposable OnInterrupt(Action interrupted)
    {
        Volatile.Write(ref _interrupted, interrupted);
        return new Undo(() => Volatile.Write(ref _interrupted, null));
    }

    public void Interrupt() => _interrupted!();

    /// <summary>Types a text; a tab and a line feed are the keys for them.</summary>
    public FakeConsole Type(string text)
    {
        foreach (var c in text) _keys.Add(new ConsoleKeyInfo(c == '\n' ? '\r' : c, c switch { '\n' => ConsoleKey.Enter, '\t' => ConsoleKey.Tab, _ => ConsoleKey.NoName }, false, false, false));
        return this;
    }

    /// <summary>Presses a key.</summary>
    public FakeConsole Press(ConsoleKey key, bool control = false)
    {
        _keys.Add(new ConsoleKeyInfo('\0', key, false, false, control));
        return this;
    }

    /// <summary>Written by one thread, looked into by another.</summary>
    private sealed class LockedWriter : TextWriter
    {
        private readonly global::System.Text.StringBuilder _text = new();

        public LockedWriter() => CoreNewLine = ['\n'];

        public override global::System.Text.Encoding Encoding => global::System.Text.Encoding.UTF8;

        public override void Write(char value)
        {
            lock (_text) _text.Append(value);
        }

        public override void Write(string? value)
        {
            lock (_text) _text.Append(value);
        }

        public override string ToString()
        {
            lock (_text) return _text.ToString();
        }
    }

    private sealed class Undo(Action undo) : IDisposable
    {
        public void Dispose() => undo();
    }
}

/// <summary>Commands that do what tests need.</summary>
internal sealed class TestPalette() : CommandPaletteHandler(Definition)
{
    private static readonly CommandPalette Definition = new("test",
    [
        Named("echo", a => a.WithName("message").WithDescription("What to say.").WithSwitch("-m").WithSwitch("--message").IsMandatory(true), a => a.WithName("times").WithSwitch("-t").WithDescription("How often.").WithDefaultValue("1").WithDefaultValues("1", "2", "10")),
        Named("throw"), Named("nonsense"), Named("die"), Named("silent"), Named("flood"), Named("pieces"), Named("unhandled"), Named("escape"),
        Named("long"), Named("end"),
    ]);

    public override Props HandlerProps => Props.Create(() => new Handler());

    private static CommandDefinition Named(string name, params Func<ArgumentDefinitionBuilder, ArgumentDefinitionBuilder>[] arguments)
    {
        var builder = new CommandDefinitionBuilder().WithName(name).WithDescription($"Does {name}.");
        foreach (var argument in arguments) builder.WithArgument(argument);
        return builder.Build();
    }

    private sealed class Handler : CommandHandlerActor
    {
        public Handler()
            : base(Definition)
        {
            Process("echo", (_, arguments) => Sender.Tell(new CommandResponse(string.Join(' ', Enumerable.Repeat(arguments.ArgumentValues("message").Single(), int.Parse(arguments.ArgumentValues("times").Single()))))));
            Process("throw", _ => throw new InvalidOperationException("meant"));
            Process("nonsense", _ => Sender.Tell(17));
            Process("die", _ => Self.Tell("die"));
            Process("silent", _ => { });
            Process("end", _ => Context.Stop(Self));
            Process("pieces", _ =>
            {
                Sender.Tell(new CommandResponse("one\n", false));
                Sender.Tell(new CommandResponse("two"));
                Sender.Tell(new CommandResponse("too late"));
            });
            Process("flood", _ =>
            {
                for (var i = 0; i < 200; i++) Sender.Tell(new CommandResponse(new string('x', 100_000), false));
            });
            Process("escape", _ => Sender.Tell(new CommandResponse("a\e[2Jb\u009bc")));
            Process("long", _ => Sender.Tell(new CommandResponse(new string('y', (1 << 20) + 5))));
            Receive<string>(_ => throw new InvalidOperationException("outside of any command"));
        }
    }
}
