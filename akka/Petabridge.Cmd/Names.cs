namespace Petabridge.Cmd;

/// <summary>Checks of what definitions are made of, so that a palette always fits into its frame.</summary>
internal static class Names
{
    public static void Check(string what, string text)
    {
        if (string.IsNullOrEmpty(text)) throw new ArgumentException($"{what} must not be empty");
        if (text.Length > Limits.NameChars) throw new ArgumentException($"{what} has {text.Length} characters, the limit is {Limits.NameChars}");
        foreach (var c in text)
        {
            if (char.IsWhiteSpace(c) || char.IsControl(c)) throw new ArgumentException($"{what} must not hold blanks or control characters: '{text}'");
        }
    }

    public static void CheckDescription(string what, string text)
    {
        if (text is null || text.Length > Limits.DescriptionChars) throw new ArgumentException($"{what}: a text has at most {Limits.DescriptionChars} characters");
    }

    public static void CheckCount(string what, int count)
    {
        if (count > Limits.Members) throw new ArgumentException($"{what}: there are {count}, the limit is {Limits.Members}");
    }
}
