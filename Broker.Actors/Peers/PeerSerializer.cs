using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Peers;

/// <summary>Writes what brokers ask each other. Bodies are what Kafka's codec made of them; they are decoded by who handles them.</summary>
public sealed class PeerSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private const string Call = "C";
    private const string Answer = "A";

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
        using var writer = new MessageWriter();
        switch (obj)
        {
            case PeerCall call:
                writer.Int64(call.Id);
                writer.Int16((short)call.Key);
                writer.Int16(call.Version);
                writer.Int32(call.From);
                writer.Bytes(call.Body);
                break;
            case PeerAnswer answer:
                writer.Int64(answer.Id);
                writer.String(answer.Refusal);
                writer.Bytes(answer.Body);
                break;
            default:
                throw new ArgumentException($"{obj.GetType()} is nothing that brokers ask each other", nameof(obj));
        }

        return writer.ToArray();
    }

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, string manifest)
    {
        var reader = new MessageReader(bytes);
        try
        {
            IPeerMessage read = manifest switch
            {
                Call => new PeerCall(reader.Int64(), (ApiKey)reader.Int16(), reader.Int16(), reader.Int32(), reader.Bytes()),
                Answer => new PeerAnswer(reader.Int64(), reader.NullableString(), reader.Bytes()),
                _ => throw new SerializationException($"'{manifest}' is nothing that brokers ask each other"),
            };
            return reader.Remaining == 0 ? read : throw new SerializationException($"what brokers ask each other ('{manifest}') has {reader.Remaining} bytes too many");
        }
        catch (MalformedMessageException error)
        {
            throw new SerializationException($"what brokers ask each other ('{manifest}') is damaged: {error.Message}", error);
        }
    }
}
