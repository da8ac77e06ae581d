using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Dispatch.SysMsg;

namespace Akka.Remote.Wire;

/// <summary>The system messages that go between systems: who watches whom, and who died. Nothing else of another system's tree is in a peer's hands but the end of an actor.</summary>
internal static class SystemFrame
{
    private const byte WatchCode = 1;
    private const byte UnwatchCode = 2;
    private const byte DiedCode = 3;
    private const byte TerminateCode = 4;

    /// <summary>A message for <paramref name="receiver"/>; null where it is none that leaves the process.</summary>
    public static byte[]? Write(long number, IActorRef receiver, ISystemMessage message)
    {
        var writer = new WireWriter(256);
        writer.Byte((byte)FrameKind.System);
        writer.Int64(number);
        switch (message)
        {
            case Watch watch:
                writer.Byte(WatchCode);
                writer.Ref(watch.Watchee);
                writer.Ref(watch.Watcher);
                break;
            case Unwatch unwatch:
                writer.Byte(UnwatchCode);
                writer.Ref(unwatch.Watchee);
                writer.Ref(unwatch.Watcher);
                break;
            case DeathWatchNotification died:
                writer.Byte(DiedCode);
                writer.Ref(receiver);
                writer.Ref(died.Actor);
                writer.Bool(died.ExistenceConfirmed);
                break;
            case Terminate:
                writer.Byte(TerminateCode);
                writer.Ref(receiver);
                writer.Text("");
                break;
            default:
                return null;
        }

        return writer.ToArray();
    }

    /// <summary>The number of a frame, who gets it, and what.</summary>
    public static (long Number, IInternalActorRef Receiver, SystemMessage Message) Read(ReadOnlySpan<byte> head, ExtendedActorSystem system)
    {
        var reader = new WireReader(head);
        reader.Byte();
        var number = reader.Int64();
        var code = reader.Byte();
        var receiver = (IInternalActorRef)reader.SomeRef(system);
        var other = reader.Ref(system) as IInternalActorRef;
        SystemMessage message = code switch
        {
            WatchCode when other is not null => new Watch(receiver, other),
            UnwatchCode when other is not null => new Unwatch(receiver, other),
            DiedCode when other is not null => new DeathWatchNotification(other, reader.Bool(), false),
            TerminateCode => new Terminate(),
            _ => throw new SerializationException($"there is no system message {code}"),
        };
        reader.End();
        return (number, receiver, message);
    }

    public static byte[] Acknowledge(long number)
    {
        var writer = new WireWriter(16);
        writer.Byte((byte)FrameKind.Acknowledge);
        writer.Int64(number);
        return writer.ToArray();
    }

    public static long ReadAcknowledge(ReadOnlySpan<byte> head)
    {
        var reader = new WireReader(head);
        reader.Byte();
        var number = reader.Int64();
        reader.End();
        return number;
    }
}
