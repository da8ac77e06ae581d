namespace Akka.Configuration.Hocon;

/// <summary>What a HOCON text may ask for; past a limit parsing ends with a <see cref="ConfigurationException"/>.</summary>
internal static class HoconLimits
{
    /// <summary>Objects and arrays inside each other.</summary>
    public const int Nesting = 100;

    /// <summary>Substitutions that lead from one to the next.</summary>
    public const int SubstitutionChain = 200;

    /// <summary>Characters of all strings that substitutions put together.</summary>
    public const int SubstitutedChars = 16 * 1024 * 1024;

    /// <summary>Elements of all arrays and objects that substitutions put together.</summary>
    public const int SubstitutedElements = 1024 * 1024;
}
