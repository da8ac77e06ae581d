using System.Net.Sockets;

namespace AkkaStream.Host.Kafka;

/// <summary>Accepts the connections of one listener. When the system has no handles left, it rests a little instead of trying again at once.</summary>
internal sealed class Acceptor(Listener listener, DoorOptions options, Action<Socket, Listener> accepted) : ILoopMember, IDisposable
{
    private const int MostOfATurn = 64;
    private IoLoop? loop;
    private Timer? rest;
    private bool stopped;

    public long LoopId { get; set; }

    /// <summary>Accepts on a loop's thread.</summary>
    public void AcceptOn(IoLoop on)
    {
        loop = on;
        if (!on.TryAdd(this, listener.Handle)) throw new IOException($"the system cannot watch the socket of {listener.Bound}");
    }

    /// <summary>Accepts where there are no loops.</summary>
    public async Task AcceptAlways(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                accepted(await listener.AcceptAsync(stop), listener);
            }
            catch (SocketException failure)
            {
                options.Log?.Invoke(true, $"cannot accept on {listener.Bound}: {failure.Message}");
                await Task.Delay(Limits.AcceptPause, CancellationToken.None);
            }
            catch (Exception failure) when (failure is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    public void Ready(int flags)
    {
        for (var i = 0; !stopped && listener.HasWaiting(); i++)
        {
            if (i == MostOfATurn)
            {
                loop!.Post(this);
                return;
            }

            accepted(listener.Accept(), listener);
        }
    }

    public void Failed(Exception failure)
    {
        if (stopped) return;
        rest ??= new Timer(static self => ((Acceptor)self!).loop!.Post((Acceptor)self));
        rest.Change(Limits.AcceptPause, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Accepts no more.</summary>
    public void Dispose()
    {
        Volatile.Write(ref stopped, true);
        loop?.Remove(this);
        rest?.Dispose();
    }
}
