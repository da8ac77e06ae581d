namespace AkkaStream.Actors.Groups;

/// <summary>
/// Leads one member from what it has to what it is to have, without a moment in which two members have the same partition: it gives back first, and
/// takes what others have given back (KIP-848).
/// </summary>
internal static class Reconciler
{
    /// <summary>The member after this step.</summary>
    /// <param name="group">Its group: tells what others have.</param>
    /// <param name="member">The member.</param>
    /// <param name="owned">What it says it has; null where it does not say.</param>
    public static ConsumerMember Step(ConsumerGroup group, ConsumerMember member, PartitionMap? owned)
    {
        var target = group.Target.GetValueOrDefault(member.Id, PartitionMap.Empty);
        switch (member.State)
        {
            case ConsumerMemberState.Stable when member.Epoch == group.TargetEpoch: return member;
            // It has not said that it let go, or has not let go of everything.
            case ConsumerMemberState.Unrevoked when owned is null || owned.Overlaps(member.Revoking): return member;
            default: return Next(group, member, target, owned);
        }
    }

    private static ConsumerMember Next(ConsumerGroup group, ConsumerMember member, PartitionMap target, PartitionMap? owned)
    {
        var kept = PartitionMap.Of(member.Assigned.All.Where(p => target.Has(p.Topic, p.Partition)));
        var revoking = PartitionMap.Of(member.Assigned.All.Where(p => !target.Has(p.Topic, p.Partition)));
        // One that says it has nothing of it has given it back already.
        if (revoking.Count > 0 && (owned is null || owned.Overlaps(revoking)))
        {
            return member with { State = ConsumerMemberState.Unrevoked, Assigned = kept, Revoking = revoking };
        }

        var free = new List<(Guid, int)>();
        var waits = false;
        foreach (var (topic, partition) in target.All)
        {
            if (kept.Has(topic, partition)) continue;
            if (group.IsTaken(topic, partition, member.Id)) waits = true;
            else free.Add((topic, partition));
        }

        return member with
        {
            State = waits ? ConsumerMemberState.Unreleased : ConsumerMemberState.Stable,
            PreviousEpoch = member.Epoch == group.TargetEpoch ? member.PreviousEpoch : member.Epoch,
            Epoch = group.TargetEpoch,
            Assigned = free.Count == 0 ? kept : PartitionMap.Of(kept.All.Concat(free)),
            Revoking = PartitionMap.Empty,
        };
    }
}
