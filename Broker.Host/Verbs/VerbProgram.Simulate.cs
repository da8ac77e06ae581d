using System.CommandLine;

namespace AkkaStream.Host.Verbs;

/// <content>Simulations need the engine of this repository: with Akka.NET's packages this file is left out, and the verb with it.</content>
internal static partial class VerbProgram
{
    static partial void AddSimulation(RootCommand root, TextWriter output, TextWriter error) => root.Subcommands.Add(SimulateVerb.Create(output, error));
}
