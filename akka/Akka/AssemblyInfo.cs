using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Akka.Hosting")]
[assembly: InternalsVisibleTo("Akka.Remote")]
[assembly: InternalsVisibleTo("Akka.Cluster")]
[assembly: InternalsVisibleTo("Akka.Cluster.Tools")]
[assembly: InternalsVisibleTo("Akka.Cluster.Sharding")]
[assembly: InternalsVisibleTo("Akka.Cluster.Hosting")]
[assembly: InternalsVisibleTo("Akka.Persistence")]
[assembly: InternalsVisibleTo("Petabridge.Cmd.Host")]
[assembly: InternalsVisibleTo("Akka.Simulation")]
[assembly: InternalsVisibleTo("Akka.TestKit")]
[assembly: InternalsVisibleTo("Akka.TestKit.Xunit2")]
[assembly: InternalsVisibleTo("AkkaStream.Tests")]
