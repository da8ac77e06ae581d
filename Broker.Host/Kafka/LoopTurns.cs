using System.Diagnostics;
using Akka.Dispatch;

namespace AkkaStream.Host.Kafka;

/// <summary>
/// Actors' turns that a loop's own thread takes once it has looked at its sockets. A small append is then received, written, answered and handed to
/// the fetches that wait for it without waking another thread: such a wake-up costs more than the work. What may take long goes to the thread pool,
/// since other connections wait on this thread. Used by the loop's thread alone.
/// </summary>
internal sealed class LoopTurns(Action<string, Exception> report)
{
    [ThreadStatic]
    private static LoopTurns? current;

    private readonly Queue<IRunnable> waiting = new();
    private long receivedBytes;
    private long elsewhereUntil;

    /// <summary>The turns of the loop whose thread this is; null on any other thread.</summary>
    public static LoopTurns? Current => current;

    /// <summary>The calling thread is the loop's from now on.</summary>
    public void Own() => current = this;

    /// <summary>Bytes came in: what many bytes lead to is not taken here.</summary>
    public void Received(int bytes) => receivedBytes += bytes;

    /// <summary>Takes a turn to run it with <see cref="Run"/>. False where the thread pool should.</summary>
    public bool TryTake(IRunnable turn)
    {
        if (receivedBytes > Limits.LoopTurnBytes || waiting.Count >= Limits.LoopTurnsWaiting || elsewhereUntil != 0) return false;
        waiting.Enqueue(turn);
        return true;
    }

    /// <summary>Runs what was taken, in order, and what that leads to, up to <see cref="Limits.LoopTurnsInARow"/>.</summary>
    public void Run()
    {
        if (elsewhereUntil != 0 && Stopwatch.GetTimestamp() >= elsewhereUntil) elsewhereUntil = 0;
        if (waiting.Count > 0) RunTaken();
        receivedBytes = 0;
    }

    private void RunTaken()
    {
        var began = Stopwatch.GetTimestamp();
        var isLate = receivedBytes > Limits.LoopTurnBytes;
        for (var left = Limits.LoopTurnsInARow; waiting.TryDequeue(out var turn); left--)
        {
            if (isLate || left <= 0) ThreadPool.UnsafeQueueUserWorkItem(turn, preferLocal: false);
            else RunOne(turn);
        }

        // A disk that makes writers wait would make every connection of this loop wait: for a while others do the waiting.
        var now = Stopwatch.GetTimestamp();
        if (Stopwatch.GetElapsedTime(began, now) > Limits.LoopTurnPatience) elsewhereUntil = now + (long)(Limits.LoopTurnPause.TotalSeconds * Stopwatch.Frequency);
    }

    private void RunOne(IRunnable turn)
    {
        try
        {
            turn.Run();
        }
        catch (Exception failure)
        {
            report("an actor's turn failed", failure);
        }
    }
}
