using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Akka.Cluster.Hosting")]
[assembly: InternalsVisibleTo("Akka.Simulation")]
[assembly: InternalsVisibleTo("AkkaStream.Tests")]
