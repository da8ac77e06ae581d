using AkkaStream.Client.Protocol;

namespace AkkaStream.Host.Kafka;

/// <summary>
/// A place in the stream of answers that are being sent: a connection's answers, each a buffer with record bytes between its parts. A
/// value, so that a sender can look ahead and come back.
/// </summary>
internal struct AnswerCursor(DoorSlot? first)
{
    private int at;
    private int splice;
    private int inPayload;

    /// <summary>The answer that the place is in; null at the end.</summary>
    public DoorSlot? Slot { get; private set; } = first;

    /// <summary>Gives the piece that begins here: bytes in memory, or a range of a file. False at the end.</summary>
    public bool TryPeek(out Piece piece)
    {
        for (; Slot is not null; NextSlot())
        {
            var writer = Slot.Answer;
            if (writer is null) continue;
            if (AtPayload(writer))
            {
                var payload = writer.SpliceAt(splice).Payload;
                piece = payload.File is { } file
                    ? new Piece(default, file, inPayload, file.Length - inPayload)
                    : new Piece(payload.Memory[inPayload..], null, 0, payload.Length - inPayload);
                return true;
            }

            var until = splice < writer.SpliceCount ? writer.SpliceAt(splice).Position : writer.Length;
            if (at == until) continue;
            piece = new Piece(writer.Buffer[at..until], null, 0, until - at);
            return true;
        }

        piece = default;
        return false;
    }

    /// <summary>Goes on by that many bytes of the piece that begins here.</summary>
    public void Advance(int bytes)
    {
        var writer = Slot!.Answer!;
        if (!AtPayload(writer))
        {
            at += bytes;
        }
        else
        {
            inPayload += bytes;
            if (inPayload == writer.SpliceAt(splice).Payload.Length)
            {
                splice++;
                inPayload = 0;
            }
        }

        if (at == writer.Length && splice == writer.SpliceCount) NextSlot();
    }

    private readonly bool AtPayload(MessageWriter writer) => splice < writer.SpliceCount && writer.SpliceAt(splice).Position == at;

    private void NextSlot()
    {
        Slot = Slot!.Next;
        at = splice = inPayload = 0;
    }
}

/// <summary>Bytes to send that lie together.</summary>
/// <param name="Memory">The bytes, where they lie in memory.</param>
/// <param name="File">The range, where they lie in a file.</param>
/// <param name="FileOffset">Where in the range they begin.</param>
/// <param name="Length">How many.</param>
internal readonly record struct Piece(ReadOnlyMemory<byte> Memory, FileRegion? File, int FileOffset, int Length);
