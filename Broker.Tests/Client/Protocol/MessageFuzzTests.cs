using AkkaStream.Client.Protocol;
using Xunit.Abstractions;

namespace AkkaStream.Tests.Client.Protocol;

/// <summary>
/// Damaged bytes are read or refused, and nothing else: no other exception, no memory beyond a small multiple of the frame, and what was read is
/// written to bytes that are read as the same. 100,000 frames; 10 million with AKKASTREAM_NIGHTLY=1.
/// </summary>
public sealed class MessageFuzzTests(ITestOutputHelper output)
{
    private const int Seed = 20260;

    // An exception with its stack, and the table of names that a thread makes once.
    private const long Overhead = 64 * 1024;

    // What arrays may cost, and as much again for strings of one character, which take the most for their bytes.
    private const int MemoryPerByte = 2 * 16;
    private static readonly int Frames = Environment.GetEnvironmentVariable("AKKASTREAM_NIGHTLY") == "1" ? 5_000_000 : 50_000;

    [Fact]
    public void Damaged_bodies_are_read_or_refused()
    {
        var vectors = MessageVector.Current.Concat(MessageVector.Old).ToList();
        var mutator = new FrameMutator(Seed, vectors.Select(v => v.Bytes).ToList());
        var refused = 0;
        for (var i = 0; i < Frames; i++)
        {
            var vector = vectors[mutator.Next(vectors.Count)];
            var bytes = mutator.Mutate(vector.Bytes);
            var message = vector.NewMessage();
            if (!Read(message, vector.Version, bytes, $"{vector}, number {i}")) refused++;
            else Repeats(vector, message, bytes);
        }

        Sound(refused);
    }

    [Fact]
    public void Damaged_requests_are_read_or_refused()
    {
        var frames = MessageVector.Lines("frames.jsonl").Where(l => l.GetProperty("direction").GetString() == "request")
            .Select(l => Convert.FromHexString(l.GetProperty("hex").GetString()!)[MalformedFrame.LengthBytes..])
            .Concat(MalformedFrame.All.Where(f => f.First.Length is > 0 and < 4096).Select(f => f.First.ToArray())).ToList();
        var mutator = new FrameMutator(Seed + 1, frames);
        var refused = 0;
        for (var i = 0; i < Frames; i++)
        {
            var bytes = mutator.Mutate(frames[mutator.Next(frames.Count)]);
            if (!ReadRequest(bytes, $"number {i}")) refused++;
        }

        Sound(refused);
    }

    // Damage that is always or never noticed would prove nothing.
    private void Sound(int refused)
    {
        output.WriteLine($"{Frames:N0} damaged frames, {refused:N0} refused");
        Assert.InRange(refused, Frames / 20, Frames * 19 / 20);
    }

    private static bool ReadRequest(ReadOnlyMemory<byte> bytes, string what)
    {
        try
        {
            var reader = new MessageReader(bytes);
            var header = RequestHeader.Read(ref reader);
            if (!ApiMessages.Versions(header.Key).Has(header.Version)) return false;
            return Read(ApiMessages.CreateRequest(header.Key)!, header.Version, bytes[reader.Position..], $"{header.Key} v{header.Version}, {what}");
        }
        catch (MalformedMessageException)
        {
            return false;
        }
    }

    private static bool Read(IApiMessage message, short version, ReadOnlyMemory<byte> bytes, string what)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var read = Try(message, version, bytes, what);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated <= Overhead + ((long)bytes.Length * MemoryPerByte), $"{what}: {allocated} bytes for a frame of {bytes.Length}: {Hex(bytes)}");
        return read;
    }

    private static bool Try(IApiMessage message, short version, ReadOnlyMemory<byte> bytes, string what)
    {
        try
        {
            var reader = new MessageReader(bytes);
            message.Read(ref reader, version);
            return true;
        }
        catch (MalformedMessageException)
        {
            return false;
        }
        catch (Exception e)
        {
            Assert.Fail($"{what}: {e}\n{Hex(bytes)}");
            throw;
        }
    }

    private static void Repeats(MessageVector vector, IApiMessage message, ReadOnlyMemory<byte> bytes)
    {
        var once = MessageVector.Encoded(message, vector.Version);
        var again = vector.NewMessage();
        var reader = new MessageReader(once);
        again.Read(ref reader, vector.Version);
        Assert.True(reader.Remaining == 0 && once.AsSpan().SequenceEqual(MessageVector.Encoded(again, vector.Version)), $"{vector}: {Hex(bytes)}");
    }

    private static string Hex(ReadOnlyMemory<byte> bytes) => Convert.ToHexStringLower(bytes.Span);
}
