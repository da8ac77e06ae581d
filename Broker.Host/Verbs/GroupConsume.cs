using AkkaStream.Client.Cluster;
using AkkaStream.Client.Consumer;
using AkkaStream.Client.Consumer.Groups;

namespace AkkaStream.Host.Verbs;

/// <summary>A group and how to belong to it.</summary>
/// <param name="Group">Its id.</param>
/// <param name="Protocol">Who divides its partitions.</param>
/// <param name="InstanceId">A name that outlives the process, or null.</param>
internal sealed record GroupPlan(string Group, GroupProtocol Protocol, string? InstanceId);

/// <summary><c>consume --group</c>: a member of a group, whose partitions come and go.</summary>
/// <param name="session">The connection.</param>
/// <param name="membership">The group and how to belong to it.</param>
/// <param name="plan">What to read, and how far.</param>
/// <param name="tell">Takes a line about what the member has; null for silence.</param>
internal sealed class GroupConsume(ClientSession session, GroupPlan membership, ConsumePlan plan, Action<string>? tell)
{
    /// <summary>Reads until so many records were read, the end is reached, or it is given up.</summary>
    internal async Task Run(Action<ConsumedRecord> take, Action flush, CancellationToken cancellation)
    {
        if (plan.Partitions.Length > 0 || plan.Offset is not ("earliest" or "latest")) throw new FormatException("--group: the group gives partitions and offsets; leave out --partition and --offset");
        await session.Admin.DescribeTopicAsync(plan.Topic, cancellation);
        var options = new GroupOptions { GroupId = membership.Group, Topics = [plan.Topic], Protocol = membership.Protocol, InstanceId = membership.InstanceId, Reset = plan.Offset == "earliest" ? AutoOffsetReset.Earliest : AutoOffsetReset.Latest };
        var consumer = new GroupConsumer(session.Cluster, options, new FetchOptions { Isolation = plan.Isolation })
        {
            Assigned = (partitions, _) => Tell($"assigned {Show(partitions)}"),
            Revoked = (partitions, _) => Tell($"revoked {Show(partitions)}"),
            Lost = (partitions, _) => Tell($"lost {Show(partitions)}"),
        };
        try
        {
            for (var left = plan.MaxMessages; left > 0 && !(plan.ExitAtEnd && IsAtEnd(consumer));)
            {
                using var polled = await consumer.PollAsync(TimeSpan.FromMilliseconds(500), cancellation);
                left = Take(consumer, polled, left, take);
                flush();
            }
        }
        finally
        {
            await Leave(consumer, cancellation);
        }
    }

    // Whoever pressed Ctrl-C does not wait for a broker that is away.
    private async Task Leave(GroupConsumer consumer, CancellationToken cancellation)
    {
        var leaving = consumer.DisposeAsync().AsTask();
        if (cancellation.IsCancellationRequested && await Task.WhenAny(leaving, Task.Delay(VerbProgram.Farewell, CancellationToken.None)) != leaving)
        {
            tell?.Invoke($"group {membership.Group} could not be told: what was read last was not committed and may be read again");
            return;
        }

        await leaving;
    }

    private ValueTask Tell(string line)
    {
        tell?.Invoke(line);
        return default;
    }

    // What is not shown is not read: the next member begins with it.
    private static long Take(GroupConsumer consumer, Polled polled, long left, Action<ConsumedRecord> take)
    {
        foreach (var record in polled)
        {
            if (left > 0)
            {
                left--;
                take(record);
            }
            else if (consumer.Position(record.Partition) > record.Offset)
            {
                consumer.Seek(record.Partition, record.Offset);
            }
        }

        return left;
    }

    private static bool IsAtEnd(GroupConsumer consumer)
        => consumer.Partitions.Count > 0 && consumer.Partitions.All(p => consumer.HighWatermark(p) >= 0 && consumer.Position(p) >= consumer.HighWatermark(p));

    private static string Show(IReadOnlyList<TopicPartition> partitions) => string.Join(", ", partitions.OrderBy(p => p.Topic, StringComparer.Ordinal).ThenBy(p => p.Partition));
}
