using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;
using AkkaStream.Actors.Metadata.Quorum;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Controller;

/// <summary>Writes what brokers say to each other about the controller and its quorum. Lengths are checked against the frame before anything is taken from it.</summary>
public sealed class ControllerSerializer : SerializerWithStringManifest
{
    /// <summary>A serialiser of a system.</summary>
    public ControllerSerializer(ExtendedActorSystem system)
        : base(system)
    {
    }

    /// <inheritdoc/>
    public override int Identifier => 8801;

    /// <summary>Has a system write its messages by it; as often as one likes.</summary>
    public static void AddTo(ActorSystem system)
    {
        var serializer = new ControllerSerializer((ExtendedActorSystem)system);
        system.Serialization.AddSerializer("akkastream-controller", serializer);
        foreach (var type in (Type[])[typeof(QuorumMessage), typeof(QuorumAnswer), typeof(IControllerWire)]) system.Serialization.AddSerializationMap(type, serializer);
    }

    /// <inheritdoc/>
    public override string Manifest(object o) => o switch
    {
        QuorumClaim => "C",
        QuorumFetch => "F",
        QuorumAppend => "A",
        QuorumFetchSnapshot => "S",
        QuorumInstall => "I",
        QuorumClaimed => "c",
        QuorumFetched => "f",
        QuorumAppended => "a",
        QuorumSnapshotFetched => "s",
        QuorumInstalled => "i",
        MetadataDelta => "MD",
        MetadataWhole => "MW",
        MetadataFetch => "MF",
        MetadataHead => "MH",
        ControllerCall => "CC",
        ControllerAnswer => "CA",
        _ => throw new ArgumentException($"{o.GetType()} is none of the controller's messages", nameof(o)),
    };

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj)
    {
        using var writer = new MessageWriter(256);
        switch (obj)
        {
            case QuorumMessage question:
                writer.Int32(question.Epoch);
                writer.Uuid(question.Claim);
                WriteQuestion(writer, question);
                break;
            case QuorumAnswer answer:
                writer.Int32(answer.Voter);
                writer.Uuid(answer.Disk);
                writer.Int32(answer.Epoch);
                writer.Uuid(answer.Claim);
                writer.Int8((sbyte)answer.Refusal);
                writer.Int32(answer.Promised);
                WriteAnswer(writer, answer);
                break;
            default:
                WriteRest(writer, obj);
                break;
        }

        return writer.ToArray();
    }

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, string manifest)
    {
        var reader = new MessageReader(bytes);
        try
        {
            var read = Read(ref reader, manifest);
            return reader.Remaining == 0 ? read : throw new SerializationException($"a controller's message '{manifest}' has {reader.Remaining} bytes too many");
        }
        catch (MalformedMessageException error)
        {
            throw new SerializationException($"a controller's message '{manifest}' is damaged: {error.Message}", error);
        }
    }

    private static void WriteQuestion(MessageWriter writer, QuorumMessage question)
    {
        switch (question)
        {
            case QuorumFetch fetch:
                writer.Int64(fetch.Offset);
                writer.Int32(fetch.EpochBefore);
                break;
            case QuorumAppend append:
                writer.Int64(append.Offset);
                writer.Int32(append.EpochBefore);
                writer.Int64(append.Committed);
                writer.Bytes(append.Batches);
                break;
            case QuorumFetchSnapshot fetch:
                Write(writer, fetch.Snapshot);
                writer.Int64(fetch.Position);
                break;
            case QuorumInstall install:
                Write(writer, install.Snapshot.End);
                writer.Int64(install.Snapshot.Length);
                writer.Int64(install.Position);
                writer.Bytes(install.Bytes);
                break;
        }
    }

    private static void WriteAnswer(MessageWriter writer, QuorumAnswer answer)
    {
        switch (answer)
        {
            case QuorumClaimed claimed:
                Write(writer, claimed.End);
                Write(writer, claimed.Voters);
                break;
            case QuorumFetched fetched:
                writer.Int64(fetched.Offset);
                Write(writer, fetched.Near);
                writer.Bytes(fetched.Batches);
                break;
            case QuorumAppended appended:
                writer.Int64(appended.Offset);
                writer.Int64(appended.End);
                Write(writer, appended.Near);
                break;
            case QuorumSnapshotFetched fetched:
                Write(writer, fetched.Snapshot.End);
                writer.Int64(fetched.Snapshot.Length);
                writer.Int64(fetched.Position);
                writer.Bytes(fetched.Bytes);
                break;
            case QuorumInstalled installed:
                Write(writer, installed.Snapshot);
                writer.Int64(installed.Position);
                writer.Int8((sbyte)(installed.IsThere ? 1 : 0));
                break;
        }
    }

    private static void WriteRest(MessageWriter writer, object obj)
    {
        switch (obj)
        {
            case MetadataDelta delta:
                writer.Int32(delta.Epoch);
                writer.Int64(delta.From);
                writer.Int64(delta.To);
                writer.Int64(delta.Head);
                writer.Bytes(delta.Batches);
                break;
            case MetadataWhole whole:
                writer.Int32(whole.Epoch);
                writer.Int64(whole.To);
                writer.Int64(whole.Position);
                writer.Int64(whole.Length);
                writer.Int64(whole.Head);
                writer.Bytes(whole.Batches);
                break;
            case MetadataFetch fetch:
                writer.Int64(fetch.Offset);
                writer.Int64(fetch.Whole);
                writer.Int64(fetch.Position);
                break;
            case MetadataHead head:
                writer.Int32(head.Epoch);
                writer.Int64(head.Head);
                break;
            case ControllerCall call:
                writer.Int64(call.Id);
                writer.Int8((sbyte)call.Kind);
                writer.Int16((short)call.Key);
                writer.Int16(call.Version);
                writer.Int32(call.Broker);
                writer.String(call.Principal);
                writer.Bytes(call.Request);
                break;
            case ControllerAnswer answer:
                writer.Int64(answer.Id);
                writer.ErrorCode(answer.Error);
                writer.Int64(answer.Offset);
                writer.Bytes(answer.Response);
                break;
            default:
                throw new ArgumentException($"{obj.GetType()} is none of the controller's messages", nameof(obj));
        }
    }

    private static object Read(ref MessageReader reader, string manifest) => manifest switch
    {
        "C" => new QuorumClaim(reader.Int32(), reader.Uuid()),
        "F" => new QuorumFetch(reader.Int32(), reader.Uuid(), reader.Int64(), reader.Int32()),
        "A" => ReadAppend(ref reader),
        "c" => new QuorumClaimed(reader.Int32(), reader.Uuid(), reader.Int32(), reader.Uuid(), (QuorumRefusal)reader.Int8(), reader.Int32(), ReadEnd(ref reader), ReadVoters(ref reader)),
        "f" => new QuorumFetched(reader.Int32(), reader.Uuid(), reader.Int32(), reader.Uuid(), (QuorumRefusal)reader.Int8(), reader.Int32(), reader.Int64(), ReadEnd(ref reader), reader.Bytes()),
        "a" => new QuorumAppended(reader.Int32(), reader.Uuid(), reader.Int32(), reader.Uuid(), (QuorumRefusal)reader.Int8(), reader.Int32(), reader.Int64(), reader.Int64(), ReadEnd(ref reader)),
        "MD" => new MetadataDelta(reader.Int32(), reader.Int64(), reader.Int64(), reader.Int64(), reader.Bytes()),
        "S" => new QuorumFetchSnapshot(reader.Int32(), reader.Uuid(), ReadEnd(ref reader), reader.Int64()),
        "I" => ReadInstall(ref reader),
        "s" => new QuorumSnapshotFetched(reader.Int32(), reader.Uuid(), reader.Int32(), reader.Uuid(), (QuorumRefusal)reader.Int8(), reader.Int32(), ReadSnapshot(ref reader), reader.Int64(), reader.Bytes()),
        "i" => new QuorumInstalled(reader.Int32(), reader.Uuid(), reader.Int32(), reader.Uuid(), (QuorumRefusal)reader.Int8(), reader.Int32(), ReadEnd(ref reader), reader.Int64(), reader.Int8() != 0),
        "MW" => new MetadataWhole(reader.Int32(), reader.Int64(), reader.Int64(), reader.Int64(), reader.Int64(), reader.Bytes()),
        "MF" => new MetadataFetch(reader.Int64(), reader.Int64(), reader.Int64()),
        "MH" => new MetadataHead(reader.Int32(), reader.Int64()),
        "CC" => ReadCall(ref reader),
        "CA" => ReadCallAnswer(ref reader),
        _ => throw new SerializationException($"there is no controller's message '{manifest}'"),
    };

    private static QuorumAppend ReadAppend(ref MessageReader reader)
    {
        var append = new QuorumAppend(reader.Int32(), reader.Uuid(), reader.Int64(), reader.Int32(), default, reader.Int64());
        return append with { Batches = reader.Bytes() };
    }

    private static QuorumInstall ReadInstall(ref MessageReader reader)
    {
        var install = new QuorumInstall(reader.Int32(), reader.Uuid(), ReadSnapshot(ref reader), reader.Int64(), default);
        return install with { Bytes = reader.Bytes() };
    }

    private static QuorumSnapshot ReadSnapshot(ref MessageReader reader) => new(ReadEnd(ref reader), reader.Int64());

    private static ControllerCall ReadCall(ref MessageReader reader)
    {
        var call = new ControllerCall(reader.Int64(), (ControllerCallKind)reader.Int8(), (ApiKey)reader.Int16(), reader.Int16(), default, reader.Int32(), reader.String());
        return call with { Request = reader.Bytes() };
    }

    private static ControllerAnswer ReadCallAnswer(ref MessageReader reader)
    {
        var answer = new ControllerAnswer(reader.Int64(), reader.ErrorCode(), default, reader.Int64());
        return answer with { Response = reader.Bytes() };
    }

    private static void Write(MessageWriter writer, LogEnd end)
    {
        writer.Int32(end.Epoch);
        writer.Int64(end.Offset);
    }

    private static LogEnd ReadEnd(ref MessageReader reader) => new(reader.Int32(), reader.Int64());

    private static void Write(MessageWriter writer, VoterSet? voters)
    {
        writer.Int8((sbyte)(voters?.Members.Length ?? -1));
        foreach (var member in voters?.Members ?? [])
        {
            writer.Int32(member.Id);
            writer.Uuid(member.Disk);
            writer.String(member.Host);
            writer.Int32(member.Port);
        }
    }

    private static VoterSet? ReadVoters(ref MessageReader reader)
    {
        var count = reader.Int8();
        if (count < 0) return null;
        if (count > Limits.QuorumVoters) throw new MalformedMessageException($"a set of {count} voters");
        var members = new List<QuorumMember>();
        for (var i = 0; i < count; i++) members.Add(new QuorumMember(reader.Int32(), reader.Uuid(), reader.String(), reader.Int32()));
        return new VoterSet([.. members]);
    }
}
