using AkkaStream.Client.Protocol;

namespace AkkaStream.Host.Dump;

/// <summary>The records of Kafka's internal topics by their types.</summary>
internal static class DecodedTypes
{
    /// <summary>Key and value of a coordinator's record, empty; null where the topic has no such type.</summary>
    internal static (IApiMessage Key, IApiMessage Value)? Coordinators(DumpDecoder decoder, short type) => decoder switch
    {
        DumpDecoder.Transactions when type == 0 => (new TransactionLogKey(), new TransactionLogValue()),
        DumpDecoder.ShareGroupState when type == 0 => (new ShareSnapshotKey(), new ShareSnapshotValue()),
        DumpDecoder.ShareGroupState when type == 1 => (new ShareUpdateKey(), new ShareUpdateValue()),
        DumpDecoder.Offsets => type < 10 ? Groups(type) : type < 17 ? ShareGroups(type) : StreamsGroups(type),
        _ => null,
    };

    /// <summary>Name and body of a controller's event; null where there is no such type.</summary>
    internal static (string Name, IApiMessage Body)? Event(int type) => type < 14 ? EarlyEvent(type) : LaterEvent(type);

    private static (IApiMessage, IApiMessage)? Groups(short type) => type switch
    {
        0 => (new LegacyOffsetCommitKey(), new LegacyOffsetCommitValue()),
        1 => (new OffsetCommitKey(), new OffsetCommitValue()),
        2 => (new GroupMetadataKey(), new GroupMetadataValue()),
        3 => (new ConsumerGroupMetadataKey(), new ConsumerGroupMetadataValue()),
        4 => (new ConsumerGroupPartitionMetadataKey(), new ConsumerGroupPartitionMetadataValue()),
        5 => (new ConsumerGroupMemberMetadataKey(), new ConsumerGroupMemberMetadataValue()),
        6 => (new ConsumerGroupTargetAssignmentMetadataKey(), new ConsumerGroupTargetAssignmentMetadataValue()),
        7 => (new ConsumerGroupTargetAssignmentMemberKey(), new ConsumerGroupTargetAssignmentMemberValue()),
        8 => (new ConsumerGroupCurrentMemberAssignmentKey(), new ConsumerGroupCurrentMemberAssignmentValue()),
        _ => null,
    };

    private static (IApiMessage, IApiMessage)? ShareGroups(short type) => type switch
    {
        10 => (new ShareGroupMemberMetadataKey(), new ShareGroupMemberMetadataValue()),
        11 => (new ShareGroupMetadataKey(), new ShareGroupMetadataValue()),
        12 => (new ShareGroupTargetAssignmentMetadataKey(), new ShareGroupTargetAssignmentMetadataValue()),
        13 => (new ShareGroupTargetAssignmentMemberKey(), new ShareGroupTargetAssignmentMemberValue()),
        14 => (new ShareGroupCurrentMemberAssignmentKey(), new ShareGroupCurrentMemberAssignmentValue()),
        15 => (new ShareGroupStatePartitionMetadataKey(), new ShareGroupStatePartitionMetadataValue()),
        16 => (new ConsumerGroupRegularExpressionKey(), new ConsumerGroupRegularExpressionValue()),
        _ => null,
    };

    private static (IApiMessage, IApiMessage)? StreamsGroups(short type) => type switch
    {
        17 => (new StreamsGroupMetadataKey(), new StreamsGroupMetadataValue()),
        19 => (new StreamsGroupMemberMetadataKey(), new StreamsGroupMemberMetadataValue()),
        20 => (new StreamsGroupTargetAssignmentMetadataKey(), new StreamsGroupTargetAssignmentMetadataValue()),
        21 => (new StreamsGroupTargetAssignmentMemberKey(), new StreamsGroupTargetAssignmentMemberValue()),
        22 => (new StreamsGroupCurrentMemberAssignmentKey(), new StreamsGroupCurrentMemberAssignmentValue()),
        23 => (new StreamsGroupTopologyKey(), new StreamsGroupTopologyValue()),
        _ => null,
    };

    private static (string, IApiMessage)? EarlyEvent(int type) => type switch
    {
        0 => ("REGISTER_BROKER_RECORD", new RegisterBrokerRecord()),
        1 => ("UNREGISTER_BROKER_RECORD", new UnregisterBrokerRecord()),
        2 => ("TOPIC_RECORD", new TopicRecord()),
        3 => ("PARTITION_RECORD", new PartitionRecord()),
        4 => ("CONFIG_RECORD", new ConfigRecord()),
        5 => ("PARTITION_CHANGE_RECORD", new PartitionChangeRecord()),
        6 => ("ACCESS_CONTROL_ENTRY_RECORD", new AccessControlEntryRecord()),
        7 => ("FENCE_BROKER_RECORD", new FenceBrokerRecord()),
        8 => ("UNFENCE_BROKER_RECORD", new UnfenceBrokerRecord()),
        9 => ("REMOVE_TOPIC_RECORD", new RemoveTopicRecord()),
        10 => ("DELEGATION_TOKEN_RECORD", new DelegationTokenRecord()),
        11 => ("USER_SCRAM_CREDENTIAL_RECORD", new UserScramCredentialRecord()),
        12 => ("FEATURE_LEVEL_RECORD", new FeatureLevelRecord()),
        _ => null,
    };

    private static (string, IApiMessage)? LaterEvent(int type) => type switch
    {
        14 => ("CLIENT_QUOTA_RECORD", new ClientQuotaRecord()),
        15 => ("PRODUCER_IDS_RECORD", new ProducerIdsRecord()),
        17 => ("BROKER_REGISTRATION_CHANGE_RECORD", new BrokerRegistrationChangeRecord()),
        18 => ("REMOVE_ACCESS_CONTROL_ENTRY_RECORD", new RemoveAccessControlEntryRecord()),
        20 => ("NO_OP_RECORD", new NoOpRecord()),
        21 => ("ZK_MIGRATION_STATE_RECORD", new ZkMigrationStateRecord()),
        22 => ("REMOVE_USER_SCRAM_CREDENTIAL_RECORD", new RemoveUserScramCredentialRecord()),
        23 => ("BEGIN_TRANSACTION_RECORD", new BeginTransactionRecord()),
        24 => ("END_TRANSACTION_RECORD", new EndTransactionRecord()),
        25 => ("ABORT_TRANSACTION_RECORD", new AbortTransactionRecord()),
        26 => ("REMOVE_DELEGATION_TOKEN_RECORD", new RemoveDelegationTokenRecord()),
        27 => ("REGISTER_CONTROLLER_RECORD", new RegisterControllerRecord()),
        28 => ("CLEAR_ELR_RECORD", new ClearElrRecord()),
        _ => null,
    };
}
