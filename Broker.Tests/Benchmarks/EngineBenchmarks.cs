using System.Diagnostics;
using System.Threading.Channels;
using Akka.Actor;
using Xunit.Abstractions;

namespace AkkaStream.Tests.Benchmarks;

/// <summary>
/// The engine against a bare <see cref="Channel{T}"/>, in one run: <c>AKKASTREAM_BENCH=engine dotnet test -c Release --filter EngineBenchmarks</c>.
/// What it prints is never pass or fail.
/// </summary>
public sealed class EngineBenchmarks(ITestOutputHelper output)
{
    private const int Rounds = 3;
    private const int Messages = 10_000_000;

    [Fact]
    public async Task Tell_ping_pong_latency_and_memory()
    {
        if (Environment.GetEnvironmentVariable("AKKASTREAM_BENCH") is not { } wanted || !wanted.Contains("engine", StringComparison.Ordinal))
        {
            output.WriteLine("left out: AKKASTREAM_BENCH does not name engine");
            return;
        }

        var start = Stopwatch.GetTimestamp();
        using var system = ActorSystem.Create("bench", "akka.loglevel = ERROR");
        output.WriteLine($"first system made in {Stopwatch.GetElapsedTime(start).TotalMilliseconds:0.0} ms");
        for (var round = 0; round < Rounds; round++)
        {
            output.WriteLine($"round {round + 1}: channel {await ChannelFlood() / 1e6:0.0} M/s; Tell from 1 producer {await Flood(system, 1)}, from 2 {await Flood(system, 2)}");
            output.WriteLine($"  ping-pong: channels, 100 in flight {await ChannelPingPong(100) / 1e6:0.0} M/s; actors, 100 in flight {await PingPong(system, 100)}, 1 in flight {await PingPong(system, 1)}");
            output.WriteLine($"  Tell to an idle actor from outside until it handles it: p50, p99 {await Latency(system)}");
            output.WriteLine($"  Ask: {await Asks(system) / 1e6:0.00} M/s");
        }

        output.WriteLine($"an idle actor takes {await Memory(system)} bytes");
    }

    private static async Task<double> ChannelFlood()
    {
        var channel = Channel.CreateUnbounded<(object, object?)>(new UnboundedChannelOptions { SingleReader = true });
        var message = new object();
        var start = Stopwatch.GetTimestamp();
        var reader = Task.Run(async () =>
        {
            var left = Messages;
            while (left > 0 && await channel.Reader.WaitToReadAsync())
            {
                while (channel.Reader.TryRead(out _)) left--;
            }
        });
        await Task.Run(() =>
        {
            for (var i = 0; i < Messages; i++) channel.Writer.TryWrite((message, null));
        });
        await reader;
        return Messages / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task<string> Flood(ActorSystem system, int producers)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var actor = system.ActorOf(Props.CreateBy(new Producer(() => new Counter(Messages, done))));
        var message = new object();
        var allocated = GC.GetTotalAllocatedBytes(true);
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, producers).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < Messages / producers; i++) actor.Tell(message, ActorRefs.NoSender);
        })));
        var told = Stopwatch.GetElapsedTime(start);
        await done.Task;
        var handled = Stopwatch.GetElapsedTime(start);
        var bytes = GC.GetTotalAllocatedBytes(true) - allocated;
        system.Stop(actor);
        return $"{Messages / told.TotalSeconds / 1e6:0.0} M/s told, {Messages / handled.TotalSeconds / 1e6:0.0} M/s handled, {(double)bytes / Messages:0.00} B each";
    }

    private static async Task<string> PingPong(ActorSystem system, int inFlight)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var pong = system.ActorOf(Props.CreateBy(new Producer(() => new Echo())));
        var count = inFlight == 1 ? Messages / 5 : Messages;
        var ping = system.ActorOf(Props.CreateBy(new Producer(() => new Pinger(pong, count / 2, done))));
        var allocated = GC.GetTotalAllocatedBytes(true);
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < inFlight; i++) ping.Tell(new object(), pong);
        await done.Task;
        var rate = count / Stopwatch.GetElapsedTime(start).TotalSeconds;
        var bytes = GC.GetTotalAllocatedBytes(true) - allocated;
        system.Stop(ping);
        system.Stop(pong);
        return $"{rate / 1e6:0.0} M/s, {(double)bytes / count:0.000} B each";
    }

    private static async Task<double> ChannelPingPong(int inFlight)
    {
        var there = Channel.CreateUnbounded<object>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        var back = Channel.CreateUnbounded<object>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        var start = Stopwatch.GetTimestamp();
        var echo = Task.Run(async () =>
        {
            while (await there.Reader.WaitToReadAsync())
            {
                while (there.Reader.TryRead(out var message)) back.Writer.TryWrite(message);
            }
        });
        var ping = Task.Run(async () =>
        {
            for (var i = 0; i < inFlight; i++) there.Writer.TryWrite(new object());
            var left = Messages / 2;
            while (left > 0 && await back.Reader.WaitToReadAsync())
            {
                while (left > 0 && back.Reader.TryRead(out var message))
                {
                    left--;
                    there.Writer.TryWrite(message);
                }
            }

            there.Writer.Complete();
        });
        await Task.WhenAll(ping, echo);
        return Messages / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    // From a thread of its own, as a socket's would be: with the pool's threads asleep between messages, and with one awake.
    private static Task<string> Latency(ActorSystem system)
        => Task.Factory.StartNew(
            () =>
            {
                var actor = system.ActorOf(Props.CreateBy(new Producer(() => new Stamper())));
                var result = $"{Latency(actor, 20_000)}, pool asleep {Latency(actor, 10_000_000)}";
                system.Stop(actor);
                return result;
            },
            TaskCreationOptions.LongRunning);

    private static string Latency(IActorRef actor, int pauseInNanoseconds)
    {
        const int samples = 300;
        var times = new double[samples];
        for (var i = 0; i < samples; i++)
        {
            var stamp = new Stamp { Told = Stopwatch.GetTimestamp() };
            actor.Tell(stamp, ActorRefs.NoSender);
            var wait = default(SpinWait);
            while (Volatile.Read(ref stamp.Handled) == 0) wait.SpinOnce(-1);
            times[i] = Stopwatch.GetElapsedTime(stamp.Told, stamp.Handled).TotalMicroseconds;
            var from = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(from).TotalNanoseconds < pauseInNanoseconds) Thread.Yield();
        }

        Array.Sort(times);
        return $"{times[samples / 2]:0.0}/{times[samples * 99 / 100]:0.0} us";
    }

    private static async Task<double> Asks(ActorSystem system)
    {
        const int asks = 200_000;
        var echo = system.ActorOf(Props.CreateBy(new Producer(() => new Echo())));
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < asks; i += 100)
        {
            var all = new Task[100];
            for (var j = 0; j < all.Length; j++) all[j] = echo.Ask<string>("x", TimeSpan.FromSeconds(30));
            await Task.WhenAll(all);
        }

        system.Stop(echo);
        return asks / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task<long> Memory(ActorSystem system)
    {
        const int actors = 20_000;
        var props = Props.CreateBy(new Producer(() => new Echo()));
        var parent = system.ActorOf(Props.CreateBy(new Producer(() => new Parent(props))));
        await parent.Ask<string>(10);
        var before = GC.GetTotalMemory(true);
        await parent.Ask<string>(actors);
        return (GC.GetTotalMemory(true) - before) / actors;
    }

    private sealed class Producer(Func<ActorBase> make) : IIndirectActorProducer
    {
        public Type ActorType => typeof(ActorBase);

        public ActorBase Produce() => make();

        public void Release(ActorBase actor)
        {
        }
    }

    private sealed class Counter(int expected, TaskCompletionSource done) : UntypedActor
    {
        private int _left = expected;

        protected override void OnReceive(object message)
        {
            if (--_left == 0) done.SetResult();
        }
    }

    private sealed class Echo : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message, Self);
    }

    private sealed class Pinger(IActorRef pong, int expected, TaskCompletionSource done) : UntypedActor
    {
        private int _left = expected;

        protected override void OnReceive(object message)
        {
            if (--_left == 0) done.SetResult();
            if (_left > 0) pong.Tell(message, Self);
        }
    }

    private sealed class Parent(Props props) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            var last = ActorRefs.Nobody as IActorRef;
            for (var i = 0; i < (int)message; i++)
            {
                last = Context.ActorOf(props);
                last.Tell("once", Self);
            }

            var asker = Sender;
            var left = (int)message;
            Become(_ =>
            {
                if (--left > 0) return;
                Become(OnReceive);
                asker.Tell("done", Self);
            });
        }
    }

    private sealed class Stamp
    {
        public long Told;
        public long Handled;
    }

    private sealed class Stamper : UntypedActor
    {
        protected override void OnReceive(object message) => Volatile.Write(ref ((Stamp)message).Handled, Stopwatch.GetTimestamp());
    }
}
