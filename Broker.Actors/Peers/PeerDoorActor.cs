using System.Net;
using Akka.Actor;
using Akka.Event;
using AkkaStream.Actors.Requests;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Peers;

/// <summary>
/// The door for other brokers, behind <c>/user/broker</c>: takes <see cref="PeerCall"/>s of the few APIs that brokers ask each other, has them handled like a client's, and
/// sends the answer back.
/// </summary>
public sealed class PeerDoorActor : UntypedActor
{
    private static readonly ApiKey[] Served = [ApiKey.AddPartitionsToTxn, ApiKey.WriteTxnMarkers];
    private readonly IRequestHandler handler;
    private readonly AdvertisedVersions versions;
    private readonly ClientConnection peers;
    private int open;

    /// <summary>A door.</summary>
    /// <param name="handler">Who handles requests.</param>
    /// <param name="versions">What is served.</param>
    /// <param name="listener">The listener as whose client brokers count.</param>
    public PeerDoorActor(IRequestHandler handler, AdvertisedVersions versions, string listener)
    {
        this.handler = handler;
        this.versions = versions;
        peers = new ClientConnection { Id = -1, Listener = listener, ClientAddress = IPAddress.None, LocalAddress = new IPEndPoint(IPAddress.None, 0) };
    }

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        if (message is PeerCall call) Handle(call, Sender);
        else Unhandled(message);
    }

    private void Handle(PeerCall call, IActorRef asker)
    {
        if (Array.IndexOf(Served, call.Key) < 0 || !versions.Has(call.Key, call.Version))
        {
            Refuse(call, asker, $"{call.Key} {call.Version} is nothing that a broker asks another one");
            return;
        }

        if (Volatile.Read(ref open) >= Limits.PeerCallsHandled)
        {
            Refuse(call, asker, "too many calls of brokers are being handled");
            return;
        }

        var request = ApiMessages.CreateRequest(call.Key)!;
        try
        {
            var reader = new MessageReader(call.Body);
            request.Read(ref reader, call.Version);
        }
        catch (MalformedMessageException error)
        {
            Context.GetLogger().Warning("broker {0} sent a {1} that cannot be read: {2}", call.From, call.Key, error.Message);
            Refuse(call, asker, error.Message);
            return;
        }

        Interlocked.Increment(ref open);
        handler.Handle(new PeerSlot(call.Id, asker, () => Interlocked.Decrement(ref open)) { Header = new RequestHeader(call.Key, call.Version, 0, $"broker-{call.From}"), Request = request, Connection = peers });
    }

    private void Refuse(PeerCall call, IActorRef asker, string why) => asker.Tell(new PeerAnswer(call.Id, why, ReadOnlyMemory<byte>.Empty), Self);
}
