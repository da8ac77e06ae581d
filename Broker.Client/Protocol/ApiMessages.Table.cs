namespace AkkaStream.Client.Protocol;

/// <summary>Versions and factories of the APIs.</summary>
public static partial class ApiMessages
{
    // By key, from 0 on: lowest, highest, first flexible, highest stable version.
    private static readonly ApiVersionRange[] Ranges =
    [
        new(0, 13, 9, 13), // 0 Produce
        new(0, 18, 12, 18), // 1 Fetch
        new(0, 11, 6, 11), // 2 ListOffsets
        new(0, 13, 9, 13), // 3 Metadata
        ApiVersionRange.Empty, // 4
        ApiVersionRange.Empty, // 5
        ApiVersionRange.Empty, // 6
        ApiVersionRange.Empty, // 7
        new(0, 10, 8, 10), // 8 OffsetCommit
        new(0, 10, 6, 10), // 9 OffsetFetch
        new(0, 6, 3, 6), // 10 FindCoordinator
        new(0, 9, 6, 9), // 11 JoinGroup
        new(0, 4, 4, 4), // 12 Heartbeat
        new(0, 5, 4, 5), // 13 LeaveGroup
        new(0, 5, 4, 5), // 14 SyncGroup
        new(0, 6, 5, 6), // 15 DescribeGroups
        new(0, 5, 3, 5), // 16 ListGroups
        new(0, 1, short.MaxValue, 1), // 17 SaslHandshake
        new(0, 4, 3, 4), // 18 ApiVersions
        new(0, 7, 5, 7), // 19 CreateTopics
        new(0, 6, 4, 6), // 20 DeleteTopics
        new(0, 2, 2, 2), // 21 DeleteRecords
        new(0, 6, 2, 5), // 22 InitProducerId
        new(0, 4, 4, 4), // 23 OffsetForLeaderEpoch
        new(0, 5, 3, 5), // 24 AddPartitionsToTxn
        new(0, 4, 3, 4), // 25 AddOffsetsToTxn
        new(0, 5, 3, 5), // 26 EndTxn
        new(0, 2, 1, 2), // 27 WriteTxnMarkers
        new(0, 5, 3, 5), // 28 TxnOffsetCommit
        new(0, 3, 2, 3), // 29 DescribeAcls
        new(0, 3, 2, 3), // 30 CreateAcls
        new(0, 3, 2, 3), // 31 DeleteAcls
        new(0, 4, 4, 4), // 32 DescribeConfigs
        new(0, 2, 2, 2), // 33 AlterConfigs
        new(0, 2, 2, 2), // 34 AlterReplicaLogDirs
        new(0, 5, 2, 5), // 35 DescribeLogDirs
        new(0, 2, 2, 2), // 36 SaslAuthenticate
        new(0, 3, 2, 3), // 37 CreatePartitions
        new(0, 3, 2, 3), // 38 CreateDelegationToken
        new(0, 2, 2, 2), // 39 RenewDelegationToken
        new(0, 2, 2, 2), // 40 ExpireDelegationToken
        new(0, 3, 2, 3), // 41 DescribeDelegationToken
        new(0, 2, 2, 2), // 42 DeleteGroups
        new(0, 2, 2, 2), // 43 ElectLeaders
        new(0, 1, 1, 1), // 44 IncrementalAlterConfigs
        new(0, 1, 0, 1), // 45 AlterPartitionReassignments
        new(0, 0, 0, 0), // 46 ListPartitionReassignments
        new(0, 0, short.MaxValue, 0), // 47 OffsetDelete
        new(0, 1, 1, 1), // 48 DescribeClientQuotas
        new(0, 1, 1, 1), // 49 AlterClientQuotas
        new(0, 0, 0, 0), // 50 DescribeUserScramCredentials
        new(0, 0, 0, 0), // 51 AlterUserScramCredentials
        new(0, 2, 0, 2), // 52 Vote
        new(0, 1, 1, 1), // 53 BeginQuorumEpoch
        new(0, 1, 1, 1), // 54 EndQuorumEpoch
        new(0, 2, 0, 2), // 55 DescribeQuorum
        new(0, 3, 0, 3), // 56 AlterPartition
        new(0, 2, 0, 2), // 57 UpdateFeatures
        new(0, 0, 0, 0), // 58 Envelope
        new(0, 1, 0, 1), // 59 FetchSnapshot
        new(0, 2, 0, 2), // 60 DescribeCluster
        new(0, 0, 0, 0), // 61 DescribeProducers
        new(0, 4, 0, 4), // 62 BrokerRegistration
        new(0, 2, 0, 2), // 63 BrokerHeartbeat
        new(0, 0, 0, 0), // 64 UnregisterBroker
        new(0, 0, 0, 0), // 65 DescribeTransactions
        new(0, 2, 0, 2), // 66 ListTransactions
        new(0, 0, 0, 0), // 67 AllocateProducerIds
        new(0, 1, 0, 1), // 68 ConsumerGroupHeartbeat
        new(0, 1, 0, 1), // 69 ConsumerGroupDescribe
        new(0, 0, 0, 0), // 70 ControllerRegistration
        new(0, 0, 0, 0), // 71 GetTelemetrySubscriptions
        new(0, 0, 0, 0), // 72 PushTelemetry
        new(0, 0, 0, 0), // 73 AssignReplicasToDirs
        new(0, 1, 0, 1), // 74 ListConfigResources
        new(0, 0, 0, 0), // 75 DescribeTopicPartitions
        new(0, 1, 0, 1), // 76 ShareGroupHeartbeat
        new(0, 1, 0, 1), // 77 ShareGroupDescribe
        new(0, 2, 0, 2), // 78 ShareFetch
        new(0, 2, 0, 2), // 79 ShareAcknowledge
        new(0, 1, 0, 1), // 80 AddRaftVoter
        new(0, 0, 0, 0), // 81 RemoveRaftVoter
        new(0, 0, 0, 0), // 82 UpdateRaftVoter
        new(0, 0, 0, 0), // 83 InitializeShareGroupState
        new(0, 0, 0, 0), // 84 ReadShareGroupState
        new(0, 1, 0, 1), // 85 WriteShareGroupState
        new(0, 0, 0, 0), // 86 DeleteShareGroupState
        new(0, 1, 0, 1), // 87 ReadShareGroupStateSummary
        new(0, 0, 0, 0), // 88 StreamsGroupHeartbeat
        new(0, 0, 0, 0), // 89 StreamsGroupDescribe
        new(0, 1, 0, 1), // 90 DescribeShareGroupOffsets
        new(0, 0, 0, 0), // 91 AlterShareGroupOffsets
        new(0, 0, 0, 0), // 92 DeleteShareGroupOffsets
    ];

    private static IApiMessage? RequestLow(ApiKey key) => key switch
    {
        ApiKey.Produce => new ProduceRequest(),
        ApiKey.Fetch => new FetchRequest(),
        ApiKey.ListOffsets => new ListOffsetsRequest(),
        ApiKey.Metadata => new MetadataRequest(),
        ApiKey.OffsetCommit => new OffsetCommitRequest(),
        ApiKey.OffsetFetch => new OffsetFetchRequest(),
        ApiKey.FindCoordinator => new FindCoordinatorRequest(),
        ApiKey.JoinGroup => new JoinGroupRequest(),
        ApiKey.Heartbeat => new HeartbeatRequest(),
        ApiKey.LeaveGroup => new LeaveGroupRequest(),
        ApiKey.SyncGroup => new SyncGroupRequest(),
        ApiKey.DescribeGroups => new DescribeGroupsRequest(),
        ApiKey.ListGroups => new ListGroupsRequest(),
        ApiKey.SaslHandshake => new SaslHandshakeRequest(),
        ApiKey.ApiVersions => new ApiVersionsRequest(),
        ApiKey.CreateTopics => new CreateTopicsRequest(),
        ApiKey.DeleteTopics => new DeleteTopicsRequest(),
        ApiKey.DeleteRecords => new DeleteRecordsRequest(),
        ApiKey.InitProducerId => new InitProducerIdRequest(),
        ApiKey.OffsetForLeaderEpoch => new OffsetForLeaderEpochRequest(),
        ApiKey.AddPartitionsToTxn => new AddPartitionsToTxnRequest(),
        ApiKey.AddOffsetsToTxn => new AddOffsetsToTxnRequest(),
        ApiKey.EndTxn => new EndTxnRequest(),
        ApiKey.WriteTxnMarkers => new WriteTxnMarkersRequest(),
        ApiKey.TxnOffsetCommit => new TxnOffsetCommitRequest(),
        ApiKey.DescribeAcls => new DescribeAclsRequest(),
        ApiKey.CreateAcls => new CreateAclsRequest(),
        ApiKey.DeleteAcls => new DeleteAclsRequest(),
        ApiKey.DescribeConfigs => new DescribeConfigsRequest(),
        ApiKey.AlterConfigs => new AlterConfigsRequest(),
        ApiKey.AlterReplicaLogDirs => new AlterReplicaLogDirsRequest(),
        ApiKey.DescribeLogDirs => new DescribeLogDirsRequest(),
        ApiKey.SaslAuthenticate => new SaslAuthenticateRequest(),
        ApiKey.CreatePartitions => new CreatePartitionsRequest(),
        ApiKey.CreateDelegationToken => new CreateDelegationTokenRequest(),
        ApiKey.RenewDelegationToken => new RenewDelegationTokenRequest(),
        ApiKey.ExpireDelegationToken => new ExpireDelegationTokenRequest(),
        ApiKey.DescribeDelegationToken => new DescribeDelegationTokenRequest(),
        ApiKey.DeleteGroups => new DeleteGroupsRequest(),
        ApiKey.ElectLeaders => new ElectLeadersRequest(),
        ApiKey.IncrementalAlterConfigs => new IncrementalAlterConfigsRequest(),
        ApiKey.AlterPartitionReassignments => new AlterPartitionReassignmentsRequest(),
        ApiKey.ListPartitionReassignments => new ListPartitionReassignmentsRequest(),
        ApiKey.OffsetDelete => new OffsetDeleteRequest(),
        _ => null,
    };

    private static IApiMessage? RequestHigh(ApiKey key) => key switch
    {
        ApiKey.DescribeClientQuotas => new DescribeClientQuotasRequest(),
        ApiKey.AlterClientQuotas => new AlterClientQuotasRequest(),
        ApiKey.DescribeUserScramCredentials => new DescribeUserScramCredentialsRequest(),
        ApiKey.AlterUserScramCredentials => new AlterUserScramCredentialsRequest(),
        ApiKey.Vote => new VoteRequest(),
        ApiKey.BeginQuorumEpoch => new BeginQuorumEpochRequest(),
        ApiKey.EndQuorumEpoch => new EndQuorumEpochRequest(),
        ApiKey.DescribeQuorum => new DescribeQuorumRequest(),
        ApiKey.AlterPartition => new AlterPartitionRequest(),
        ApiKey.UpdateFeatures => new UpdateFeaturesRequest(),
        ApiKey.Envelope => new EnvelopeRequest(),
        ApiKey.FetchSnapshot => new FetchSnapshotRequest(),
        ApiKey.DescribeCluster => new DescribeClusterRequest(),
        ApiKey.DescribeProducers => new DescribeProducersRequest(),
        ApiKey.BrokerRegistration => new BrokerRegistrationRequest(),
        ApiKey.BrokerHeartbeat => new BrokerHeartbeatRequest(),
        ApiKey.UnregisterBroker => new UnregisterBrokerRequest(),
        ApiKey.DescribeTransactions => new DescribeTransactionsRequest(),
        ApiKey.ListTransactions => new ListTransactionsRequest(),
        ApiKey.AllocateProducerIds => new AllocateProducerIdsRequest(),
        ApiKey.ConsumerGroupHeartbeat => new ConsumerGroupHeartbeatRequest(),
        ApiKey.ConsumerGroupDescribe => new ConsumerGroupDescribeRequest(),
        ApiKey.ControllerRegistration => new ControllerRegistrationRequest(),
        ApiKey.GetTelemetrySubscriptions => new GetTelemetrySubscriptionsRequest(),
        ApiKey.PushTelemetry => new PushTelemetryRequest(),
        ApiKey.AssignReplicasToDirs => new AssignReplicasToDirsRequest(),
        ApiKey.ListConfigResources => new ListConfigResourcesRequest(),
        ApiKey.DescribeTopicPartitions => new DescribeTopicPartitionsRequest(),
        ApiKey.ShareGroupHeartbeat => new ShareGroupHeartbeatRequest(),
        ApiKey.ShareGroupDescribe => new ShareGroupDescribeRequest(),
        ApiKey.ShareFetch => new ShareFetchRequest(),
        ApiKey.ShareAcknowledge => new ShareAcknowledgeRequest(),
        ApiKey.AddRaftVoter => new AddRaftVoterRequest(),
        ApiKey.RemoveRaftVoter => new RemoveRaftVoterRequest(),
        ApiKey.UpdateRaftVoter => new UpdateRaftVoterRequest(),
        ApiKey.InitializeShareGroupState => new InitializeShareGroupStateRequest(),
        ApiKey.ReadShareGroupState => new ReadShareGroupStateRequest(),
        ApiKey.WriteShareGroupState => new WriteShareGroupStateRequest(),
        ApiKey.DeleteShareGroupState => new DeleteShareGroupStateRequest(),
        ApiKey.ReadShareGroupStateSummary => new ReadShareGroupStateSummaryRequest(),
        ApiKey.StreamsGroupHeartbeat => new StreamsGroupHeartbeatRequest(),
        ApiKey.StreamsGroupDescribe => new StreamsGroupDescribeRequest(),
        ApiKey.DescribeShareGroupOffsets => new DescribeShareGroupOffsetsRequest(),
        ApiKey.AlterShareGroupOffsets => new AlterShareGroupOffsetsRequest(),
        ApiKey.DeleteShareGroupOffsets => new DeleteShareGroupOffsetsRequest(),
        _ => null,
    };

    private static IApiMessage? ResponseLow(ApiKey key) => key switch
    {
        ApiKey.Produce => new ProduceResponse(),
        ApiKey.Fetch => new FetchResponse(),
        ApiKey.ListOffsets => new ListOffsetsResponse(),
        ApiKey.Metadata => new MetadataResponse(),
        ApiKey.OffsetCommit => new OffsetCommitResponse(),
        ApiKey.OffsetFetch => new OffsetFetchResponse(),
        ApiKey.FindCoordinator => new FindCoordinatorResponse(),
        ApiKey.JoinGroup => new JoinGroupResponse(),
        ApiKey.Heartbeat => new HeartbeatResponse(),
        ApiKey.LeaveGroup => new LeaveGroupResponse(),
        ApiKey.SyncGroup => new SyncGroupResponse(),
        ApiKey.DescribeGroups => new DescribeGroupsResponse(),
        ApiKey.ListGroups => new ListGroupsResponse(),
        ApiKey.SaslHandshake => new SaslHandshakeResponse(),
        ApiKey.ApiVersions => new ApiVersionsResponse(),
        ApiKey.CreateTopics => new CreateTopicsResponse(),
        ApiKey.DeleteTopics => new DeleteTopicsResponse(),
        ApiKey.DeleteRecords => new DeleteRecordsResponse(),
        ApiKey.InitProducerId => new InitProducerIdResponse(),
        ApiKey.OffsetForLeaderEpoch => new OffsetForLeaderEpochResponse(),
        ApiKey.AddPartitionsToTxn => new AddPartitionsToTxnResponse(),
        ApiKey.AddOffsetsToTxn => new AddOffsetsToTxnResponse(),
        ApiKey.EndTxn => new EndTxnResponse(),
        ApiKey.WriteTxnMarkers => new WriteTxnMarkersResponse(),
        ApiKey.TxnOffsetCommit => new TxnOffsetCommitResponse(),
        ApiKey.DescribeAcls => new DescribeAclsResponse(),
        ApiKey.CreateAcls => new CreateAclsResponse(),
        ApiKey.DeleteAcls => new DeleteAclsResponse(),
        ApiKey.DescribeConfigs => new DescribeConfigsResponse(),
        ApiKey.AlterConfigs => new AlterConfigsResponse(),
        ApiKey.AlterReplicaLogDirs => new AlterReplicaLogDirsResponse(),
        ApiKey.DescribeLogDirs => new DescribeLogDirsResponse(),
        ApiKey.SaslAuthenticate => new SaslAuthenticateResponse(),
        ApiKey.CreatePartitions => new CreatePartitionsResponse(),
        ApiKey.CreateDelegationToken => new CreateDelegationTokenResponse(),
        ApiKey.RenewDelegationToken => new RenewDelegationTokenResponse(),
        ApiKey.ExpireDelegationToken => new ExpireDelegationTokenResponse(),
        ApiKey.DescribeDelegationToken => new DescribeDelegationTokenResponse(),
        ApiKey.DeleteGroups => new DeleteGroupsResponse(),
        ApiKey.ElectLeaders => new ElectLeadersResponse(),
        ApiKey.IncrementalAlterConfigs => new IncrementalAlterConfigsResponse(),
        ApiKey.AlterPartitionReassignments => new AlterPartitionReassignmentsResponse(),
        ApiKey.ListPartitionReassignments => new ListPartitionReassignmentsResponse(),
        ApiKey.OffsetDelete => new OffsetDeleteResponse(),
        _ => null,
    };

    private static IApiMessage? ResponseHigh(ApiKey key) => key switch
    {
        ApiKey.DescribeClientQuotas => new DescribeClientQuotasResponse(),
        ApiKey.AlterClientQuotas => new AlterClientQuotasResponse(),
        ApiKey.DescribeUserScramCredentials => new DescribeUserScramCredentialsResponse(),
        ApiKey.AlterUserScramCredentials => new AlterUserScramCredentialsResponse(),
        ApiKey.Vote => new VoteResponse(),
        ApiKey.BeginQuorumEpoch => new BeginQuorumEpochResponse(),
        ApiKey.EndQuorumEpoch => new EndQuorumEpochResponse(),
        ApiKey.DescribeQuorum => new DescribeQuorumResponse(),
        ApiKey.AlterPartition => new AlterPartitionResponse(),
        ApiKey.UpdateFeatures => new UpdateFeaturesResponse(),
        ApiKey.Envelope => new EnvelopeResponse(),
        ApiKey.FetchSnapshot => new FetchSnapshotResponse(),
        ApiKey.DescribeCluster => new DescribeClusterResponse(),
        ApiKey.DescribeProducers => new DescribeProducersResponse(),
        ApiKey.BrokerRegistration => new BrokerRegistrationResponse(),
        ApiKey.BrokerHeartbeat => new BrokerHeartbeatResponse(),
        ApiKey.UnregisterBroker => new UnregisterBrokerResponse(),
        ApiKey.DescribeTransactions => new DescribeTransactionsResponse(),
        ApiKey.ListTransactions => new ListTransactionsResponse(),
        ApiKey.AllocateProducerIds => new AllocateProducerIdsResponse(),
        ApiKey.ConsumerGroupHeartbeat => new ConsumerGroupHeartbeatResponse(),
        ApiKey.ConsumerGroupDescribe => new ConsumerGroupDescribeResponse(),
        ApiKey.ControllerRegistration => new ControllerRegistrationResponse(),
        ApiKey.GetTelemetrySubscriptions => new GetTelemetrySubscriptionsResponse(),
        ApiKey.PushTelemetry => new PushTelemetryResponse(),
        ApiKey.AssignReplicasToDirs => new AssignReplicasToDirsResponse(),
        ApiKey.ListConfigResources => new ListConfigResourcesResponse(),
        ApiKey.DescribeTopicPartitions => new DescribeTopicPartitionsResponse(),
        ApiKey.ShareGroupHeartbeat => new ShareGroupHeartbeatResponse(),
        ApiKey.ShareGroupDescribe => new ShareGroupDescribeResponse(),
        ApiKey.ShareFetch => new ShareFetchResponse(),
        ApiKey.ShareAcknowledge => new ShareAcknowledgeResponse(),
        ApiKey.AddRaftVoter => new AddRaftVoterResponse(),
        ApiKey.RemoveRaftVoter => new RemoveRaftVoterResponse(),
        ApiKey.UpdateRaftVoter => new UpdateRaftVoterResponse(),
        ApiKey.InitializeShareGroupState => new InitializeShareGroupStateResponse(),
        ApiKey.ReadShareGroupState => new ReadShareGroupStateResponse(),
        ApiKey.WriteShareGroupState => new WriteShareGroupStateResponse(),
        ApiKey.DeleteShareGroupState => new DeleteShareGroupStateResponse(),
        ApiKey.ReadShareGroupStateSummary => new ReadShareGroupStateSummaryResponse(),
        ApiKey.StreamsGroupHeartbeat => new StreamsGroupHeartbeatResponse(),
        ApiKey.StreamsGroupDescribe => new StreamsGroupDescribeResponse(),
        ApiKey.DescribeShareGroupOffsets => new DescribeShareGroupOffsetsResponse(),
        ApiKey.AlterShareGroupOffsets => new AlterShareGroupOffsetsResponse(),
        ApiKey.DeleteShareGroupOffsets => new DeleteShareGroupOffsetsResponse(),
        _ => null,
    };
}
