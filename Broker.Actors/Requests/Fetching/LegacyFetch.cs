using AkkaStream.Actors.Storage;
using AkkaStream.Client.Compression;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Requests.Fetching;

/// <summary>Records for clients of Fetch 0 to 3, which know only message sets: magic 0 up to version 1, magic 1 up to version 3.</summary>
internal static class LegacyFetch
{
    private const short LastWithMagic0 = 1;

    /// <summary>
    /// The records that a read found, from <paramref name="fromOffset"/> on, converted. What the old formats do not have (zstd), or what cannot be
    /// read, is the error of the answer.
    /// </summary>
    public static (ErrorCode Error, RecordsPayload Records) Convert(in ReadResult read, long fromOffset, short version)
    {
        using var messages = new PooledBuffer(Math.Max(read.Length, 16));
        try
        {
            RecordConverter.ToLegacy(read.ReadBytes(), version <= LastWithMagic0 ? (sbyte)0 : (sbyte)1, fromOffset, messages);
            // The answer outlives this buffer: old clients pay one copy more.
            return (ErrorCode.None, messages.WrittenSpan.ToArray());
        }
        catch (CorruptRecordException refused)
        {
            return (RecordValidator.ErrorOf(refused.Fault), ReadOnlyMemory<byte>.Empty);
        }
    }
}
