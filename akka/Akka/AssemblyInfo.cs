using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Akka.Hosting")]
[assembly: InternalsVisibleTo("Akka.TestKit")]
[assembly: InternalsVisibleTo("Akka.TestKit.Xunit2")]
[assembly: InternalsVisibleTo("AkkaStream.Tests")]
