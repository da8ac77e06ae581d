using System.Runtime.Serialization;
using System.Text;

namespace Akka.Remote.Wire;

/// <summary>
/// The head of a message's frame: kind (1), flags (1), lengths of the receiver's path, of the sender's and of the manifest (2 each), the serialiser's
/// number (4), the three texts. The body is what the serialiser wrote. Paths of actors of the sending or receiving system come without address.
/// </summary>
internal static class MessageHead
{
    private const byte SenderIsThere = 1;
    private const byte SenderIsElsewhere = 2;
    private const int Fixed = 12;

    /// <summary>The head; null where it would be over <see cref="Limits.HeadBytes"/>.</summary>
    public static byte[]? Write(ReadOnlySpan<byte> receiver, ReadOnlySpan<byte> sender, bool senderIsElsewhere, int serializer, string manifest)
    {
        var manifestLength = manifest.Length == 0 ? 0 : Encoding.UTF8.GetByteCount(manifest);
        var length = Fixed + receiver.Length + sender.Length + manifestLength;
        if (length > Limits.HeadBytes) return null;
        var head = GC.AllocateUninitializedArray<byte>(length);
        head[0] = (byte)FrameKind.Message;
        head[1] = sender.IsEmpty ? (byte)0 : senderIsElsewhere ? SenderIsElsewhere : SenderIsThere;
        BitConverter.TryWriteBytes(head.AsSpan(2), (ushort)receiver.Length);
        BitConverter.TryWriteBytes(head.AsSpan(4), (ushort)sender.Length);
        BitConverter.TryWriteBytes(head.AsSpan(6), (ushort)manifestLength);
        BitConverter.TryWriteBytes(head.AsSpan(8), serializer);
        receiver.CopyTo(head.AsSpan(Fixed));
        sender.CopyTo(head.AsSpan(Fixed + receiver.Length));
        if (manifestLength > 0) Encoding.UTF8.GetBytes(manifest, head.AsSpan(length - manifestLength));
        return head;
    }

    /// <summary>The parts of a head. Throws <see cref="SerializationException"/> where they do not add up.</summary>
    public static Parts Read(ReadOnlySpan<byte> head)
    {
        if (head.Length < Fixed) throw new SerializationException($"a message's head of {head.Length} bytes, {Fixed} are the least");
        var flags = head[1];
        var receiver = BitConverter.ToUInt16(head[2..]);
        var sender = BitConverter.ToUInt16(head[4..]);
        var manifest = BitConverter.ToUInt16(head[6..]);
        if (Fixed + receiver + sender + manifest != head.Length || receiver == 0 || flags > SenderIsElsewhere || (flags == 0) != (sender == 0))
        {
            throw new SerializationException($"a message's head of {head.Length} bytes with texts of {receiver}, {sender} and {manifest} bytes and flags {flags}");
        }

        return new Parts(
            head.Slice(Fixed, receiver),
            head.Slice(Fixed + receiver, sender),
            flags == SenderIsElsewhere,
            BitConverter.ToInt32(head[8..]),
            head.Slice(Fixed + receiver + sender, manifest));
    }

    /// <summary>The serialiser's number, looked at before anything else is; -1 where the head is too short.</summary>
    public static int SerializerOf(ReadOnlySpan<byte> head) => head.Length < Fixed ? -1 : BitConverter.ToInt32(head[8..]);

    internal readonly ref struct Parts(ReadOnlySpan<byte> receiver, ReadOnlySpan<byte> sender, bool senderIsElsewhere, int serializer, ReadOnlySpan<byte> manifest)
    {
        public ReadOnlySpan<byte> Receiver { get; } = receiver;

        public ReadOnlySpan<byte> Sender { get; } = sender;

        public bool SenderIsElsewhere { get; } = senderIsElsewhere;

        public int Serializer { get; } = serializer;

        public ReadOnlySpan<byte> Manifest { get; } = manifest;
    }
}
