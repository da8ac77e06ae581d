using System.Text;

namespace Pbm;

/// <summary>A line's words: separated by blanks, held together by double or single quotes; a backslash before a quote, a blank or a backslash stands for that sign.</summary>
internal static class Words
{
    /// <summary>The words, and whether the line ends within one (no blank behind it).</summary>
    public static (List<string> Words, bool IsWithin) Split(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var isWithin = false;
        var quote = '\0';
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (c == '\\' && i + 1 < line.Length && quote != '\'' && line[i + 1] is '"' or '\'' or '\\' or ' ')
            {
                word.Append(line[++i]);
                isWithin = true;
            }
            else if (quote != '\0' ? c == quote : c is '"' or '\'')
            {
                quote = quote == '\0' ? c : '\0';
                isWithin = true;
            }
            else if (quote == '\0' && char.IsWhiteSpace(c))
            {
                if (isWithin) words.Add(word.ToString());
                word.Clear();
                isWithin = false;
            }
            else
            {
                word.Append(c);
                isWithin = true;
            }
        }

        if (isWithin) words.Add(word.ToString());
        return (words, isWithin);
    }
}
