using AkkaStream.Actors.Requests;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Host.Kafka;

/// <summary>A request that came over a socket, the memory it lies in, and its place in the order of answers.</summary>
internal sealed class DoorSlot(KafkaConnection owner, PooledBuffer buffer, int admitted) : RequestSlot
{
    private PooledBuffer? buffer = buffer;

    /// <summary>The next request's slot.</summary>
    public DoorSlot? Next { get; set; }

    /// <summary>Whether it appends records.</summary>
    public bool IsProduce => Header.Key == ApiKey.Produce;

    /// <summary>Whether it is completed. Guarded by the connection's gate.</summary>
    public bool IsDone { get; set; }

    /// <summary>The encoded answer; null before it is there, and where none is sent.</summary>
    public MessageWriter? Answer { get; private set; }

    /// <summary>Bytes of the answer that lie in memory.</summary>
    public int AnswerBytes { get; private set; }

    /// <summary>Bytes of the answer in all.</summary>
    public long TotalBytes { get; private set; }

    public override void OrderFixed()
    {
        if (TakeOrder()) owner.TurnEnded();
    }

    public override void Complete(IApiMessage response)
    {
        TakeCompletion();
        var writer = WriterPool.Take();
        try
        {
            Encode(writer, response);
        }
        catch (UnsupportedVersionException failure)
        {
            WriterPool.GiveBack(writer);
            Done($"the answer to {Header.Key} cannot be written in version {Header.Version}: {failure.Message}");
            return;
        }

        Answer = writer;
        Done(null);
    }

    public override void CompleteWithoutAnswer()
    {
        TakeCompletion();
        Done(null);
    }

    public override void CloseConnection(string reason)
    {
        TakeCompletion();
        Done(reason);
    }

    /// <summary>The answer was sent, or never will be.</summary>
    public void ReleaseAnswer()
    {
        if (Answer is { } writer) WriterPool.GiveBack(writer);
        Answer = null;
    }

    /// <summary>Its memory goes back; it was never handed in, and never will be.</summary>
    public void Abandon()
    {
        buffer!.Release();
        buffer = null;
        owner.Memory.Release(admitted);
    }

    private void Encode(MessageWriter writer, IApiMessage response)
    {
        writer.Int32(0);
        ResponseHeader.Write(writer, Header);
        response.Write(writer, Header.Version);
        var total = writer.TotalLength - 4;
        if (total > int.MaxValue) throw new UnsupportedVersionException($"an answer of {total} bytes");
        writer.PatchInt32(0, (int)total);
        TotalBytes = total + 4;
        AnswerBytes = writer.Length;
        for (var i = 0; i < writer.SpliceCount; i++) AnswerBytes += writer.SpliceAt(i).Payload.Memory.Length;
    }

    private void Done(string? closeBecause)
    {
        buffer!.Release();
        buffer = null;
        owner.Memory.Release(admitted);
        if (closeBecause is not null) owner.Close(closeBecause);
        owner.Completed(this);
        OrderFixed();
    }
}
