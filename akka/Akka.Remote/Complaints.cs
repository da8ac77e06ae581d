using Akka.Remote.Transport;

namespace Akka.Remote;

/// <summary>
/// Keeps the log short where strangers knock again and again: one complaint in a <see cref="Limits.ComplaintTime"/>, with the number of those that were kept back. May be used by any thread.
/// </summary>
internal sealed class Complaints
{
    private readonly Lock _lock = new();
    private TimeSpan? _last;
    private long _keptBack;

    /// <summary>Whether a connection that ended before its first word is to be told to people: a peer that ended or a broken network mends by itself, nodes that are not set up alike do not.</summary>
    public static bool IsWorthOne(CloseReason reason) => reason is CloseReason.NotTrusted or CloseReason.BadFrame;

    /// <summary>What to check.</summary>
    public static string Advice(CloseReason reason) => reason == CloseReason.NotTrusted
        ? "do both sides have TLS (akka.remote.dot-netty.tcp.enable-ssl), and certificates of the same authority (ssl.certificate)?"
        : "does the peer speak this protocol, and have both sides TLS or neither (akka.remote.dot-netty.tcp.enable-ssl)?";

    /// <summary>Whether to say one at <paramref name="now"/> (any clock that never goes back), and how many were kept back since the last that was said.</summary>
    public bool Says(TimeSpan now, out long keptBack)
    {
        lock (_lock)
        {
            keptBack = _keptBack;
            if (_last is { } last && now - last < Limits.ComplaintTime)
            {
                _keptBack++;
                return false;
            }

            _last = now;
            _keptBack = 0;
            return true;
        }
    }
}
