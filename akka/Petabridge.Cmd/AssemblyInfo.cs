using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Petabridge.Cmd.Host")]
[assembly: InternalsVisibleTo("Petabridge.Cmd.Cluster")]
[assembly: InternalsVisibleTo("pbm")]
[assembly: InternalsVisibleTo("AkkaStream.Tests")]
