using Akka.Actor;
using Akka.Event;
using Xunit.Abstractions;

namespace Akka.TestKit.Xunit2.Internals;

/// <summary>Writes log events to a test's output.</summary>
public class TestOutputLogger : ReceiveActor
{
    /// <summary>Writes to <paramref name="output"/>.</summary>
    public TestOutputLogger(ITestOutputHelper output)
    {
        Receive<LogEvent>(log => Write(output, log.ToString()));
        Receive<InitializeLogger>(initialize =>
        {
            initialize.LoggingBus.Subscribe(Self, typeof(LogEvent));
            Sender.Tell(new LoggerInitialized());
        });
    }

    // The output of a test that has ended takes nothing more; what a system logs while it terminates may come so late.
    private static void Write(ITestOutputHelper output, string line)
    {
        try
        {
            output.WriteLine("{0}", line);
        }
        catch (InvalidOperationException e) when (e.Message.Contains("no currently active test", StringComparison.Ordinal))
        {
            _ = e;
        }
    }
}
