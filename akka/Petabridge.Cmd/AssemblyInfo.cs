using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Petabridge.Cmd.Host")]
[assembly: InternalsVisibleTo("pbm")]
[assembly: InternalsVisibleTo("AkkaStream.Tests")]
