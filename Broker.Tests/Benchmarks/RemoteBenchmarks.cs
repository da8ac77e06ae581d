using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Serialization;
using Xunit.Abstractions;

namespace AkkaStream.Tests.Benchmarks;

/// <summary>
/// Remoting over loopback beside bare sockets, in one run: <c>AKKASTREAM_BENCH=remote dotnet test -c Release --filter RemoteBenchmarks</c>.
/// What it prints is never pass or fail. Both systems are in this process and share its cores.
/// </summary>
public sealed class RemoteBenchmarks(ITestOutputHelper output)
{
    private const int InFlight = 16;

    [Fact]
    public async Task Throughput_and_heartbeats()
    {
        if (Environment.GetEnvironmentVariable("AKKASTREAM_BENCH") is not { } wanted || !wanted.Contains("remote", StringComparison.Ordinal))
        {
            output.WriteLine("left out: AKKASTREAM_BENCH does not name remote");
            return;
        }

        using var a = Node();
        using var b = Node();
        var echo = b.ActorOf(Props.CreateBy(new Producer(() => new Answering())), "answer");
        var far = ((ExtendedActorSystem)a).Provider.ResolveActorRef(echo.Path.ToSerializationFormatWithAddress(((ExtendedActorSystem)b).Provider.DefaultAddress));
        await Run(a, far, Plain(1024), 1024, 20_000);
        for (var round = 0; round < 3; round++)
        {
            foreach (var (size, count) in new[] { (1024, 200_000), (65_536, 30_000), (1 << 20, 3000) })
            {
                var rate = await Run(a, far, Plain(size), size, count);
                var reused = await Run(a, far, Reused.Of(size), size, count);
                output.WriteLine($"round {round + 1}: {InFlight} in flight of {size} bytes: {rate / 1e6:0} MB/s, with reused-bodies {reused / 1e6:0} MB/s; bare sockets {await Bare(size, count, fresh: false) / 1e6:0} MB/s, into a new array for each {await Bare(size, count, fresh: true) / 1e6:0} MB/s");
            }
        }

        output.WriteLine($"control message while the bulk lane is full: {await Heartbeats(a, b, far)}");
    }

    private static ActorSystem Node()
    {
        var system = ActorSystem.Create("bench", $"akka {{ loglevel = ERROR, actor.provider = remote, remote {{ reused-bodies = [{ReusedSerializer.Number}], dot-netty.tcp {{ hostname = 127.0.0.1, port = 0, maximum-frame-size = 4 MiB }} }} }}");
        var serializer = new ReusedSerializer((ExtendedActorSystem)system);
        system.Serialization.AddSerializer("reused", serializer);
        system.Serialization.AddSerializationMap(typeof(Reused), serializer);
        return system;
    }

    private static object Plain(int size) => new byte[size];

    private static async Task<double> Run(ActorSystem system, IActorRef far, object message, int size, int count)
    {
        var done = new TaskCompletionSource();
        var start = Stopwatch.GetTimestamp();
        var sender = system.ActorOf(Props.CreateBy(new Producer(() => new Sending(far, message, count, done))));
        await done.Task;
        var rate = (double)size * count / Stopwatch.GetElapsedTime(start).TotalSeconds;
        system.Stop(sender);
        return rate;
    }

    // The same pattern with nothing but sockets: a stream of payloads one way, a byte back for each; into one array again and again, or into one that the receiver may keep.
    private static async Task<double> Bare(int size, int count, bool fresh)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        using var server = await listener.AcceptTcpClientAsync();
        server.NoDelay = true;
        var start = Stopwatch.GetTimestamp();
        var serve = Task.Run(async () =>
        {
            var buffer = new byte[Math.Max(size, 65_536)];
            var acknowledgement = new byte[1];
            for (var i = 0; i < count; i++)
            {
                if (fresh) buffer = GC.AllocateUninitializedArray<byte>(size);
                await server.GetStream().ReadExactlyAsync(buffer.AsMemory(0, size));
                await server.GetStream().WriteAsync(acknowledgement);
            }
        });
        using var window = new SemaphoreSlim(InFlight);
        var acknowledged = Task.Run(async () =>
        {
            var buffer = new byte[256];
            for (var left = count; left > 0;)
            {
                var read = await client.GetStream().ReadAsync(buffer);
                left -= read;
                window.Release(read);
            }
        });
        var payload = new byte[size];
        for (var i = 0; i < count; i++)
        {
            await window.WaitAsync();
            await client.GetStream().WriteAsync(payload);
        }

        await serve;
        await acknowledged;
        return (double)size * count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task<string> Heartbeats(ActorSystem a, ActorSystem b, IActorRef far)
    {
        var watcher = ((ExtendedActorSystem)a).Provider.ResolveActorRef(new RootActorPath(((ExtendedActorSystem)b).Provider.DefaultAddress) / "system" / "remote-watcher");
        var load = Run(a, far, Plain(1 << 20), 1 << 20, 8000);
        var times = new List<double>();
        while (!load.IsCompleted)
        {
            var start = Stopwatch.GetTimestamp();
            await watcher.Ask<object>(global::Akka.Remote.RemoteWatcher.Heartbeat.Instance, TimeSpan.FromSeconds(10));
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            await Task.Yield();
        }

        times.Sort();
        return $"there and back p50 {times[times.Count / 2]:0.00} ms, p99 {times[times.Count * 99 / 100]:0.00} ms, worst {times[^1]:0.0} ms of {times.Count}";
    }

    private sealed class Producer(Func<ActorBase> make) : IIndirectActorProducer
    {
        public Type ActorType => typeof(ActorBase);

        public ActorBase Produce() => make();

        public void Release(ActorBase actor)
        {
        }
    }

    private sealed class Answering : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            Sender.Tell(message is Reused reused ? reused.Length : ((byte[])message).Length, Self);
            (message as Reused)?.GiveBack();
        }
    }

    /// <summary>Bytes that the receiver gives back when it is done with them, with their count before them: what it is given may be longer.</summary>
    private sealed class Reused(byte[] array)
    {
        public byte[] Array => array;

        public int Length => BinaryPrimitives.ReadInt32LittleEndian(array);

        public static Reused Of(int size)
        {
            var array = new byte[size];
            BinaryPrimitives.WriteInt32LittleEndian(array, size);
            return new Reused(array);
        }

        public void GiveBack() => ArrayPool<byte>.Shared.Return(array);
    }

    private sealed class ReusedSerializer(ExtendedActorSystem system) : Serializer(system)
    {
        public const int Number = 9001;

        public override int Identifier => Number;

        public override bool IncludeManifest => false;

        public override byte[] ToBinary(object obj) => ((Reused)obj).Array;

        public override object FromBinary(byte[] bytes, Type type) => new Reused(bytes);
    }

    private sealed class Sending(IActorRef far, object payload, int count, TaskCompletionSource done) : UntypedActor
    {
        private int _sent;
        private int _answered;

        protected override void PreStart()
        {
            for (; _sent < Math.Min(InFlight, count); _sent++) far.Tell(payload, Self);
        }

        protected override void OnReceive(object message)
        {
            if (_sent < count)
            {
                _sent++;
                far.Tell(payload, Self);
            }

            if (++_answered == count) done.TrySetResult();
        }
    }
}
