namespace AkkaStream.Host.Kafka;

/// <summary>How a send ended.</summary>
internal enum SendOutcome
{
    /// <summary>Nothing is left.</summary>
    AllSent,

    /// <summary>The socket takes no more now.</summary>
    Full,

    /// <summary>Others should have their turn first.</summary>
    Yield,

    /// <summary>The socket or a file failed.</summary>
    Broken,
}

/// <summary>
/// Sends answers on a socket that never waits. Small pieces are gathered into one buffer and one system call, which is cheaper than
/// pinning each; large ranges of files go from the page cache.
/// </summary>
internal static class AnswerSender
{
    [ThreadStatic]
    private static byte[]? gathered;

    /// <summary>Sends from <paramref name="cursor"/> on, as far as the socket takes it.</summary>
    public static SendOutcome Send(int socket, ref AnswerCursor cursor, out long bytes)
    {
        bytes = 0;
        while (cursor.TryPeek(out var piece))
        {
            if (bytes >= Limits.BytesOfATurn) return SendOutcome.Yield;
            var outcome = Step(socket, ref cursor, piece, out var sent);
            bytes += sent;
            if (outcome != SendOutcome.AllSent) return outcome;
        }

        return SendOutcome.AllSent;
    }

    private static SendOutcome Step(int socket, ref AnswerCursor cursor, in Piece piece, out int sent)
    {
        if (piece.File is { } file && piece.Length > Limits.ReadInsteadOfSendfile)
        {
            var position = file.Position + piece.FileOffset;
            var result = LinuxSockets.SendFile(socket, (int)file.Handle.DangerousGetHandle(), position, (nuint)Math.Min(piece.Length, Limits.BytesOfATurn));
            return After(ref cursor, result, result, out sent);
        }

        return piece.File is null && piece.Length > Limits.GatheredSendBytes
            ? After(ref cursor, LinuxSockets.Send(socket, piece.Memory.Span, more: false), piece.Length, out sent)
            : Gathered(socket, ref cursor, out sent);
    }

    private static SendOutcome After(ref AnswerCursor cursor, nint result, nint wanted, out int sent)
    {
        sent = (int)Math.Max(result, 0);
        if (result > 0)
        {
            Advance(ref cursor, sent);
            return result == wanted ? SendOutcome.AllSent : SendOutcome.Full;
        }

        // No bytes from a file: it is shorter than the answer's head promised.
        if (result == 0) return SendOutcome.Broken;
        return LinuxSockets.LastError switch
        {
            LinuxSockets.Again => SendOutcome.Full,
            LinuxSockets.Interrupted => SendOutcome.AllSent,
            _ => SendOutcome.Broken,
        };
    }

    private static SendOutcome Gathered(int socket, ref AnswerCursor cursor, out int sent)
    {
        sent = 0;
        var buffer = gathered ??= GC.AllocateUninitializedArray<byte>(Limits.GatheredSendBytes);
        var ahead = cursor;
        var used = 0;
        var more = false;
        while (ahead.TryPeek(out var piece))
        {
            more = piece.Length > buffer.Length - used || (piece.File is not null && piece.Length > Limits.ReadInsteadOfSendfile);
            if (more) break;
            if (!Copy(piece, buffer.AsSpan(used))) return SendOutcome.Broken;
            used += piece.Length;
            ahead.Advance(piece.Length);
        }

        return After(ref cursor, LinuxSockets.Send(socket, buffer.AsSpan(0, used), more), used, out sent);
    }

    private static bool Copy(in Piece piece, Span<byte> to)
    {
        if (piece.File is { } file) return file.ReadInto(to[..piece.Length], piece.FileOffset) == piece.Length;
        piece.Memory.Span.CopyTo(to);
        return true;
    }

    private static void Advance(ref AnswerCursor cursor, int bytes)
    {
        while (bytes > 0 && cursor.TryPeek(out var piece))
        {
            var step = Math.Min(bytes, piece.Length);
            cursor.Advance(step);
            bytes -= step;
        }
    }
}
