using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Metadata.Decisions;

/// <summary>How a leader is looked for.</summary>
internal enum Election
{
    /// <summary>The leader stays if it can; otherwise the first replica that is alive and has every committed record.</summary>
    Online,

    /// <summary>The first replica leads if it can; otherwise as <see cref="Online"/>.</summary>
    Preferred,

    /// <summary>As <see cref="Online"/>; where nobody can, any replica that is alive.</summary>
    Unclean,
}

/// <summary>
/// One partition on its way to its next state: what is wanted is set, and <see cref="Build"/> makes the one event of it, with everything that follows: a reassignment that is
/// complete ends, whoever may not lead any more is replaced, who left the in-sync set stays eligible while that is known to be safe.
/// Never leaves the in-sync set empty: the last member stays in it, whatever became of its broker.
/// </summary>
/// <param name="topicId">The topic.</param>
/// <param name="partition">The partition now.</param>
/// <param name="isActive">Which brokers may lead.</param>
/// <param name="minInSync">The topic's <c>min.insync.replicas</c>.</param>
internal sealed class PartitionDecision(Guid topicId, PartitionImage partition, Func<int, bool> isActive, int minInSync)
{
    private List<int> inSync = [.. partition.InSync];
    private List<int> elr = [];
    private List<int> lastKnown = [];
    private int leader = partition.Leader;

    /// <summary>The wanted replicas.</summary>
    public IReadOnlyList<int> Replicas { get; set; } = partition.Replicas;

    /// <summary>Replicas that are being added.</summary>
    public IReadOnlyList<int> Adding { get; set; } = partition.Adding;

    /// <summary>Replicas that are being removed.</summary>
    public IReadOnlyList<int> Removing { get; set; } = partition.Removing;

    /// <summary>How a leader is looked for.</summary>
    public Election Election { get; set; }

    /// <summary>A broker that restarted uncleanly: what it had in its log it may have no more, so it is neither in sync nor eligible. -1 where there is none.</summary>
    public int Unclean { get; set; } = PartitionImage.NoLeader;

    /// <summary>Whether that broker came back with none of its directories: it leads nothing that another replica has something of.</summary>
    public bool IsEmpty { get; set; }

    /// <summary>Whether that broker cannot get at its log: it does not lead before its next life.</summary>
    public bool IsOffline { get; set; }

    /// <summary>A broker that began another life after an orderly stop. -1 where there is none.</summary>
    public int Returned { get; set; } = PartitionImage.NoLeader;

    /// <summary>The wanted in-sync set.</summary>
    public void SetInSync(IEnumerable<int> brokers) => inSync = [.. brokers];

    /// <summary>Takes a broker out of the in-sync set.</summary>
    public void Leave(int broker) => inSync.Remove(broker);

    /// <summary>The event that does it, or null where nothing changes.</summary>
    public PartitionChangeRecord? Build()
    {
        CompleteReassignment();
        SetEligible();
        Elect();
        KeepLast();
        if (leader != PartitionImage.NoLeader) ForgetLastKnown();
        var record = new PartitionChangeRecord { TopicId = topicId, PartitionId = partition.Index };
        var changes = false;
        record.Replicas = Changed(Replicas, partition.Replicas, ref changes);
        record.AddingReplicas = Changed(Adding, partition.Adding, ref changes);
        record.RemovingReplicas = Changed(Removing, partition.Removing, ref changes);
        record.Isr = Changed(inSync, partition.InSync, ref changes);
        record.EligibleLeaderReplicas = Changed(elr, partition.Elr, ref changes);
        record.LastKnownElr = Changed(lastKnown, partition.LastKnownElr, ref changes);
        // A leader that lost followers for good begins an epoch, so that they are refused.
        if (leader != partition.Leader || partition.Replicas.Any(r => !PartitionImage.Contains(Replicas, r)))
        {
            record.Leader = leader;
            changes = true;
        }

        return changes ? record : null;
    }

    private static List<int>? Changed(IReadOnlyList<int> wanted, IReadOnlyList<int> now, ref bool changes)
    {
        if (BrokerLists.Same(wanted, now)) return null;
        changes = true;
        return [.. wanted];
    }

    // Ends when those that are added are in sync and one that stays can lead.
    private void CompleteReassignment()
    {
        if (Adding.Count == 0 && Removing.Count == 0) return;
        var staying = inSync.Where(r => !PartitionImage.Contains(Removing, r)).ToList();
        if (!Adding.All(staying.Contains) || !staying.Any(isActive)) return;
        inSync = staying;
        Replicas = [.. Replicas.Where(r => !PartitionImage.Contains(Removing, r))];
        (Adding, Removing) = ([], []);
    }

    // While fewer are in sync than an acknowledgement by all needs, the high watermark stands still: whoever left since then has every committed record (KIP-966).
    private void SetEligible()
    {
        lastKnown = [.. partition.LastKnownElr.Where(PartitionHas)];
        if (Unclean >= 0 && (partition.IsInSync(Unclean) || PartitionImage.Contains(partition.Elr, Unclean)) && !inSync.Contains(Unclean) && IsUnderMin && !lastKnown.Contains(Unclean)) lastKnown.Add(Unclean);
        if (!IsUnderMin) return;
        var known = partition.Elr.Concat(partition.InSync.Where(r => !PartitionImage.Contains(partition.LastKnownElr, r)));
        elr = [.. known.Distinct().Where(r => r != Unclean && PartitionHas(r) && !inSync.Contains(r))];
    }

    private bool IsUnderMin => inSync.Count < Math.Min(minInSync, Replicas.Count);

    private bool PartitionHas(int broker) => PartitionImage.Contains(Replicas, broker);

    private bool CanLead(int broker) => broker >= 0 && PartitionHas(broker) && isActive(broker) && ((inSync.Contains(broker) && !lastKnown.Contains(broker)) || elr.Contains(broker));

    private void Elect()
    {
        var next = Candidate();
        if (next < 0 && Election == Election.Unclean)
        {
            next = Replicas.Where(r => isActive(r) && !lastKnown.Contains(r)).Concat(Replicas.Where(isActive)).FirstOrDefault(PartitionImage.NoLeader);
            if (next >= 0) (inSync, elr, lastKnown) = ([next], [], []);
        }

        leader = next;
        if (next < 0 || inSync.Contains(next)) return;
        // It has all that was committed; those that were in sync have too, and are no more than eligible until it finds that they caught up.
        elr.Remove(next);
        elr.AddRange(inSync.Where(r => r != Unclean && partition.IsInSync(r) && !elr.Contains(r)));
        inSync = [next];
    }

    private int Candidate()
    {
        if (Election == Election.Preferred && Replicas.Count > 0 && CanLead(Replicas[0])) return Replicas[0];
        if (CanLead(partition.Leader)) return partition.Leader;
        foreach (var replica in Replicas)
        {
            if (inSync.Contains(replica) && CanLead(replica)) return replica;
        }

        return Replicas.FirstOrDefault(CanLead, PartitionImage.NoLeader);
    }

    // Nobody can lead and nobody is in sync: who was last stays, unless another is known to have more.
    private void KeepLast()
    {
        if (inSync.Count > 0) return;
        inSync = [.. partition.InSync.Where(r => r != Unclean && PartitionHas(r))];
        if (inSync.Count == 0 && elr.Count > 0) inSync = [elr[0]];
        if (inSync.Count == 0) inSync = [.. partition.InSync.Where(PartitionHas)];
        // Only where a move that must not be stopped was stopped.
        if (inSync.Count == 0) inSync = [Replicas[0]];
        elr.RemoveAll(inSync.Contains);
        // Whatever it could not get at before: nobody else has anything.
        if (Replicas.Count == 1) lastKnown.Remove(Returned);
        if (!inSync.Contains(Unclean)) return;
        if (!IsOffline && (!IsEmpty || Replicas.Count == 1)) lastKnown.Remove(Unclean);
        else if (!lastKnown.Contains(Unclean)) lastKnown.Add(Unclean);
    }

    private void ForgetLastKnown() => lastKnown = IsUnderMin ? [.. lastKnown.Where(r => !inSync.Contains(r))] : [];
}
