namespace AkkaStream.Host;

/// <summary>The cluster went on without a broker before that had come up, as with a machine that was too slow to answer: it can be started again at once.</summary>
public sealed class PutOutException : IOException
{
    /// <summary>With a sentence that says so.</summary>
    public PutOutException()
        : base("the broker was put out of its cluster before it had come up; start it again")
    {
    }
}
