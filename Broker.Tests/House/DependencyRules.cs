using System.Xml.Linq;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.House;

/// <summary>Dependencies point one way: akka, Broker.Client, Broker.Actors, Broker.Host.</summary>
public sealed class DependencyRules
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Broker.Client.Generator"] = [],
        ["Broker.Client"] = ["Broker.Client.Generator"],
        ["Broker.Client.Hosting"] = ["Broker.Client"],
        ["Broker.Client.Actors"] = ["Broker.Client"],
        ["Broker.Actors"] = ["Broker.Client", "Broker.Client.Actors"],
        ["Broker.Host"] = ["Broker.Client", "Broker.Actors"],
        ["Broker.Tests"] = ["Broker.Client", "Broker.Client.Hosting", "Broker.Client.Actors", "Broker.Actors", "Broker.Host"],
    };

    [Fact]
    public void Broker_projects_see_only_what_lies_below_them()
    {
        foreach (var (project, allowed) in Allowed)
        {
            var seen = References($"{project}/{project}.csproj", "ProjectReference").Select(Path.GetFileNameWithoutExtension).Where(name => name!.StartsWith("Broker.", StringComparison.Ordinal));
            Assert.Equal([], seen.Except(allowed));
        }
    }

    [Fact]
    public void The_engine_sees_nothing_of_the_broker()
    {
        foreach (var path in SourceTree.Paths("*.csproj").Where(path => path.StartsWith("akka/", StringComparison.Ordinal)))
        {
            Assert.Equal([], References(path, "ProjectReference").Where(name => name.Contains("Broker.", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void Broker_projects_name_the_engine_only_by_AkkaReference()
    {
        foreach (var project in Allowed.Keys)
        {
            Assert.Equal([], References($"{project}/{project}.csproj", "ProjectReference").Where(name => name.Contains("akka/", StringComparison.Ordinal)));
        }
    }

    /// <summary>What a project file includes by elements of a kind.</summary>
    internal static IEnumerable<string> References(string path, string element)
        => XDocument.Load(Path.Combine(Repository.Root, path)).Descendants(element).Select(e => e.Attribute("Include")?.Value ?? "");
}
