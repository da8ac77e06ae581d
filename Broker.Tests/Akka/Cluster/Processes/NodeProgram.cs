using System.Diagnostics;
using System.Globalization;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Akka.Cluster.Processes;

/// <summary>
/// A node of a cluster as a process: a singleton, entities in shards, and somebody who sends to all of them. What begins, ends and is served is written to a file, a line each with the machine's
/// monotonic time, before anything else happens: <c>b WHAT</c>, <c>e WHAT</c>, <c>m WHAT</c>, <c>u NODE</c> for up, and <c>v TEXT</c> for what must not be.
/// </summary>
internal static class NodeProgram
{
    public const string Verb = "engine-node";
    public const string Singleton = "singleton";
    public const int Entities = 20;

    /// <summary>FILE HOST PORT SEED,SEED: until the system ends.</summary>
    public static int Run(string[] args)
    {
        var (file, host, port, seeds) = (args[1], args[2], args[3], args[4].Split(','));
        using var notes = new Notes(file);
        using var system = ActorSystem.Create("nodes", ConfigurationFactory.ParseString($$"""
            akka {
              loglevel = INFO, loggers = ["Akka.Event.DefaultLogger"]
              actor.provider = cluster
              remote.dot-netty.tcp { hostname = {{host}}, port = {{port}} }
              cluster.seed-nodes = [{{string.Join(", ", seeds.Select(seed => $"\"akka.tcp://nodes@{seed}\""))}}]
            }
            """));
        using var term = ClusterNodeProcess.LeavesOnTerm(system);
        var sharding = ClusterSharding.Get(system);
        var region = sharding.Start("kind", id => Props.Create(() => new Entity("entity-" + id, notes)), sharding.Settings, HashCodeMessageExtractor.Create(10, _ => null));
        system.ActorOf(ClusterSingletonManager.Props(Props.Create(() => new Entity(Singleton, notes)), ClusterSingletonManagerSettings.Create(system)), "manager");
        var proxy = system.ActorOf(ClusterSingletonProxy.Props("/user/manager", ClusterSingletonProxySettings.Create(system)));
        var name = Path.GetFileName(file);
        system.ActorOf(Props.Create(() => new Sender(name, region, proxy)));
        global::Akka.Cluster.Cluster.Get(system).RegisterOnMemberUp(() => notes.Add("u", name));
        system.WhenTerminated.GetAwaiter().GetResult();
        return 0;
    }

    /// <summary>Lines that are in the file, and outlive a kill, when this returns.</summary>
    private sealed class Notes(string file) : IDisposable
    {
        private readonly StreamWriter _file = new(new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 1)) { AutoFlush = true };
        private readonly Lock _lock = new();

        public void Add(string kind, string what)
        {
            lock (_lock) _file.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetTimestamp()} {kind} {what}"));
        }

        public void Dispose()
        {
            lock (_lock) _file.Dispose();
        }
    }

    /// <summary>Notes its life and what it gets, and that what one sender sends to it comes in order.</summary>
    private sealed class Entity(string what, Notes notes) : UntypedActor
    {
        private readonly Dictionary<string, long> _last = [];

        protected override void PreStart() => notes.Add("b", what);

        protected override void PostStop() => notes.Add("e", what);

        protected override void OnReceive(object message)
        {
            notes.Add("m", what);
            var parts = ((string)message).Split(' ');
            var number = long.Parse(parts[1], CultureInfo.InvariantCulture);
            if (_last.TryGetValue(parts[0], out var last) && number <= last) notes.Add("v", $"{what} gets message {number} of {parts[0]} after {last}");
            _last[parts[0]] = number;
        }
    }

    private sealed class Sender(string name, IActorRef region, IActorRef singleton) : UntypedActor, IWithTimers
    {
        // Before all three have been up for a moment everything would begin on the first one.
        private const int TicksBefore = 60;

        private long _number;
        private int _ticks;

        public ITimerScheduler Timers { get; set; } = null!;

        protected override void PreStart() => Timers.StartPeriodicTimer("tick", "tick", TimeSpan.FromMilliseconds(25));

        protected override void OnReceive(object message)
        {
            if (_ticks < TicksBefore && global::Akka.Cluster.Cluster.Get(Context.System).State.Members.Count(member => member.Status == global::Akka.Cluster.MemberStatus.Up) == 3) _ticks++;
            if (_ticks < TicksBefore) return;
            for (var i = 0; i < Entities; i++) region.Tell(new ShardingEnvelope(i.ToString(CultureInfo.InvariantCulture), Next()), Self);
            singleton.Tell(Next(), Self);
        }

        private string Next() => string.Create(CultureInfo.InvariantCulture, $"{name} {++_number}");
    }
}
