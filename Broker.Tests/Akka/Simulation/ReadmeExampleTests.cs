using System.Text;
using Akka.Actor;
using Akka.Simulation.Faults;
using AkkaStream.Tests.Support;
using SimulationOptions = global::Akka.Simulation.SimulationOptions;

namespace AkkaStream.Tests.Akka.Simulation;

#pragma warning disable IDE0065 // Within the namespace of the same name only a name of its own comes first.
using Simulation = global::Akka.Simulation.Simulation;
#pragma warning restore IDE0065

/// <summary>The example of akka/README.md runs, and stands there as it is here.</summary>
public sealed class ReadmeExampleTests
{
    [Fact]
    public void The_example_of_the_README_runs()
    {
        Simulation.Run(seed: 42, async sim =>
        {
            var a = sim.AddNode("a", node => node.StartSystem("app", Remoting("a")).ActorOf(Props.Create(() => new Counter()), "counter"));
            var b = sim.AddNode("b", node => node.StartSystem("app", Remoting("b")));
            await sim.Delay(TimeSpan.FromMinutes(30)); // costs nothing but what happens in it: faults, here
            sim.Heal();
            await sim.Until(() => a.IsUp && b.IsUp, "both are up again", TimeSpan.FromSeconds(30));
            var count = await b.System.ActorSelection("akka.tcp://app@a:2552/user/counter").Ask<int>("count", TimeSpan.FromSeconds(30));
            Assert.Equal(1, count);
        }, new SimulationOptions { Plan = new FaultPlan { Nodes = ["a", "b"] }, Minimize = true });
    }

    [Fact]
    public void The_README_has_it_as_it_is()
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "akka", "README.md"));
        var here = File.ReadAllLines(Path.Combine(Repository.Root, "Broker.Tests", "Akka", "Simulation", "ReadmeExampleTests.cs"));
        var from = Array.FindIndex(here, line => line.TrimStart().StartsWith("Simulation.Run(seed: 42", StringComparison.Ordinal));
        var to = Array.FindIndex(here, from, line => line.TrimStart().StartsWith("}, new SimulationOptions", StringComparison.Ordinal));
        var example = new StringBuilder();
        foreach (var line in here[from..(to + 1)]) example.Append(line[8..]).Append('\n');
        Assert.Contains(example.ToString(), readme, StringComparison.Ordinal);
    }

    private static string Remoting(string host) => $"akka {{ actor.provider = remote, remote.dot-netty.tcp {{ hostname = {host}, port = 2552 }} }}";

    private sealed class Counter : ReceiveActor
    {
        private int _count;

        public Counter() => Receive<string>(_ => Sender.Tell(++_count));
    }
}
