namespace Akka.TestKit;

/// <summary>Lets threads go on when so many of them wait at it. Waiting has a limit, past which it throws <see cref="TimeoutException"/>.</summary>
public class TestBarrier(TestKitBase testKit, int count, TimeSpan? defaultTimeout = null)
{
    /// <summary>How long <see cref="Await()"/> waits where nothing else is said: 5 s.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(5);

    private readonly Barrier _barrier = new(count);

    /// <summary>Waits for the others.</summary>
    public void Await() => Await(defaultTimeout ?? DefaultTimeout);

    /// <summary>Waits for the others.</summary>
    public void Await(TimeSpan timeout)
    {
        var patience = testKit.Dilated(timeout);
        if (!_barrier.SignalAndWait(patience)) throw new TimeoutException($"{_barrier.ParticipantsRemaining} did not come to the barrier within {patience}");
    }

    /// <summary>Makes it as new.</summary>
    public void Reset()
    {
        _barrier.RemoveParticipants(count);
        _barrier.AddParticipants(count);
    }
}
