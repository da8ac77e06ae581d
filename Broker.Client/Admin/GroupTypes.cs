using AkkaStream.Client.Cluster;

namespace AkkaStream.Client.Admin;

/// <summary>A group, as a list shows it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="ProtocolType">What its members speak; empty where it only has offsets.</param>
/// <param name="State">Its state; empty where the broker does not say.</param>
/// <param name="Type"><c>classic</c>, <c>consumer</c>; empty where the broker does not say.</param>
public sealed record GroupListing(string Id, string ProtocolType, string State, string Type);

/// <summary>A member of a group.</summary>
/// <param name="Id">Its id.</param>
/// <param name="InstanceId">Its instance id, or null.</param>
/// <param name="ClientId">Its client's name.</param>
/// <param name="Host">Its address.</param>
/// <param name="Partitions">What it has.</param>
/// <param name="Target">What it is to have; the same in a classic group.</param>
/// <param name="Epoch">Its epoch, or -1 in a classic group.</param>
public sealed record GroupMember(string Id, string? InstanceId, string ClientId, string Host, IReadOnlyList<TopicPartition> Partitions, IReadOnlyList<TopicPartition> Target, int Epoch);

/// <summary>A group, looked into.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Type"><c>classic</c> or <c>consumer</c>.</param>
/// <param name="State">Its state.</param>
/// <param name="Assignor">How it assigns; empty where it does not.</param>
/// <param name="Coordinator">Its coordinator's broker id.</param>
/// <param name="CoordinatorAddress">Where that is.</param>
/// <param name="Epoch">The group's epoch, or -1 in a classic group.</param>
/// <param name="TargetEpoch">The epoch of its target assignment, or -1 in a classic group.</param>
/// <param name="Members">Its members.</param>
public sealed record GroupDescription(string Id, string Type, string State, string Assignor, int Coordinator, string CoordinatorAddress, int Epoch, int TargetEpoch, IReadOnlyList<GroupMember> Members);

/// <summary>What a group committed for a partition.</summary>
/// <param name="Offset">The offset that comes next.</param>
/// <param name="LeaderEpoch">Of the last record read, or -1.</param>
/// <param name="Metadata">The client's own words.</param>
public readonly record struct GroupOffset(long Offset, int LeaderEpoch, string Metadata);
