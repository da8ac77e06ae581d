using System.Reflection;
using AkkaStream.Tests.Support;
using Xunit.Abstractions;

namespace AkkaStream.Tests.Client.Specification;

/// <summary>The whole specification by wire against Kafka itself. Left out without <c>AKKASTREAM_KAFKA=1</c> and the folder with Kafka: it takes a minute.</summary>
public sealed class KafkaSpecificationTests(ITestOutputHelper output)
{
    [Fact]
    public async Task The_specification_holds_against_Kafka()
    {
        if (Environment.GetEnvironmentVariable("AKKASTREAM_KAFKA") != "1")
        {
            output.WriteLine("left out: AKKASTREAM_KAFKA=1 runs the client's specification against a Kafka broker");
            return;
        }

        if (Repository.SharedPath("kafka/kafka.sh", output) is not { } script) return;
        var cluster = new KafkaCluster(script);
        var failed = new List<string>();
        try
        {
            await cluster.InitializeAsync();
            foreach (var type in Specifications()) await Run(type, cluster, failed);
        }
        finally
        {
            await cluster.DisposeAsync();
        }

        Assert.True(failed.Count == 0, string.Join("\n", failed));
    }

    // Each class that runs on the embedded broker, with Kafka in its place.
    private static IEnumerable<Type> Specifications() => typeof(ClientSpecification).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(ClientSpecification)) && t.IsAssignableTo(typeof(IClassFixture<EmbeddedCluster>)));

    private async Task Run(Type type, KafkaCluster cluster, List<string> failed)
    {
        foreach (var method in type.GetMethods().Where(m => m.GetCustomAttribute<FactAttribute>() is not null))
        {
            var rows = method.GetCustomAttributes<InlineDataAttribute>().SelectMany(a => a.GetData(method)).DefaultIfEmpty([]);
            foreach (var row in rows)
            {
                var name = $"{type.Name}.{method.Name}({string.Join(", ", row)})";
                ClientSpecification.Instead.Value = cluster;
                var specification = (ClientSpecification)Activator.CreateInstance(type, [null])!;
                try
                {
                    await (Task)method.Invoke(specification, row)!;
                    output.WriteLine($"holds: {name}");
                }
                catch (Exception fault)
                {
                    failed.Add($"{name}: {fault}");
                }
                finally
                {
                    await specification.DisposeAsync();
                }
            }
        }
    }
}
