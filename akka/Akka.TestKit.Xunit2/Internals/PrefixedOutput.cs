using Xunit.Abstractions;

namespace Akka.TestKit.Xunit2.Internals;

/// <summary>A test's output with something before each line.</summary>
internal sealed class PrefixedOutput(ITestOutputHelper output, string prefix) : ITestOutputHelper
{
    public void WriteLine(string message) => output.WriteLine("{0}{1}", prefix, message);

    public void WriteLine(string format, params object[] args) => output.WriteLine("{0}{1}", prefix, string.Format(System.Globalization.CultureInfo.InvariantCulture, format, args));
}
