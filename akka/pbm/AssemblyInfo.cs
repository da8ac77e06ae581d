using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("AkkaStream.Tests")]
