using Akka.Actor;

namespace Akka.Remote.Wire;

/// <summary>The first byte of every frame.</summary>
internal enum FrameKind : byte
{
    /// <summary>Who opened the connection, and for what.</summary>
    Hello = 1,

    /// <summary>Who took it.</summary>
    Welcome = 2,

    /// <summary>Why it is not taken.</summary>
    Refusal = 3,

    /// <summary>A message for an actor.</summary>
    Message = 4,

    /// <summary>One of the engine's system messages, numbered.</summary>
    System = 5,

    /// <summary>All system messages up to a number came.</summary>
    Acknowledge = 6,

    /// <summary>The sender ends in order: what follows is no crash.</summary>
    Goodbye = 7,
}

/// <summary>Why a connection was refused.</summary>
internal enum RefusalReason : byte
{
    /// <summary>It speaks something else.</summary>
    Protocol = 1,

    /// <summary>It wanted another system.</summary>
    WrongAddress = 2,

    /// <summary>That incarnation is quarantined here.</summary>
    Quarantined = 3,

    /// <summary>There are too many.</summary>
    Busy = 4,
}

/// <summary>First words on a connection. Everything that a stranger can make this system read is here, within <see cref="Limits.HandshakeFrameBytes"/>.</summary>
internal static class Handshake
{
    private const int Magic = 0x314B4B41; // AKK1
    private const byte Version = 1;

    public static byte[] Hello(Transport.Lane lane, Address self, int uid, Address target)
    {
        var writer = new WireWriter();
        writer.Byte((byte)FrameKind.Hello);
        writer.Int32(Magic);
        writer.Byte(Version);
        writer.Byte((byte)lane);
        writer.Int32(uid);
        writer.Text(self.ToString());
        writer.Text(target.ToString());
        return writer.ToArray();
    }

    public static (Transport.Lane Lane, Address From, int Uid, Address Target) ReadHello(ReadOnlySpan<byte> head)
    {
        var reader = new WireReader(head);
        if (reader.Byte() != (byte)FrameKind.Hello || reader.Int32() != Magic) throw new System.Runtime.Serialization.SerializationException("no first word of this protocol");
        var version = reader.Byte();
        if (version != Version) throw new System.Runtime.Serialization.SerializationException($"version {version} of the protocol; this is {Version}");
        var lane = reader.Byte();
        if (lane > (byte)Transport.Lane.Bulk) throw new System.Runtime.Serialization.SerializationException($"there is no lane {lane}");
        var uid = reader.Int32();
        var from = reader.SomeAddress();
        var target = reader.SomeAddress();
        reader.End();
        if (uid == 0 || !from.HasGlobalScope || from.Port is null) throw new System.Runtime.Serialization.SerializationException($"'{from}' ({uid}) is nobody that could be answered");
        return ((Transport.Lane)lane, from, uid, target);
    }

    public static byte[] Welcome(int uid, int maximumFrame)
    {
        var writer = new WireWriter();
        writer.Byte((byte)FrameKind.Welcome);
        writer.Int32(uid);
        writer.Int32(maximumFrame);
        return writer.ToArray();
    }

    public static (int Uid, int MaximumFrame) ReadWelcome(ReadOnlySpan<byte> head)
    {
        var reader = new WireReader(head);
        reader.Byte();
        var read = (reader.Int32(), reader.Int32());
        reader.End();
        return read;
    }

    public static byte[] Refusal(RefusalReason reason) => [(byte)FrameKind.Refusal, (byte)reason];
}
