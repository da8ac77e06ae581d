using System.Buffers.Binary;
using System.Text;
using Akka.Actor;
using Akka.Serialization;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Peers;

/// <summary>Writes what brokers ask each other. Bodies are what Kafka's codec made of them; they are decoded by who handles them.</summary>
public sealed class PeerSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private const string Call = "C";
    private const string Answer = "A";
    private const int CallHead = 16;
    private const int AnswerHead = 12;

    /// <summary>Adds the serialiser to a system; as often as one likes.</summary>
    internal static void AddTo(ActorSystem system)
    {
        var serializer = new PeerSerializer((ExtendedActorSystem)system);
        system.Serialization.AddSerializer("akkastream-peers", serializer);
        system.Serialization.AddSerializationMap(typeof(IPeerMessage), serializer);
    }

    /// <inheritdoc/>
    public override int Identifier => 7101;

    /// <inheritdoc/>
    public override string Manifest(object o) => o switch
    {
        PeerCall => Call,
        PeerAnswer => Answer,
        _ => throw new ArgumentException($"{o.GetType()} is nothing that brokers ask each other", nameof(o)),
    };

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj)
    {
        switch (obj)
        {
            case PeerCall call:
                var bytes = new byte[CallHead + call.Body.Length];
                BinaryPrimitives.WriteInt64BigEndian(bytes, call.Id);
                BinaryPrimitives.WriteInt16BigEndian(bytes.AsSpan(8), (short)call.Key);
                BinaryPrimitives.WriteInt16BigEndian(bytes.AsSpan(10), call.Version);
                BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(12), call.From);
                call.Body.Span.CopyTo(bytes.AsSpan(CallHead));
                return bytes;
            case PeerAnswer answer:
                var refusal = answer.Refusal is null ? [] : Encoding.UTF8.GetBytes(answer.Refusal);
                var all = new byte[AnswerHead + refusal.Length + answer.Body.Length];
                BinaryPrimitives.WriteInt64BigEndian(all, answer.Id);
                BinaryPrimitives.WriteInt32BigEndian(all.AsSpan(8), answer.Refusal is null ? -1 : refusal.Length);
                refusal.CopyTo(all.AsSpan(AnswerHead));
                answer.Body.Span.CopyTo(all.AsSpan(AnswerHead + refusal.Length));
                return all;
            default:
                throw new ArgumentException($"{obj.GetType()} is nothing that brokers ask each other", nameof(obj));
        }
    }

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, string manifest) => manifest switch
    {
        Call when bytes.Length >= CallHead => new PeerCall(
            BinaryPrimitives.ReadInt64BigEndian(bytes),
            (ApiKey)BinaryPrimitives.ReadInt16BigEndian(bytes.AsSpan(8)),
            BinaryPrimitives.ReadInt16BigEndian(bytes.AsSpan(10)),
            BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(12)),
            bytes.AsMemory(CallHead)),
        Answer when bytes.Length >= AnswerHead => ReadAnswer(bytes),
        _ => throw new System.Runtime.Serialization.SerializationException($"{bytes.Length} bytes with the manifest '{manifest}' are nothing that brokers ask each other"),
    };

    private static PeerAnswer ReadAnswer(byte[] bytes)
    {
        var id = BinaryPrimitives.ReadInt64BigEndian(bytes);
        var length = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(8));
        if (length < 0) return new PeerAnswer(id, null, bytes.AsMemory(AnswerHead));
        if (length > bytes.Length - AnswerHead) throw new System.Runtime.Serialization.SerializationException($"a refusal of {length} bytes in {bytes.Length}");
        return new PeerAnswer(id, Encoding.UTF8.GetString(bytes.AsSpan(AnswerHead, length)), ReadOnlyMemory<byte>.Empty);
    }
}
