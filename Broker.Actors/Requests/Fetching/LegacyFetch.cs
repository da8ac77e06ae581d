using AkkaStream.Actors.Storage;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Requests.Fetching;

/// <summary>Records for clients of Fetch 0 to 3, which know only message sets: magic 0 up to version 1, magic 1 up to version 3.</summary>
internal static class LegacyFetch
{
    /// <summary>The records that a read found, converted.</summary>
    public static RecordsPayload Convert(in ReadResult read, short version) => read.ReadBytes();
}
