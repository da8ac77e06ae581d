using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Event;
using Akka.TestKit.Xunit2.Internals;
using Xunit.Abstractions;

namespace Akka.TestKit.Xunit2;

/// <summary>A test class of xunit 2 with an actor system of its own, which terminates when the test ends.</summary>
public class TestKit : TestKitBase, IDisposable
{
    /// <summary>Where the log goes; null for standard output.</summary>
    protected readonly ITestOutputHelper? Output;

    private bool _disposing;
    private bool _disposed;

    /// <summary>A kit in <paramref name="system"/>, or with a system of its own.</summary>
    public TestKit(ActorSystem? system = null, ITestOutputHelper? output = null)
        : base(Assertions, system)
    {
        Output = output;
        InitializeLogger(Sys);
    }

    /// <summary>A kit with a system of this set-up.</summary>
    public TestKit(ActorSystemSetup config, string? actorSystemName = null, ITestOutputHelper? output = null)
        : base(Assertions, config, actorSystemName)
    {
        Output = output;
        InitializeLogger(Sys);
    }

    /// <summary>A kit with a system of this configuration.</summary>
    public TestKit(Config config, string? actorSystemName = null, ITestOutputHelper? output = null)
        : base(Assertions, config, actorSystemName)
    {
        Output = output;
        InitializeLogger(Sys);
    }

    /// <summary>A kit with a system of the configuration in <paramref name="config"/>.</summary>
    public TestKit(string config, ITestOutputHelper? output = null)
        : base(Assertions, ConfigurationFactory.ParseString(config))
    {
        Output = output;
        InitializeLogger(Sys);
    }

    /// <inheritdoc cref="TestKitBase.DefaultConfig"/>
    public static new Config DefaultConfig => TestKitBase.DefaultConfig;

    /// <inheritdoc cref="TestKitBase.FullDebugConfig"/>
    public static new Config FullDebugConfig => TestKitBase.FullDebugConfig;

    /// <summary>Assertions of xunit 2.</summary>
    protected static XunitAssertions Assertions { get; } = new();

    /// <summary>Terminates the system.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Runs at the end, before the system terminates or after.</summary>
    protected virtual void AfterAll() => Shutdown();

    /// <summary>Terminates the system, once.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (_disposing || _disposed) return;
        _disposing = true;
        if (disposing) AfterAll();
        _disposed = true;
    }

    /// <summary>Has the log of a system go to the test's output.</summary>
    protected void InitializeLogger(ActorSystem system)
    {
        if (Output is null) return;
        var logger = ((ExtendedActorSystem)system).SystemActorOf(Props.Create(() => new TestOutputLogger(Output)), "log-test");
        logger.Ask<LoggerInitialized>(new InitializeLogger(system.EventStream), TestKitSettings.DefaultTimeout).Wait();
    }

    /// <summary>Has the log of a system go to the test's output, each line with <paramref name="prefix"/>.</summary>
    protected void InitializeLogger(ActorSystem system, string prefix)
    {
        if (Output is null) return;
        var output = new PrefixedOutput(Output, prefix);
        var logger = ((ExtendedActorSystem)system).SystemActorOf(Props.Create(() => new TestOutputLogger(output)), "log-test");
        logger.Ask<LoggerInitialized>(new InitializeLogger(system.EventStream), TestKitSettings.DefaultTimeout).Wait();
    }
}
