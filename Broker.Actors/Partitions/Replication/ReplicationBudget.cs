using Akka.Actor;

namespace AkkaStream.Actors.Partitions.Replication;

/// <summary>
/// Bytes that may be on their way to one follower's broker at a time, over all partitions: more would only wait in this process. Whoever finds it used up is told when there is room again,
/// in the order of asking. Safe from any thread.
/// </summary>
/// <param name="limit">Bytes for each broker.</param>
public sealed class ReplicationBudget(long limit)
{
    private readonly Lock gate = new();
    private readonly Dictionary<int, Account> accounts = [];

    /// <summary>Bytes on their way to a broker.</summary>
    public long UnderWay(int broker)
    {
        lock (gate) return accounts.TryGetValue(broker, out var account) ? account.Used : 0;
    }

    /// <summary>Takes bytes where there are any left, else notes who is to be told; a little more than the limit may be taken, so that the largest batch goes too.</summary>
    public bool TryTake(int broker, long bytes, IActorRef asking)
    {
        lock (gate)
        {
            if (!accounts.TryGetValue(broker, out var account)) accounts.Add(broker, account = new Account());
            if (account.Used < limit)
            {
                account.Used += bytes;
                return true;
            }

            if (account.Noted.Add(asking)) account.Waiting.Enqueue(asking);
            return false;
        }
    }

    /// <summary>They have arrived, or never will.</summary>
    public void Give(int broker, long bytes)
    {
        if (bytes == 0) return;
        List<IActorRef>? woken = null;
        lock (gate)
        {
            if (!accounts.TryGetValue(broker, out var account)) return;
            account.Used -= bytes;
            // As many as there is room for: one that is gone, or needs nothing any more, holds up nobody.
            for (var room = limit - account.Used; room > 0 && account.Waiting.TryDequeue(out var next); room -= Limits.ReplicaChunkBytes)
            {
                account.Noted.Remove(next);
                (woken ??= []).Add(next);
            }
        }

        if (woken is null) return;
        foreach (var next in woken) next.Tell(SendMore.Instance, ActorRefs.NoSender);
    }

    private sealed class Account
    {
        public long Used { get; set; }

        public Queue<IActorRef> Waiting { get; } = new();

        public HashSet<IActorRef> Noted { get; } = [];
    }
}

/// <summary>Tells a leader that there is room on the way to a follower again.</summary>
internal sealed record SendMore
{
    public static readonly SendMore Instance = new();
}
