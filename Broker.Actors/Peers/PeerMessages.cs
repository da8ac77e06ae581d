using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Peers;

/// <summary>What brokers say to each other's <c>/user/broker</c>.</summary>
public interface IPeerMessage;

/// <summary>A request of Kafka's protocol from one broker to another, without its header.</summary>
/// <param name="Id">Comes back with the answer.</param>
/// <param name="Key">The API.</param>
/// <param name="Version">Its version.</param>
/// <param name="From">The asking broker's id.</param>
/// <param name="Body">The request's body.</param>
public sealed record PeerCall(long Id, ApiKey Key, short Version, int From, ReadOnlyMemory<byte> Body) : IPeerMessage;

/// <summary>What came of a call.</summary>
/// <param name="Id">The call's number.</param>
/// <param name="Refusal">Why there is no answer, or null.</param>
/// <param name="Body">The answer's body, in the version of the call.</param>
public sealed record PeerAnswer(long Id, string? Refusal, ReadOnlyMemory<byte> Body) : IPeerMessage;

/// <summary>Asks another broker something, by way of this broker's <see cref="PeerCallsActor"/>.</summary>
/// <param name="Broker">Who is asked.</param>
/// <param name="Request">What; its memory must stay as it is until it is answered.</param>
/// <param name="Version">In which version.</param>
/// <param name="Timeout">How long the answer may take.</param>
/// <param name="Done">Told once, on the actor's turn: the answer, or null where there is none.</param>
public sealed record CallPeer(int Broker, IApiMessage Request, short Version, TimeSpan Timeout, Action<IApiMessage?> Done);
