using Akka.Actor;
using AkkaStream.Actors.Requests;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Peers;

/// <summary>The place of an answer to another broker.</summary>
internal sealed class PeerSlot(long id, IActorRef asker, Action ended) : RequestSlot
{
    public override void OrderFixed()
    {
        // Calls of brokers keep no order among each other.
    }

    public override void Complete(IApiMessage response)
    {
        using var writer = new MessageWriter();
        try
        {
            response.Write(writer, Header.Version);
            End(new PeerAnswer(id, null, writer.ToArray()));
        }
        catch (UnsupportedVersionException error)
        {
            End(new PeerAnswer(id, error.Message, ReadOnlyMemory<byte>.Empty));
        }
    }

    public override void CompleteWithoutAnswer() => End(new PeerAnswer(id, "there is no answer", ReadOnlyMemory<byte>.Empty));

    public override void CloseConnection(string reason) => End(new PeerAnswer(id, reason, ReadOnlyMemory<byte>.Empty));

    private void End(PeerAnswer answer)
    {
        TakeCompletion();
        asker.Tell(answer, ActorRefs.NoSender);
        ended();
    }
}
