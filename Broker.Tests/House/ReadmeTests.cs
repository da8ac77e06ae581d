using System.Text.RegularExpressions;
using AkkaStream.Client.Consumer;
using AkkaStream.Client.Hosting;
using AkkaStream.Tests.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AkkaStream.Tests.House;

/// <summary>The C# in the README is compiled, all of it as one program: a snippet may use what stands above it.</summary>
public sealed partial class ReadmeTests
{
    private const string Usings = """
        using System;
        using System.Collections.Generic;
        using System.Linq;
        using System.Threading;
        using System.Threading.Tasks;
        using AkkaStream.Client;
        using AkkaStream.Client.Admin;
        using AkkaStream.Client.Cluster;
        using AkkaStream.Client.Consumer;
        using AkkaStream.Client.Consumer.Handling;
        using AkkaStream.Client.Actors;
        using AkkaStream.Client.Hosting;
        using Akka.Actor;
        using Akka.Hosting;
        using AkkaStream.Client.Producer;
        using AkkaStream.Client.Serialization;
        using AkkaStream.Host.Embedded;
        using AkkaStream.Host.Simulation;
        using Microsoft.Extensions.Configuration;
        using Microsoft.Extensions.DependencyInjection;
        using Xunit;
        using static AkkaStream.Tests.House.ReadmeWorld;
        using SimulatedWorld = Akka.Simulation.Simulation;
        using OrdersJson = AkkaStream.Tests.House.ReadmeJson;

        """;

    [Fact]
    public void The_readmes_snippets_compile()
    {
        var snippets = Snippets().Matches(File.ReadAllText(Path.Combine(Repository.Root, "README.md"))).Select(m => m.Groups[1].Value).ToList();
        Assert.True(snippets.Count >= 6, $"{snippets.Count} snippets");
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path));
        var options = new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable);
        var program = CSharpSyntaxTree.ParseText(Usings + string.Join('\n', snippets), CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Latest), "README.md");
        var faults = CSharpCompilation.Create("Readme", [program], references, options).GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning);
        Assert.Equal([], faults.Select(f => f.ToString()));
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Snippets();
}

/// <summary>What the README's snippets take for granted.</summary>
public static class ReadmeWorld
{
    public static readonly CancellationToken stopping = CancellationToken.None;

    public static readonly IServiceCollection services = new ServiceCollection();

    public static readonly IConfiguration configuration = new ConfigurationBuilder().Build();

    public static Task BillAsync(string order, CancellationToken cancellation) => Task.FromCanceled(cancellation);

    public sealed record Order(string Customer, int Pieces);

    /// <summary>Keys of actors.</summary>
    public sealed class Orders;

    public sealed class Billing;

    public sealed class Biller : global::Akka.Actor.UntypedActor
    {
        protected override void OnReceive(object message) => Unhandled(message);
    }

    public sealed class BillingHandler : IRecordHandler<string, string>
    {
        public ValueTask HandleAsync(ConsumeResult<string, string> record, CancellationToken cancellation) => default;
    }
}

/// <summary>The JSON of the README's order.</summary>
[System.Text.Json.Serialization.JsonSerializable(typeof(ReadmeWorld.Order))]
public sealed partial class ReadmeJson : System.Text.Json.Serialization.JsonSerializerContext;
