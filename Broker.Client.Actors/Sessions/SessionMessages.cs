using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using Akka.Event;

namespace AkkaStream.Client.Actors.Sessions;

/// <summary>What a client's connection and its session on a broker say to each other. One that cannot be brought is no news for a log: whoever sent it hears of it.</summary>
internal interface ISessionMessage : IDeadLetterSuppression;

/// <summary>A client asks a broker's <c>/user/broker</c> for a session, again until it is answered. Its sender is the connection.</summary>
/// <param name="LowestVersion">The lowest version of these messages that it speaks.</param>
/// <param name="HighestVersion">The highest.</param>
/// <param name="LargestPiece">Bytes of a frame that it takes in one message.</param>
/// <param name="AnswerWindow">Bytes of answers that may come at first; more as they are granted.</param>
internal sealed record OpenSession(short LowestVersion, short HighestVersion, int LargestPiece, long AnswerWindow) : ISessionMessage
{
    /// <summary>The version of these messages that there is.</summary>
    public const short Version = 1;
}

/// <summary>The session is there; it is the sender.</summary>
/// <param name="Version">The version of these messages that both speak.</param>
/// <param name="LargestPiece">Bytes of a frame in one message, for both sides.</param>
/// <param name="RequestWindow">Bytes of requests that may come at first; more as they are granted.</param>
/// <param name="LargestRequest">The longest request that is taken, in bytes (socket.request.max.bytes).</param>
internal sealed record SessionOpened(short Version, int LargestPiece, long RequestWindow, int LargestRequest) : ISessionMessage;

/// <summary>There is no session, or not any more. From either side, and the last word of it.</summary>
/// <param name="Reason">A sentence.</param>
internal sealed record SessionEnded(string Reason) : ISessionMessage;

/// <summary>So many bytes may have been sent in all since the session began. It never shrinks, so one that is lost is made up for by the next.</summary>
internal sealed record Granted(long Total) : ISessionMessage;

/// <summary>The client has more to send than was granted: so many bytes in all since the session began.</summary>
internal sealed record Wanted(long Total) : ISessionMessage;

/// <summary>Said every few seconds by both sides: where it does not come the other side is gone, and where the numbers do not fit messages were lost.</summary>
/// <param name="Pieces">Pieces that were sent before it.</param>
/// <param name="Granted">As <see cref="Sessions.Granted"/>.</param>
/// <param name="Wanted">As <see cref="Sessions.Wanted"/>.</param>
internal sealed record Alive(long Pieces, long Granted, long Wanted) : ISessionMessage;

/// <summary>Bytes came that are none of these messages.</summary>
/// <param name="Reason">What is wrong with them.</param>
internal sealed record Malformed(string Reason) : ISessionMessage;

/// <summary>
/// A piece of a frame: of a request or an answer of Kafka's protocol, its header included. The array goes to the network and comes from it as it is.
/// </summary>
/// <param name="Array">Number, length, and what is left of the frame, then the bytes; it may be longer.</param>
/// <param name="IsPooled">Whether the array is of the shared pool, and goes back there when the piece is disposed of.</param>
internal sealed record Piece(byte[] Array, bool IsPooled = false) : ISessionMessage, IDisposable
{
    /// <summary>Bytes before those of the frame.</summary>
    public const int HeadBytes = 16;

    private int isDisposed;

    /// <summary>How many pieces went before it.</summary>
    public long Number => BinaryPrimitives.ReadInt64BigEndian(Array);

    /// <summary>How many bytes of the frame it has.</summary>
    public int Length => BinaryPrimitives.ReadInt32BigEndian(Array.AsSpan(sizeof(long)));

    /// <summary>Bytes of the frame that come in the pieces behind it.</summary>
    public int Remaining => BinaryPrimitives.ReadInt32BigEndian(Array.AsSpan(sizeof(long) + sizeof(int)));

    /// <summary>The frame's bytes.</summary>
    public ReadOnlyMemory<byte> Bytes => Array.AsMemory(HeadBytes, Length);

    /// <summary>Writes a piece's head before its bytes, which fill the rest of the array.</summary>
    public static void Stamp(byte[] array, long number, int remaining)
    {
        BinaryPrimitives.WriteInt64BigEndian(array, number);
        BinaryPrimitives.WriteInt32BigEndian(array.AsSpan(sizeof(long)), array.Length - HeadBytes);
        BinaryPrimitives.WriteInt32BigEndian(array.AsSpan(sizeof(long) + sizeof(int)), remaining);
    }

    /// <summary>Gives an array back that remoting took from the shared pool (<c>akka.remote.reused-bodies</c>); one of another length than the pool's is none of it.</summary>
    public static void GiveBack(byte[] array)
    {
        if (array.Length >= HeadBytes && BitOperations.IsPow2(array.Length)) ArrayPool<byte>.Shared.Return(array);
    }

    /// <summary>Nobody reads its bytes any more. Safe to call more than once.</summary>
    public void Dispose()
    {
        if (IsPooled && Interlocked.Exchange(ref isDisposed, 1) == 0) GiveBack(Array);
    }
}
