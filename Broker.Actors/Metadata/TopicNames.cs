namespace AkkaStream.Actors.Metadata;

/// <summary>What a topic may be called.</summary>
public static class TopicNames
{
    /// <summary>The most characters of a name: its directory's name has the partition's number behind it.</summary>
    public const int Longest = 249;

    /// <summary>The topic of groups' offsets.</summary>
    public const string ConsumerOffsets = "__consumer_offsets";

    /// <summary>The topic of transactions' states.</summary>
    public const string TransactionState = "__transaction_state";

    /// <summary>The controller's journal, which is no topic for clients.</summary>
    public const string ClusterMetadata = "__cluster_metadata";

    /// <summary>Whether the topic is the cluster's own.</summary>
    public static bool IsInternal(string name) => name is ConsumerOffsets or TransactionState or "__share_group_state";

    /// <summary>Names are the same to metrics where they have the same key: a dot and an underscore look alike there.</summary>
    public static string CollisionKey(string name) => name.Replace('.', '_');

    /// <summary>What is wrong with a name, or null.</summary>
    public static string? Check(string name)
    {
        if (name.Length == 0) return "the name is empty";
        if (name is "." or "..") return $"'{name}' is no name for a directory";
        if (name.Length > Longest) return $"the name has {name.Length} characters; the longest has {Longest}";
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-')) return $"'{name}' has a character other than letters, digits, '.', '_' and '-'";
        }

        return null;
    }
}
