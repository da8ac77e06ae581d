using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Remote.Wire;
using Akka.Serialization;

namespace Akka.Remote.Serialization;

/// <summary>Writes the core's own messages that may go to other systems.</summary>
internal sealed class RemoteMessageSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private const string IdentifyManifest = "ID";
    private const string IdentityManifest = "AI";
    private const string RefManifest = "AR";
    private const string PoisonManifest = "PP";
    private const string KillManifest = "K";
    private const string SuccessManifest = "SS";
    private const string FailureManifest = "SF";
    private const string SelectionManifest = "SEL";
    private const string HeartbeatManifest = "H";
    private const string AnswerManifest = "HR";

    private const byte Parent = 0;
    private const byte Name = 1;
    private const byte Pattern = 2;

    /// <summary>What it writes.</summary>
    public static readonly Type[] Types =
    [
        typeof(Identify), typeof(ActorIdentity), typeof(IActorRef), typeof(PoisonPill), typeof(Kill), typeof(Status.Success), typeof(Status.Failure),
        typeof(ActorSelectionMessage), typeof(RemoteWatcher.Heartbeat), typeof(RemoteWatcher.HeartbeatRsp),
    ];

    public override int Identifier => 18;

    public override string Manifest(object o) => o switch
    {
        Identify => IdentifyManifest,
        ActorIdentity => IdentityManifest,
        IActorRef => RefManifest,
        PoisonPill => PoisonManifest,
        Kill => KillManifest,
        Status.Success => SuccessManifest,
        Status.Failure => FailureManifest,
        ActorSelectionMessage => SelectionManifest,
        RemoteWatcher.Heartbeat => HeartbeatManifest,
        RemoteWatcher.HeartbeatRsp => AnswerManifest,
        _ => throw new ArgumentException($"{o.GetType()} is none of the core's messages", nameof(o)),
    };

    public override byte[] ToBinary(object obj)
    {
        var writer = new WireWriter();
        switch (obj)
        {
            case Identify identify:
                Payload.Write(writer, identify.MessageId, system);
                break;
            case ActorIdentity identity:
                Payload.Write(writer, identity.MessageId, system);
                writer.Ref(identity.Subject);
                break;
            case IActorRef actor:
                writer.Ref(actor);
                break;
            case Status.Success success:
                Payload.Write(writer, success.Status, system);
                break;
            case Status.Failure failure:
                writer.Text(Cut(failure.Cause?.GetType().Name ?? ""));
                writer.Text(Cut(failure.Cause?.Message ?? ""));
                break;
            case ActorSelectionMessage selection:
                Write(writer, selection);
                break;
            case RemoteWatcher.HeartbeatRsp answer:
                writer.Int32(answer.AddressUid);
                break;
        }

        return writer.ToArray();
    }

    public override object FromBinary(byte[] bytes, string manifest)
    {
        var reader = new WireReader(bytes);
        var read = Read(ref reader, manifest);
        reader.End();
        return read;
    }

    private static string Cut(string text) => text.Length <= 1000 ? text : text[..1000];

    private object Read(ref WireReader reader, string manifest) => manifest switch
    {
        IdentifyManifest => new Identify(Payload.Read(ref reader, system)),
        IdentityManifest => new ActorIdentity(Payload.Read(ref reader, system), reader.Ref(system)),
        RefManifest => reader.SomeRef(system),
        PoisonManifest => PoisonPill.Instance,
        KillManifest => Kill.Instance,
        SuccessManifest => new Status.Success(Payload.Read(ref reader, system)),
        FailureManifest => new Status.Failure(new RemoteTransportException($"{reader.Text()}: {reader.Text()}")),
        SelectionManifest => ReadSelection(ref reader),
        HeartbeatManifest => RemoteWatcher.Heartbeat.Instance,
        AnswerManifest => new RemoteWatcher.HeartbeatRsp(reader.Int32()),
        _ => throw new SerializationException($"there is no message '{manifest}'"),
    };

    private void Write(WireWriter writer, ActorSelectionMessage selection)
    {
        Payload.Write(writer, selection.Message, system);
        writer.Bool(selection.WildCardFanOut);
        writer.Int32(selection.Elements.Length);
        foreach (var element in selection.Elements)
        {
            writer.Byte(element switch
            {
                SelectChildName => Name,
                SelectChildPattern => Pattern,
                _ => Parent,
            });
            writer.Text(element is SelectParent ? "" : element.ToString()!);
        }
    }

    private ActorSelectionMessage ReadSelection(ref WireReader reader)
    {
        var message = Payload.ReadSome(ref reader, system);
        var fanOut = reader.Bool();
        var count = reader.Count(3);
        if (count > Limits.SelectionSteps) throw new SerializationException($"a selection of {count} steps, the limit is {Limits.SelectionSteps}");
        var elements = new SelectionPathElement[count];
        for (var i = 0; i < count; i++)
        {
            var kind = reader.Byte();
            var text = reader.Text();
            elements[i] = kind switch
            {
                Parent => SelectParent.Instance,
                Name => new SelectChildName(text),
                Pattern => new SelectChildPattern(text),
                _ => throw new SerializationException($"there is no step of kind {kind}"),
            };
        }

        return new ActorSelectionMessage(message, elements, fanOut);
    }
}
