#pragma warning disable RS0030 // pbm's own console.

namespace Pbm;

/// <summary>The terminal of this process.</summary>
internal sealed class Terminal : IConsole, IDisposable
{
    public Terminal()
    {
        IsInteractive = !Console.IsInputRedirected && !Console.IsOutputRedirected;
        Out = Console.Out;
        Error = Console.Error;
    }

    public TextWriter Out { get; }

    public TextWriter Error { get; }

    public bool IsInteractive { get; }

    // A terminal that does not say how wide it is.
    public int Width => Console.WindowWidth is >= 20 and var width ? width : 80;

    public string? ReadLine() => Console.ReadLine();

    public ConsoleKeyInfo ReadKey()
    {
        Console.TreatControlCAsInput = true;
        try
        {
            return Console.ReadKey(intercept: true);
        }
        finally
        {
            Console.TreatControlCAsInput = false;
        }
    }

    public IDisposable OnInterrupt(Action interrupted) => new Interrupts(interrupted);

    public void Dispose() => Out.Flush();

    private sealed class Interrupts : IDisposable
    {
        private readonly ConsoleCancelEventHandler _handler;

        public Interrupts(Action interrupted)
        {
            _handler = (_, e) =>
            {
                e.Cancel = true;
                interrupted();
            };
            Console.CancelKeyPress += _handler;
        }

        public void Dispose() => Console.CancelKeyPress -= _handler;
    }
}
