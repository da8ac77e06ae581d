using AkkaStream.Client.Protocol;

namespace AkkaStream.Host.Kafka;

/// <summary>Keeps a few writers of answers, so that a small answer allocates nothing for its bytes.</summary>
internal static class WriterPool
{
    private static readonly Lock Gate = new();
    private static readonly Stack<MessageWriter> Idle = new();

    public static MessageWriter Take()
    {
        lock (Gate)
        {
            if (Idle.TryPop(out var writer)) return writer;
        }

        return new MessageWriter();
    }

    /// <summary>Takes a writer back: files that it was to send are let go.</summary>
    public static void GiveBack(MessageWriter writer)
    {
        for (var i = 0; i < writer.SpliceCount; i++) writer.SpliceAt(i).Payload.File?.Dispose();
        var keep = writer.Length <= Limits.IdleWriterBytes;
        writer.Clear();
        if (keep)
        {
            lock (Gate)
            {
                keep = Idle.Count < Limits.IdleWriters;
                if (keep) Idle.Push(writer);
            }
        }

        if (!keep) writer.Dispose();
    }
}
