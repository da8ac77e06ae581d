namespace Akka;

/// <summary>The result of what yields nothing but its end.</summary>
public class Done
{
    /// <summary>The only value.</summary>
    public static readonly Done Instance = new();

    private Done()
    {
    }
}
