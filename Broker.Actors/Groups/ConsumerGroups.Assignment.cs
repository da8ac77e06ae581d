using AkkaStream.Actors.Coordinators;
using AkkaStream.Actors.Metadata;

namespace AkkaStream.Actors.Groups;

/// <content>From subscriptions to the group's epoch, from there to the target, from there to what a member has.</content>
internal sealed partial class ConsumerGroups
{
    private const ulong HashSeed = 14695981039346656037;

    /// <summary>Takes in what a member says; where that, or the topics, changed anything, the group's epoch rises.</summary>
    public void Subscribe(ConsumerGroup group, ConsumerMember before, ConsumerMember member, bool isJoin)
    {
        var isNew = !group.Members.ContainsKey(member.Id);
        var changed = isNew || !member.SaysTheSame(before);
        group.Put(member);
        if (changed) records.Member(group, member);
        if ((before.Pattern ?? "") != (member.Pattern ?? "") || isNew) ResolveNew(group, before.Pattern, member.Pattern);
        var rises = isNew || !member.Topics.SequenceEqual(before.Topics) || (before.Pattern ?? "") != (member.Pattern ?? "") || before.Assignor != member.Assignor || before.RackId != member.RackId;
        if (rises || isJoin || !ReferenceEquals(group.SeenTopics, Image.Topics))
        {
            RefreshPatterns(group);
            var hash = HashOf(group);
            rises |= hash != group.TopicsHash;
            group.TopicsHash = hash;
            group.SeenTopics = Image.Topics;
        }

        if (rises) Rise(group);
    }

    /// <summary>Makes the target anew where the group's epoch has risen above it; soon, where that was done a short time ago and it need not be at once.</summary>
    public void Assign(ConsumerGroup group, bool atOnce = false)
    {
        if (group.Epoch <= group.TargetEpoch) return;
        var interval = Own(group.Id, "consumer.assignment.interval.ms", space.Settings.ConsumerAssignmentInterval);
        // Never longer than that, whatever became of the clock since.
        var wait = Math.Min(interval, group.AssignedAtMs + interval - space.NowMs);
        if (wait > 0 && !atOnce)
        {
            var timer = new GroupTimer(GroupTimerKind.ConsumerAssignment, group.Id, "");
            if (!space.Timers.Has(timer)) space.After(wait, timer);
            return;
        }

        Divide(group);
        group.TargetEpoch = group.Epoch;
        group.AssignedAtMs = space.NowMs;
        records.TargetEpoch(group);
    }

    private void Divide(ConsumerGroup group)
    {
        var partitions = new Dictionary<Guid, int>();
        var members = new List<AssignorMember>(group.Members.Count);
        foreach (var member in group.Members.Values)
        {
            var topics = new List<Guid>();
            foreach (var name in group.TopicsOf(member))
            {
                if (!Image.Topics.TryGetValue(name, out var topic)) continue;
                topics.Add(topic.Id);
                partitions[topic.Id] = topic.Partitions.Length;
            }

            members.Add(new AssignorMember(member.Id, member.InstanceId, topics, Existing(group.Target.GetValueOrDefault(member.Id, PartitionMap.Empty)), member.RackId));
        }

        if (members.Count == 0) return;
        foreach (var (id, target) in ServerAssignors.Assign(AssignorOf(group), members, partitions, RacksOf))
        {
            if (group.Target.TryGetValue(id, out var before) && before.IsSame(target)) continue;
            group.Target[id] = target;
            records.Target(group, id, target);
        }
    }

    private List<List<string>>? RacksOf(Guid topic)
    {
        if (space.Environment.RackOf is not { } rackOf || Image.TopicOf(topic) is not { } known) return null;
        var racks = known.Partitions.Select(p => p.Replicas.Select(rackOf).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList()).ToList();
        return racks.Exists(r => r.Count > 0) ? racks : null;
    }

    /// <summary>Leads a member a step towards its target.</summary>
    public ConsumerMember Reconcile(ConsumerGroup group, ConsumerMember member, PartitionMap? owned)
    {
        var next = Reconciler.Step(group, member, owned);
        if (ReferenceEquals(next, member)) return member;
        var isSame = next.Epoch == member.Epoch && next.PreviousEpoch == member.PreviousEpoch && next.State == member.State && next.Assigned.IsSame(member.Assigned) && next.Revoking.IsSame(member.Revoking);
        if (isSame) return member;
        Put(group, next);
        if (next.State != ConsumerMemberState.Unrevoked) Clear(GroupTimerKind.ConsumerRebalance, group, next.Id);
        else if (member.State != ConsumerMemberState.Unrevoked) space.After(next.RebalanceTimeoutMs, new GroupTimer(GroupTimerKind.ConsumerRebalance, group.Id, next.Id));
        return next;
    }

    /// <summary>The assignor that most members ask for, else the broker's first.</summary>
    public string AssignorOf(ConsumerGroup group)
    {
        var votes = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var member in group.Members.Values)
        {
            if (member.Assignor is { } wanted && ServerAssignors.IsKnown(wanted)) votes[wanted] = votes.GetValueOrDefault(wanted) + 1;
        }

        if (votes.Count > 0) return votes.MaxBy(v => v.Value).Key;
        return space.Settings.ConsumerAssignors.FirstOrDefault(ServerAssignors.IsKnown) ?? ServerAssignors.Uniform;
    }

    private void Rise(ConsumerGroup group)
    {
        group.Epoch++;
        records.Epoch(group);
    }

    private PartitionMap Existing(PartitionMap target)
        => target.Topics.Keys.All(t => Image.Names.ContainsKey(t)) ? target : PartitionMap.Of(target.All.Where(p => Image.Names.ContainsKey(p.Topic)));

    private void ResolveNew(ConsumerGroup group, string? before, string? now)
    {
        Forget(group, before);
        if (string.IsNullOrEmpty(now) || group.Patterns.ContainsKey(now)) return;
        var resolved = Resolve(now);
        group.Patterns[now] = resolved;
        records.Pattern(group, now, resolved);
    }

    private void Forget(ConsumerGroup group, string? pattern)
    {
        if (string.IsNullOrEmpty(pattern) || group.Members.Values.Any(m => m.Pattern == pattern) || !group.Patterns.Remove(pattern)) return;
        records.Pattern(group, pattern, null);
    }

    // Topics came or went: patterns are matched anew.
    private void RefreshPatterns(ConsumerGroup group)
    {
        if (group.Patterns.Count == 0 || ReferenceEquals(group.SeenTopics, Image.Topics)) return;
        foreach (var (pattern, before) in group.Patterns.ToList())
        {
            var resolved = Resolve(pattern);
            if (resolved.Topics.SequenceEqual(before.Topics)) continue;
            group.Patterns[pattern] = resolved;
            records.Pattern(group, pattern, resolved);
        }
    }

    private ResolvedPattern Resolve(string text)
    {
        var pattern = TopicPattern.TryParse(text);
        var topics = pattern is null ? [] : Image.Topics.Keys.Where(t => !TopicNames.IsInternal(t) && pattern.Fits(t)).Order(StringComparer.Ordinal).ToList();
        return new ResolvedPattern(topics, Image.Offset, space.NowMs);
    }

    // Zero where there is nothing to read; the same for the same topics with the same partitions.
    private long HashOf(ConsumerGroup group)
    {
        var hash = HashSeed;
        var any = false;
        foreach (var name in group.AllTopics())
        {
            if (!Image.Topics.TryGetValue(name, out var topic)) continue;
            any = true;
            foreach (var b in topic.Id.ToByteArray()) hash = (hash ^ b) * 1099511628211;
            hash = (hash ^ (uint)topic.Partitions.Length) * 1099511628211;
            // A replica in another rack is a reason to assign anew (KIP-1101).
            foreach (var rack in RacksOf(topic.Id)?.SelectMany(r => r) ?? []) hash = (hash ^ (uint)CoordinatorHash.PartitionOf(rack, int.MaxValue)) * 1099511628211;
        }

        return any ? (long)hash : 0;
    }
}
