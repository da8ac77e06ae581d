using Akka.Actor;

namespace Akka.TestKit;

/// <summary>Makes the assertions of a test framework known to a system.</summary>
public class TestKitAssertionsExtension(ITestKitAssertions assertions) : ExtensionIdProvider<TestKitAssertionsProvider>
{
    /// <summary>The assertions that were made known to a system.</summary>
    public static TestKitAssertionsProvider For(ActorSystem system) => system.GetExtension<TestKitAssertionsProvider>()!;

    /// <inheritdoc/>
    public override TestKitAssertionsProvider CreateExtension(ExtendedActorSystem system) => new(assertions);
}

/// <summary>Holds the assertions of a test framework.</summary>
public class TestKitAssertionsProvider(ITestKitAssertions assertions) : IExtension
{
    /// <summary>The assertions.</summary>
    public ITestKitAssertions Assertions { get; } = assertions;
}
