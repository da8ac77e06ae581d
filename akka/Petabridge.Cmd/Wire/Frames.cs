using System.Buffers.Binary;
using System.Text;

namespace Petabridge.Cmd.Wire;

/// <summary>Writes and reads frames. What a peer sent is checked before anything is made of it; <see cref="InvalidDataException"/> says what was wrong.</summary>
internal static class Frames
{
    /// <summary>Bytes of a frame's length.</summary>
    public const int LengthBytes = 4;

    /// <summary>The length that a peer claims, between 1 and <paramref name="most"/>.</summary>
    public static int Length(ReadOnlySpan<byte> bytes, int most)
    {
        var length = BinaryPrimitives.ReadInt32BigEndian(bytes);
        return length >= 1 && length <= most ? length : throw new InvalidDataException($"a frame of {length} bytes; 1 to {most} are allowed");
    }

    public static byte[] Describe() => Frame(FrameKind.Describe, static _ => { });

    public static byte[] Cancel() => Frame(FrameKind.Cancel, static _ => { });

    /// <summary>A command. Throws <see cref="InvalidDataException"/> for more words or bytes than a host takes.</summary>
    public static byte[] Run(RunRequest request)
    {
        if (request.Words.Count > Limits.Words) throw new InvalidDataException($"a command of {request.Words.Count} words; at most {Limits.Words} are taken");
        var frame = Frame(FrameKind.Run, writer =>
        {
            writer.Write(request.Json);
            writer.Write((ushort)request.Words.Count);
            foreach (var word in request.Words) WriteText(writer, word);
        });
        return frame.Length - LengthBytes <= Limits.RequestBytes ? frame : throw new InvalidDataException($"a command of {frame.Length} bytes; at most {Limits.RequestBytes} are taken");
    }

    public static RunRequest ReadRun(ReadOnlySpan<byte> payload)
    {
        var reader = new FrameReader(payload);
        var json = reader.Byte() != 0;
        var count = reader.Count(Limits.Words);
        var words = new string[count];
        for (var i = 0; i < count; i++) words[i] = reader.Text();
        reader.End();
        return new RunRequest(words, json);
    }

    public static byte[] Output(OutputPiece piece)
        => Frame(FrameKind.Output, writer =>
        {
            writer.Write((byte)piece.Flags);
            WriteText(writer, piece.Text);
        });

    public static OutputPiece ReadOutput(ReadOnlySpan<byte> payload)
    {
        var reader = new FrameReader(payload);
        var flags = (OutputFlags)reader.Byte();
        var text = reader.Text();
        reader.End();
        return new OutputPiece(flags, text);
    }

    /// <summary>A text in pieces that fit into frames; the last one has the flags that end it.</summary>
    public static IEnumerable<OutputPiece> Split(string text, OutputFlags flags)
    {
        var start = 0;
        while (text.Length - start > Limits.OutputChars)
        {
            var length = Limits.OutputChars;
            // A pair of surrogates stays together.
            if (char.IsHighSurrogate(text[start + length - 1])) length--;
            yield return new OutputPiece(flags & ~OutputFlags.Final, text.Substring(start, length));
            start += length;
        }

        yield return new OutputPiece(flags, text[start..]);
    }

    public static byte[] Palettes(IReadOnlyCollection<CommandPalette> palettes)
        => Frame(FrameKind.Palettes, writer =>
        {
            writer.Write((ushort)palettes.Count);
            foreach (var palette in palettes)
            {
                WriteText(writer, palette.ModuleName);
                writer.Write((ushort)palette.Commands.Count);
                foreach (var command in palette.Commands) WriteCommand(writer, command);
            }
        });

    public static IReadOnlyList<CommandPalette> ReadPalettes(ReadOnlySpan<byte> payload)
    {
        var reader = new FrameReader(payload);
        var palettes = new CommandPalette[reader.Count(Limits.Palettes)];
        for (var i = 0; i < palettes.Length; i++)
        {
            var name = reader.Text();
            var commands = new CommandDefinition[reader.Count(Limits.Members)];
            for (var j = 0; j < commands.Length; j++) commands[j] = ReadCommand(ref reader);
            palettes[i] = Checked(() => new CommandPalette(name, commands));
        }

        reader.End();
        return palettes;
    }

    private static void WriteCommand(BinaryWriter writer, CommandDefinition command)
    {
        WriteText(writer, command.Name);
        WriteText(writer, command.Description);
        writer.Write((ushort)command.Arguments.Count);
        foreach (var argument in command.Arguments)
        {
            WriteText(writer, argument.Name);
            WriteText(writer, argument.Description);
            writer.Write(argument.IsMandatory);
            WriteTexts(writer, argument.Switch);
            WriteTexts(writer, argument.DefaultValues);
            WriteTexts(writer, argument.DefaultValue is null ? [] : [argument.DefaultValue]);
        }
    }

    private static CommandDefinition ReadCommand(ref FrameReader reader)
    {
        var builder = new CommandDefinitionBuilder().WithName(reader.Text()).WithDescription(reader.Text());
        for (var left = reader.Count(Limits.Members); left > 0; left--)
        {
            var argument = new ArgumentDefinitionBuilder().WithName(reader.Text()).WithDescription(reader.Text()).IsMandatory(reader.Byte() != 0);
            foreach (var text in reader.Texts()) argument.WithSwitch(text);
            argument.WithDefaultValues(reader.Texts());
            foreach (var text in reader.Texts()) argument.WithDefaultValue(text);
            Checked(() => builder.WithArgument(_ => argument));
        }

        return Checked(builder.Build);
    }

    private static T Checked<T>(Func<T> build)
    {
        try
        {
            return build();
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    private static byte[] Frame(FrameKind kind, Action<BinaryWriter> write)
    {
        using var buffer = new MemoryStream();
        using var writer = new BinaryWriter(buffer);
        writer.Write(0);
        writer.Write((byte)kind);
        write(writer);
        var frame = buffer.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - LengthBytes);
        return frame;
    }

    private static void WriteText(BinaryWriter writer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }

    private static void WriteTexts(BinaryWriter writer, IReadOnlyList<string> texts)
    {
        writer.Write((ushort)texts.Count);
        foreach (var text in texts) WriteText(writer, text);
    }
}

/// <summary>Reads the fields of a frame.</summary>
internal ref struct FrameReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public byte Byte() => Take(1)[0];

    /// <summary>How many of something follow: at most <paramref name="most"/>, and no more than there are bytes for.</summary>
    public int Count(int most)
    {
        var count = BinaryPrimitives.ReadUInt16LittleEndian(Take(2));
        return count <= most && count <= _rest.Length ? count : throw new InvalidDataException($"{count} items are claimed; at most {most} are allowed, and {_rest.Length} bytes are left");
    }

    public string Text() => Encoding.UTF8.GetString(Take(BinaryPrimitives.ReadInt32LittleEndian(Take(4))));

    public string[] Texts()
    {
        var texts = new string[Count(Limits.Members)];
        for (var i = 0; i < texts.Length; i++) texts[i] = Text();
        return texts;
    }

    public readonly void End()
    {
        if (!_rest.IsEmpty) throw new InvalidDataException($"{_rest.Length} bytes too many");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > _rest.Length) throw new InvalidDataException($"{count} bytes are claimed, {_rest.Length} are left");
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
