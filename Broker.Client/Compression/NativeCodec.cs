using System.Runtime.InteropServices;
using AkkaStream.Client.Records;

namespace AkkaStream.Client.Compression;

/// <summary>The codecs' libraries, looked up when a codec is first used.</summary>
internal static class NativeCodec
{
    /// <summary>Loads the first library that is there.</summary>
    /// <exception cref="CorruptRecordException">None is: the message names the codec and what it looked for.</exception>
    public static nint Load(string codec, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (NativeLibrary.TryLoad(name, out var handle)) return handle;
        }

        throw new CorruptRecordException(RecordFault.UnsupportedCompression, $"{codec} needs the library {names[0]}, which is not on this machine");
    }
}
