using System.Collections.Concurrent;
using Akka;
using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit.Xunit2;

namespace AkkaStream.Tests.Akka.Shutdown;

public sealed class CoordinatedShutdownTests() : TestKit("akka.coordinated-shutdown { run-by-clr-shutdown-hook = off, default-phase-timeout = 10s }")
{
    private readonly ConcurrentQueue<string> _ran = new();

    private Task<Done> Ran(string name)
    {
        _ran.Enqueue(name);
        return Task.FromResult(Done.Instance);
    }

    private CoordinatedShutdown Shutdown_ => CoordinatedShutdown.Get(Sys);

    [Fact]
    public async Task Phases_run_in_their_order_and_the_system_ends_last()
    {
        Shutdown_.AddTask(CoordinatedShutdown.PhaseBeforeActorSystemTerminate, "d", () => Ran("before-terminate"));
        Shutdown_.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "b", () => Ran("unbind"));
        Shutdown_.AddTask(CoordinatedShutdown.PhaseServiceRequestsDone, "c", () => Ran("requests-done"));
        Shutdown_.AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "a", () => Ran("before-unbind"));
        Shutdown_.AddTask(CoordinatedShutdown.PhaseClusterExiting, "c2", () => Ran("exiting"));
        Sys.RegisterOnTermination(() => _ran.Enqueue("terminated"));
        await Shutdown_.Run(CoordinatedShutdown.UnknownReason.Instance);
        await Sys.WhenTerminated;
        Assert.Equal(["before-unbind", "unbind", "requests-done", "exiting", "before-terminate", "terminated"], _ran);
        Assert.Same(CoordinatedShutdown.UnknownReason.Instance, Shutdown_.ShutdownReason);
    }

    [Fact]
    public async Task It_runs_once_whoever_asks()
    {
        Shutdown_.AddTask(CoordinatedShutdown.PhaseServiceStop, "a", () => Ran("a"));
        var first = Shutdown_.Run(CoordinatedShutdown.ClusterLeavingReason.Instance);
        var second = Shutdown_.Run(CoordinatedShutdown.ClrExitReason.Instance);
        Assert.Same(first, second);
        await first;
        Assert.Equal(["a"], _ran);
        Assert.Same(CoordinatedShutdown.ClusterLeavingReason.Instance, Shutdown_.ShutdownReason);
    }

    [Fact]
    public async Task It_may_begin_at_a_phase()
    {
        Shutdown_.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "a", () => Ran("unbind"));
        Shutdown_.AddTask(CoordinatedShutdown.PhaseServiceStop, "b", () => Ran("stop"));
        await Shutdown_.Run(CoordinatedShutdown.UnknownReason.Instance, CoordinatedShutdown.PhaseServiceStop);
        Assert.Equal(["stop"], _ran);
    }

    [Fact]
    public async Task Tasks_of_a_phase_run_side_by_side()
    {
        var met = new TaskCompletionSource<Done>();
        Shutdown_.AddTask(CoordinatedShutdown.PhaseServiceStop, "waits", () => met.Task);
        Shutdown_.AddTask(CoordinatedShutdown.PhaseServiceStop, "sets", () =>
        {
            met.SetResult(Done.Instance);
            return met.Task;
        });
        await Shutdown_.Run(CoordinatedShutdown.UnknownReason.Instance).WaitAsync(TimeSpan.FromSeconds(9));
    }

    [Fact]
    public async Task A_task_that_fails_stops_nothing()
    {
        Shutdown_.AddTask(CoordinatedShutdown.PhaseServiceStop, "throws", () => throw new InvalidOperationException("meant"));
        Shutdown_.AddTask(CoordinatedShutdown.PhaseServiceStop, "fails", () => Task.FromException<Done>(new InvalidOperationException("meant too")));
        Shutdown_.AddTask(CoordinatedShutdown.PhaseBeforeClusterShutdown, "after", () => Ran("after"));
        // The system lives until its warnings were seen: they come by its own event stream.
        var seen = new TaskCompletionSource<Done>(TaskCreationOptions.RunContinuationsAsynchronously);
        Shutdown_.AddTask(CoordinatedShutdown.PhaseBeforeActorSystemTerminate, "seen", () => seen.Task);
        Task? running = null;
        await EventFilter.Warning(contains: "meant").ExpectAsync(2, () =>
        {
            running = Shutdown_.Run(CoordinatedShutdown.UnknownReason.Instance);
            return Task.CompletedTask;
        });
        seen.SetResult(Done.Instance);
        await running!;
        Assert.Equal(["after"], _ran);
    }

    [Fact]
    public async Task Terminating_the_system_runs_it()
    {
        Shutdown_.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "a", () => Ran("unbind"));
        await Sys.Terminate();
        Assert.Equal(["unbind"], _ran);
        Assert.Same(CoordinatedShutdown.ActorSystemTerminateReason.Instance, Shutdown_.ShutdownReason);
    }

    [Fact]
    public void A_task_needs_a_name_and_a_phase_that_is_there()
    {
        Assert.Throws<ArgumentException>(() => Shutdown_.AddTask(CoordinatedShutdown.PhaseServiceStop, "", () => Ran("")));
        var error = Assert.Throws<ConfigurationException>(() => Shutdown_.AddTask("no-such-phase", "a", () => Ran("")));
        Assert.Contains("no-such-phase", error.Message);
        Assert.Throws<ArgumentException>(() => Shutdown_.Timeout("no-such-phase"));
    }

    [Fact]
    public void Time_limits_come_from_the_configuration()
    {
        Assert.Equal(TimeSpan.FromSeconds(10), Shutdown_.Timeout(CoordinatedShutdown.PhaseServiceStop));
        Assert.Equal(TimeSpan.FromSeconds(120), Shutdown_.TotalTimeout);
    }
}

public sealed class CoordinatedShutdownOptionsTests : TestKit
{
    public CoordinatedShutdownOptionsTests()
        : base("""
            akka.coordinated-shutdown {
              run-by-clr-shutdown-hook = off
              run-by-actor-system-terminate = off
              terminate-actor-system = off
              phases {
                strict { timeout = 50ms, recover = off, depends-on = [service-stop] }
                patient { timeout = 50ms, depends-on = [before-service-unbind] }
                off { enabled = off, depends-on = [before-service-unbind] }
                service-unbind.depends-on = [patient, off]
              }
            }
            """)
    {
    }

    [Fact]
    public async Task A_phase_that_may_not_fail_ends_the_run()
    {
        CoordinatedShutdown.Get(Sys).AddTask("strict", "fails", () => Task.FromException<Done>(new InvalidOperationException("meant")));
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => CoordinatedShutdown.Get(Sys).Run(CoordinatedShutdown.UnknownReason.Instance));
        Assert.Equal("meant", error.Message);
    }

    [Fact]
    public async Task A_phase_that_may_not_be_late_ends_the_run()
    {
        CoordinatedShutdown.Get(Sys).AddTask("strict", "hangs", () => new TaskCompletionSource<Done>().Task);
        var error = await Assert.ThrowsAsync<TimeoutException>(() => CoordinatedShutdown.Get(Sys).Run(CoordinatedShutdown.UnknownReason.Instance));
        Assert.Contains("hangs", error.Message);
    }

    [Fact]
    public async Task A_phase_that_is_late_is_left_behind()
    {
        CoordinatedShutdown.Get(Sys).AddTask("patient", "hangs", () => new TaskCompletionSource<Done>().Task);
        await EventFilter.Warning(contains: "hangs").ExpectOneAsync(() => CoordinatedShutdown.Get(Sys).Run(CoordinatedShutdown.UnknownReason.Instance));
    }

    [Fact]
    public async Task A_phase_that_is_disabled_does_not_run()
    {
        var ran = false;
        CoordinatedShutdown.Get(Sys).AddTask("off", "never", () =>
        {
            ran = true;
            return Task.FromResult(Done.Instance);
        });
        await CoordinatedShutdown.Get(Sys).Run(CoordinatedShutdown.UnknownReason.Instance);
        Assert.False(ran);
        Assert.False(Sys.WhenTerminated.IsCompleted);
    }

    [Fact]
    public void A_circle_of_phases_is_refused()
    {
        var system = ActorSystem.Create("circle", ConfigurationFactory.ParseString("akka.coordinated-shutdown.phases { a.depends-on = [b], b.depends-on = [a] }"));
        Assert.Contains("circle", Assert.Throws<ConfigurationException>(() => CoordinatedShutdown.Get(system)).Message);
    }
}
