using AkkaStream.Client.Protocol;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Actors.Groups;

/// <summary>The tables of what a group of the classic protocol does in which state, as they were read from Kafka.</summary>
internal static class GroupTable
{
    private static readonly List<string> Lines = VectorZip.TextLines("groups.zip", "group_states.md");

    /// <summary>The rows of the table under a headline, in its order. Its first line and the one of dashes are left out.</summary>
    public static List<GroupRow> Rows(string headline)
        => Lines.SkipWhile(line => line.TrimStart('#', ' ') != headline).Skip(1).TakeWhile(line => !line.StartsWith('#'))
            .Where(line => line.StartsWith('|')).Skip(2).Select(line => new GroupRow(line.Trim('|').Split('|', StringSplitOptions.TrimEntries))).ToList();

    /// <summary>The one line that has these words.</summary>
    public static string Line(string words) => Lines.Single(line => line.Contains(words, StringComparison.Ordinal));
}

/// <summary>A row: when, what is answered, and where the group goes.</summary>
internal sealed record GroupRow(string[] Cells)
{
    public string When => Cells[0];

    private string Answer => Cells[1];

    private string Next => Cells[2];

    /// <summary>The row has this error (or NONE) for an answer.</summary>
    public void Says(ErrorCode error) => Assert.Contains(error.Name(), Answer.Split([' ', ',', ';', ':', '(', ')'], StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The row has one of its columns say this, and it is so.</summary>
    public void Has(string words, bool isSo)
    {
        Assert.Contains(words, string.Join(" | ", Cells), StringComparison.Ordinal);
        Assert.True(isSo, words);
    }

    /// <summary>The row has the caller wait, and it does.</summary>
    public void Waits<T>(GroupHarness.Reply<T> reply) => Has("waits", reply.IsWaiting);

    /// <summary>The row has the group go there from where it was, and it did.</summary>
    public void Enters(GroupStage stage, string state)
    {
        Assert.Equal(state, stage.State);
        if (!Next.Contains(state, StringComparison.Ordinal)) Assert.True((Next.Length == 0 || Next.StartsWith("same", StringComparison.Ordinal)) && state == stage.Before, $"'{Next}', and it went from {stage.Before} to {state}");
    }
}
