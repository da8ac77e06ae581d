using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Petabridge.Cmd.Cluster")]
[assembly: InternalsVisibleTo("Petabridge.Cmd.Cluster.Sharding")]
[assembly: InternalsVisibleTo("AkkaStream.Tests")]
