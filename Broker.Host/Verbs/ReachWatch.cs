using AkkaStream.Client.Protocol;
using AkkaStream.Client.Transport;

namespace AkkaStream.Host.Verbs;

/// <summary>Brokers that are asked and do not answer: a line when that has lasted, and one when it is over. Events in, lines out: it has neither clock nor socket.</summary>
/// <param name="goesOn">What waits for an answer, as the end of a sentence.</param>
internal sealed class ReachWatch(string goesOn)
{
    /// <summary>How long a broker may be silent before that is told, milliseconds: longer than a broker takes that is restarted in order.</summary>
    internal const long PatienceMs = 2_000;
    private readonly Dictionary<BrokerAddress, Silence> silent = [];

    /// <summary>Whether an answer is to be expected at once: those of members wait for others.</summary>
    internal static bool IsQuick(ApiKey api) => api is not (ApiKey.JoinGroup or ApiKey.SyncGroup or ApiKey.Heartbeat or ApiKey.ConsumerGroupHeartbeat);

    /// <summary>A broker is asked for something.</summary>
    internal void Asked(BrokerAddress broker, long nowMs)
    {
        if (!silent.TryGetValue(broker, out var silence))
        {
            if (silent.Count >= Limits.WatchedBrokers) return;
            silent[broker] = silence = new Silence { SinceMs = nowMs };
        }

        silence.Asked++;
    }

    /// <summary>A broker answered.</summary>
    internal string? Answered(BrokerAddress broker, long nowMs)
    {
        if (!silent.TryGetValue(broker, out var silence)) return null;
        var line = silence.IsTold ? $"{broker} is there again" : null;
        (silence.Asked, silence.SinceMs, silence.IsTold, silence.HasFailed) = (silence.Asked - 1, nowMs, false, false);
        if (silence.Asked <= 0) silent.Remove(broker);
        return line;
    }

    /// <summary>A broker was not reached, or lost.</summary>
    /// <param name="broker">Who.</param>
    /// <param name="why">A sentence with its address.</param>
    /// <param name="nowMs">The time.</param>
    internal string? Failed(BrokerAddress broker, string why, long nowMs)
    {
        if (!silent.TryGetValue(broker, out var silence)) return null;
        silence.Asked--;
        silence.HasFailed = true;
        return Tell(silence, why, nowMs);
    }

    /// <summary>Nobody waits for that answer any more.</summary>
    internal void GivenUp(BrokerAddress broker)
    {
        if (!silent.TryGetValue(broker, out var silence) || --silence.Asked > 0 || silence.HasFailed) return;
        silent.Remove(broker);
    }

    /// <summary>Time went by.</summary>
    internal string? Look(long nowMs)
    {
        foreach (var (broker, silence) in silent)
        {
            // One that failed and is not asked again is not waited for.
            if (silence.Asked > 0 && Tell(silence, $"{broker} does not answer", nowMs) is { } line) return line;
        }

        return null;
    }

    private string? Tell(Silence silence, string why, long nowMs)
    {
        if (silence.IsTold || nowMs - silence.SinceMs < PatienceMs) return null;
        silence.IsTold = true;
        return $"{why}; {goesOn}";
    }

    private sealed class Silence
    {
        public int Asked { get; set; }

        public long SinceMs { get; set; }

        public bool HasFailed { get; set; }

        public bool IsTold { get; set; }
    }
}
