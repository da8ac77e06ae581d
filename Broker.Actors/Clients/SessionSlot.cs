using AkkaStream.Actors.Requests;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Clients;

/// <summary>A request of an actor client, the memory it lies in, and its place in the order of answers.</summary>
/// <param name="order">The session's requests.</param>
/// <param name="memory">What it lies in, given back when it is completed; null where it belongs to nobody.</param>
/// <param name="requestBytes">Bytes of its frame.</param>
internal sealed class SessionSlot(SessionOrder order, IDisposable? memory, int requestBytes) : RequestSlot
{
    /// <summary>Bytes of its frame.</summary>
    public int RequestBytes => requestBytes;

    /// <summary>Whether it is answered with what the broker serves, since it asks for that in a version which is not served.</summary>
    public bool IsRefused { get; init; }

    /// <summary>Whether it appends records.</summary>
    public bool IsProduce => Header.Key == ApiKey.Produce;

    /// <summary>Whether it is completed. Guarded by the order's gate.</summary>
    public bool IsDone { get; set; }

    /// <summary>The encoded answer; null before it is there, and where none is sent.</summary>
    public MessageWriter? Answer { get; private set; }

    /// <summary>Bytes of the answer that lie in memory.</summary>
    public int AnswerBytes { get; private set; }

    public override void OrderFixed()
    {
        if (TakeOrder()) order.TurnEnded();
    }

    public override void Complete(IApiMessage response)
    {
        TakeCompletion();
        var writer = new MessageWriter();
        Answer = writer;
        try
        {
            ResponseHeader.Write(writer, Header);
            response.Write(writer, Header.Version);
            if (writer.TotalLength > int.MaxValue) throw new UnsupportedVersionException($"an answer of {writer.TotalLength} bytes");
        }
        catch (UnsupportedVersionException failure)
        {
            ReleaseAnswer();
            Done($"the answer to {Header.Key} cannot be written in version {Header.Version}: {failure.Message}");
            return;
        }

        AnswerBytes = writer.Length;
        for (var i = 0; i < writer.SpliceCount; i++) AnswerBytes += writer.SpliceAt(i).Payload.Memory.Length;
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

    /// <summary>It was never handed in, and never will be.</summary>
    public void Abandon() => memory?.Dispose();

    /// <summary>The answer was sent, or never will be: files that it was to be read from are let go.</summary>
    public void ReleaseAnswer()
    {
        if (Answer is not { } writer) return;
        for (var i = 0; i < writer.SpliceCount; i++) writer.SpliceAt(i).Payload.File?.Dispose();
        writer.Dispose();
        Answer = null;
    }

    private void Done(string? closeReason)
    {
        memory?.Dispose();
        order.Completed(this, closeReason);
        OrderFixed();
    }
}
