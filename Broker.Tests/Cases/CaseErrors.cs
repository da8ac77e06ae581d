namespace AkkaStream.Tests.Cases;

/// <summary>Error codes by number and by name, as Vectors/errors.txt lists them ("code NAME" a line).</summary>
internal static class CaseErrors
{
    private static readonly Dictionary<short, string> Names = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Vectors", "errors.txt"))
        .Select(line => line.Split(' ')).ToDictionary(parts => short.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture), parts => parts[1]);

    /// <summary>The name of a code, or the number itself where it has none.</summary>
    public static object Name(short code) => Names.TryGetValue(code, out var name) ? name : (long)code;

    /// <summary>The code of a name.</summary>
    public static short Code(string name)
        => Names.FirstOrDefault(e => e.Value == name, new(0, "")) is { Value.Length: > 0 } found ? found.Key : throw new CaseException($"no error is called {name}");
}
