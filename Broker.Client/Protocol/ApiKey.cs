namespace AkkaStream.Client.Protocol;

/// <summary>The APIs of Kafka's protocol, by their key on the wire.</summary>
public enum ApiKey : short
{
    /// <summary>No API: data, headers, records.</summary>
    None = -1,

    /// <summary>Produce.</summary>
    Produce = 0,

    /// <summary>Fetch.</summary>
    Fetch = 1,

    /// <summary>ListOffsets.</summary>
    ListOffsets = 2,

    /// <summary>Metadata.</summary>
    Metadata = 3,

    /// <summary>OffsetCommit.</summary>
    OffsetCommit = 8,

    /// <summary>OffsetFetch.</summary>
    OffsetFetch = 9,

    /// <summary>FindCoordinator.</summary>
    FindCoordinator = 10,

    /// <summary>JoinGroup.</summary>
    JoinGroup = 11,

    /// <summary>Heartbeat.</summary>
    Heartbeat = 12,

    /// <summary>LeaveGroup.</summary>
    LeaveGroup = 13,

    /// <summary>SyncGroup.</summary>
    SyncGroup = 14,

    /// <summary>DescribeGroups.</summary>
    DescribeGroups = 15,

    /// <summary>ListGroups.</summary>
    ListGroups = 16,

    /// <summary>SaslHandshake.</summary>
    SaslHandshake = 17,

    /// <summary>ApiVersions.</summary>
    ApiVersions = 18,

    /// <summary>CreateTopics.</summary>
    CreateTopics = 19,

    /// <summary>DeleteTopics.</summary>
    DeleteTopics = 20,

    /// <summary>DeleteRecords.</summary>
    DeleteRecords = 21,

    /// <summary>InitProducerId.</summary>
    InitProducerId = 22,

    /// <summary>OffsetForLeaderEpoch.</summary>
    OffsetForLeaderEpoch = 23,

    /// <summary>AddPartitionsToTxn.</summary>
    AddPartitionsToTxn = 24,

    /// <summary>AddOffsetsToTxn.</summary>
    AddOffsetsToTxn = 25,

    /// <summary>EndTxn.</summary>
    EndTxn = 26,

    /// <summary>WriteTxnMarkers.</summary>
    WriteTxnMarkers = 27,

    /// <summary>TxnOffsetCommit.</summary>
    TxnOffsetCommit = 28,

    /// <summary>DescribeAcls.</summary>
    DescribeAcls = 29,

    /// <summary>CreateAcls.</summary>
    CreateAcls = 30,

    /// <summary>DeleteAcls.</summary>
    DeleteAcls = 31,

    /// <summary>DescribeConfigs.</summary>
    DescribeConfigs = 32,

    /// <summary>AlterConfigs.</summary>
    AlterConfigs = 33,

    /// <summary>AlterReplicaLogDirs.</summary>
    AlterReplicaLogDirs = 34,

    /// <summary>DescribeLogDirs.</summary>
    DescribeLogDirs = 35,

    /// <summary>SaslAuthenticate.</summary>
    SaslAuthenticate = 36,

    /// <summary>CreatePartitions.</summary>
    CreatePartitions = 37,

    /// <summary>CreateDelegationToken.</summary>
    CreateDelegationToken = 38,

    /// <summary>RenewDelegationToken.</summary>
    RenewDelegationToken = 39,

    /// <summary>ExpireDelegationToken.</summary>
    ExpireDelegationToken = 40,

    /// <summary>DescribeDelegationToken.</summary>
    DescribeDelegationToken = 41,

    /// <summary>DeleteGroups.</summary>
    DeleteGroups = 42,

    /// <summary>ElectLeaders.</summary>
    ElectLeaders = 43,

    /// <summary>IncrementalAlterConfigs.</summary>
    IncrementalAlterConfigs = 44,

    /// <summary>AlterPartitionReassignments.</summary>
    AlterPartitionReassignments = 45,

    /// <summary>ListPartitionReassignments.</summary>
    ListPartitionReassignments = 46,

    /// <summary>OffsetDelete.</summary>
    OffsetDelete = 47,

    /// <summary>DescribeClientQuotas.</summary>
    DescribeClientQuotas = 48,

    /// <summary>AlterClientQuotas.</summary>
    AlterClientQuotas = 49,

    /// <summary>DescribeUserScramCredentials.</summary>
    DescribeUserScramCredentials = 50,

    /// <summary>AlterUserScramCredentials.</summary>
    AlterUserScramCredentials = 51,

    /// <summary>Vote.</summary>
    Vote = 52,

    /// <summary>BeginQuorumEpoch.</summary>
    BeginQuorumEpoch = 53,

    /// <summary>EndQuorumEpoch.</summary>
    EndQuorumEpoch = 54,

    /// <summary>DescribeQuorum.</summary>
    DescribeQuorum = 55,

    /// <summary>AlterPartition.</summary>
    AlterPartition = 56,

    /// <summary>UpdateFeatures.</summary>
    UpdateFeatures = 57,

    /// <summary>Envelope.</summary>
    Envelope = 58,

    /// <summary>FetchSnapshot.</summary>
    FetchSnapshot = 59,

    /// <summary>DescribeCluster.</summary>
    DescribeCluster = 60,

    /// <summary>DescribeProducers.</summary>
    DescribeProducers = 61,

    /// <summary>BrokerRegistration.</summary>
    BrokerRegistration = 62,

    /// <summary>BrokerHeartbeat.</summary>
    BrokerHeartbeat = 63,

    /// <summary>UnregisterBroker.</summary>
    UnregisterBroker = 64,

    /// <summary>DescribeTransactions.</summary>
    DescribeTransactions = 65,

    /// <summary>ListTransactions.</summary>
    ListTransactions = 66,

    /// <summary>AllocateProducerIds.</summary>
    AllocateProducerIds = 67,

    /// <summary>ConsumerGroupHeartbeat.</summary>
    ConsumerGroupHeartbeat = 68,

    /// <summary>ConsumerGroupDescribe.</summary>
    ConsumerGroupDescribe = 69,

    /// <summary>ControllerRegistration.</summary>
    ControllerRegistration = 70,

    /// <summary>GetTelemetrySubscriptions.</summary>
    GetTelemetrySubscriptions = 71,

    /// <summary>PushTelemetry.</summary>
    PushTelemetry = 72,

    /// <summary>AssignReplicasToDirs.</summary>
    AssignReplicasToDirs = 73,

    /// <summary>ListConfigResources.</summary>
    ListConfigResources = 74,

    /// <summary>DescribeTopicPartitions.</summary>
    DescribeTopicPartitions = 75,

    /// <summary>ShareGroupHeartbeat.</summary>
    ShareGroupHeartbeat = 76,

    /// <summary>ShareGroupDescribe.</summary>
    ShareGroupDescribe = 77,

    /// <summary>ShareFetch.</summary>
    ShareFetch = 78,

    /// <summary>ShareAcknowledge.</summary>
    ShareAcknowledge = 79,

    /// <summary>AddRaftVoter.</summary>
    AddRaftVoter = 80,

    /// <summary>RemoveRaftVoter.</summary>
    RemoveRaftVoter = 81,

    /// <summary>UpdateRaftVoter.</summary>
    UpdateRaftVoter = 82,

    /// <summary>InitializeShareGroupState.</summary>
    InitializeShareGroupState = 83,

    /// <summary>ReadShareGroupState.</summary>
    ReadShareGroupState = 84,

    /// <summary>WriteShareGroupState.</summary>
    WriteShareGroupState = 85,

    /// <summary>DeleteShareGroupState.</summary>
    DeleteShareGroupState = 86,

    /// <summary>ReadShareGroupStateSummary.</summary>
    ReadShareGroupStateSummary = 87,

    /// <summary>StreamsGroupHeartbeat.</summary>
    StreamsGroupHeartbeat = 88,

    /// <summary>StreamsGroupDescribe.</summary>
    StreamsGroupDescribe = 89,

    /// <summary>DescribeShareGroupOffsets.</summary>
    DescribeShareGroupOffsets = 90,

    /// <summary>AlterShareGroupOffsets.</summary>
    AlterShareGroupOffsets = 91,

    /// <summary>DeleteShareGroupOffsets.</summary>
    DeleteShareGroupOffsets = 92,
}
