namespace AkkaStream.Host.Verbs;

/// <summary>Cuts a stream into lines without turning it into text: what goes in comes out again to the byte.</summary>
internal sealed class LineReader(Stream input)
{
    private byte[] buffer = new byte[1 << 16];
    private int start;
    private int end;
    private bool ended;

    /// <summary>The next line without its line feed, good until the next call; null at the end. A last line without a line feed counts, an empty one does not.</summary>
    /// <exception cref="FormatException">The line is longer than <see cref="Limits.LineBytes"/>.</exception>
    internal async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellation)
    {
        var looked = start;
        while (true)
        {
            var feed = buffer.AsSpan(looked, end - looked).IndexOf((byte)'\n');
            if (feed >= 0)
            {
                var line = buffer.AsMemory(start, looked + feed - start);
                start = looked + feed + 1;
                return line;
            }

            if (ended)
            {
                if (start == end) return null;
                var last = buffer.AsMemory(start, end - start);
                start = end;
                return last;
            }

            looked = MakeRoom();

            // A terminal or pipe that is being read hears of no cancellation.
            var reading = input.ReadAsync(buffer.AsMemory(end), cancellation);
            var read = reading.IsCompletedSuccessfully ? reading.Result : await reading.AsTask().WaitAsync(cancellation);
            ended = read == 0;
            end += read;
        }
    }

    // Moves what is left to the front, into a larger buffer where it fills this one; gives the place up to which there is no line feed.
    private int MakeRoom()
    {
        var left = end - start;
        if (left == buffer.Length)
        {
            if (left >= Limits.LineBytes) throw new FormatException($"a line is longer than {Limits.LineBytes} bytes");
            Array.Resize(ref buffer, Math.Min(left * 2, Limits.LineBytes));
        }
        else if (start > 0)
        {
            buffer.AsSpan(start, left).CopyTo(buffer);
            (start, end) = (0, left);
        }

        return end;
    }
}
