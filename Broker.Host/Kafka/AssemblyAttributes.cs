using System.Runtime.CompilerServices;

// Calls into the system then need no code made at run time: a compiled-ahead process starts faster.
[assembly: DisableRuntimeMarshalling]
[assembly: InternalsVisibleTo("AkkaStream.Tests")]
