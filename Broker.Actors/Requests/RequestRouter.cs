using AkkaStream.Actors.Requests.Cluster;
using AkkaStream.Actors.Requests.Configs;
using AkkaStream.Actors.Requests.Fetching;
using AkkaStream.Actors.Requests.Groups;
using AkkaStream.Actors.Requests.Offsets;
using AkkaStream.Actors.Requests.Producing;
using AkkaStream.Actors.Requests.Security;
using AkkaStream.Actors.Requests.Topics;
using AkkaStream.Actors.Requests.Transactions;
using AkkaStream.Actors.Transactions;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Requests;

/// <summary>Hands each request to the handler of its API.</summary>
public sealed class RequestRouter : IRequestHandler
{
    // What the controller decides, wherever it runs.
    private static readonly ApiKey[] ControllerKeys =
    [
        ApiKey.CreateTopics, ApiKey.DeleteTopics, ApiKey.CreatePartitions, ApiKey.AlterConfigs, ApiKey.IncrementalAlterConfigs, ApiKey.ElectLeaders,
        ApiKey.AlterPartitionReassignments, ApiKey.ListPartitionReassignments, ApiKey.UnregisterBroker, ApiKey.DescribeQuorum,
        ApiKey.AddRaftVoter, ApiKey.RemoveRaftVoter,
    ];

    private static readonly ApiKey[] SecurityKeys =
    [
        ApiKey.SaslHandshake, ApiKey.SaslAuthenticate, ApiKey.DescribeAcls, ApiKey.CreateAcls, ApiKey.DeleteAcls,
        ApiKey.CreateDelegationToken, ApiKey.RenewDelegationToken, ApiKey.ExpireDelegationToken, ApiKey.DescribeDelegationToken,
    ];

    private readonly IRequestHandler?[] handlers = new IRequestHandler?[(int)ApiKey.RemoveRaftVoter + 1];

    /// <summary>A router with a handler for everything in <see cref="Served"/>.</summary>
    /// <param name="broker">The broker.</param>
    /// <param name="dice">A random number from 0 to below its argument.</param>
    public RequestRouter(BrokerServices broker, Func<int, int> dice)
    {
        var topics = new TopicChangeHandlers(broker);
        var configs = new ConfigHandlers(broker);
        var transactions = broker.Transactions;
        handlers[(int)ApiKey.Produce] = new ProduceHandler(broker, transactions.Gate);
        handlers[(int)ApiKey.Fetch] = new FetchHandler(broker, dice);
        handlers[(int)ApiKey.ListOffsets] = new ListOffsetsHandler(broker);
        handlers[(int)ApiKey.Metadata] = new MetadataHandler(broker);
        handlers[(int)ApiKey.FindCoordinator] = new FindCoordinatorHandler(broker);
        handlers[(int)ApiKey.ApiVersions] = new ApiVersionsHandler(broker);
        handlers[(int)ApiKey.CreateTopics] = topics;
        handlers[(int)ApiKey.DeleteTopics] = topics;
        handlers[(int)ApiKey.CreatePartitions] = topics;
        handlers[(int)ApiKey.DeleteRecords] = new DeleteRecordsHandler(broker);
        handlers[(int)ApiKey.InitProducerId] = new InitProducerIdHandler(transactions.ProducerIds, transactions.Gate, () => TransactionSettings.Of(broker.Config));
        handlers[(int)ApiKey.OffsetForLeaderEpoch] = new OffsetForLeaderEpochHandler(broker);
        var groups = new GroupHandler(broker);
        var groupAdmin = new GroupAdminHandler(broker);
        handlers[(int)ApiKey.OffsetCommit] = new OffsetCommitHandler(broker);
        handlers[(int)ApiKey.OffsetFetch] = new OffsetFetchHandler(broker);
        handlers[(int)ApiKey.JoinGroup] = groups;
        handlers[(int)ApiKey.Heartbeat] = groups;
        handlers[(int)ApiKey.LeaveGroup] = groups;
        handlers[(int)ApiKey.SyncGroup] = groups;
        handlers[(int)ApiKey.OffsetDelete] = groups;
        handlers[(int)ApiKey.DescribeGroups] = groupAdmin;
        handlers[(int)ApiKey.ListGroups] = groupAdmin;
        handlers[(int)ApiKey.DeleteGroups] = groupAdmin;
        handlers[(int)ApiKey.ConsumerGroupHeartbeat] = groups;
        handlers[(int)ApiKey.ConsumerGroupDescribe] = groupAdmin;
        handlers[(int)ApiKey.DescribeConfigs] = configs;
        handlers[(int)ApiKey.AlterConfigs] = configs;
        handlers[(int)ApiKey.IncrementalAlterConfigs] = configs;
        handlers[(int)ApiKey.ListConfigResources] = configs;
        handlers[(int)ApiKey.DescribeLogDirs] = new DescribeLogDirsHandler(broker);
        handlers[(int)ApiKey.AlterReplicaLogDirs] = new AlterReplicaLogDirsHandler(broker);
        handlers[(int)ApiKey.DescribeCluster] = new DescribeClusterHandler(broker);
        handlers[(int)ApiKey.DescribeTopicPartitions] = new DescribeTopicPartitionsHandler(broker);
        handlers[(int)ApiKey.UpdateFeatures] = new UpdateFeaturesHandler();
        var reassignment = new ReassignmentHandler(broker);
        handlers[(int)ApiKey.ElectLeaders] = new ElectLeadersHandler(broker);
        handlers[(int)ApiKey.AlterPartitionReassignments] = reassignment;
        handlers[(int)ApiKey.ListPartitionReassignments] = reassignment;
        handlers[(int)ApiKey.DescribeQuorum] = new DescribeQuorumHandler(broker);
        handlers[(int)ApiKey.UnregisterBroker] = new UnregisterBrokerHandler(broker);
        var voters = new RaftVoterHandler();
        handlers[(int)ApiKey.AddRaftVoter] = voters;
        handlers[(int)ApiKey.RemoveRaftVoter] = voters;
        var security = new SecurityOffHandler();
        foreach (var key in SecurityKeys) handlers[(int)key] = security;
        handlers[(int)ApiKey.AddPartitionsToTxn] = new AddPartitionsToTxnHandler(broker, transactions.Gate);
        handlers[(int)ApiKey.AddOffsetsToTxn] = new AddOffsetsToTxnHandler(broker, transactions.Gate);
        handlers[(int)ApiKey.TxnOffsetCommit] = new TxnOffsetCommitHandler(broker, transactions.Gate);
        handlers[(int)ApiKey.EndTxn] = new EndTxnHandler(transactions.Gate);
        handlers[(int)ApiKey.WriteTxnMarkers] = new WriteTxnMarkersHandler(transactions.Markers);
        handlers[(int)ApiKey.DescribeProducers] = new DescribeProducersHandler(broker);
        handlers[(int)ApiKey.DescribeTransactions] = new DescribeTransactionsHandler(transactions.Gate);
        handlers[(int)ApiKey.ListTransactions] = new ListTransactionsHandler(broker);
        if (broker.Gate.Forwarding is not { } forwarding) return;
        foreach (var key in ControllerKeys) handlers[(int)key] = forwarding;
    }

    /// <summary>
    /// What is served, and in which versions: Kafka 4's, so that clients which ask choose as they would there. A Produce from 0 on keeps older clients
    /// from sending compressed batches uncompressed. Clients that never ask what is served begin lower: what they use is served without being promised.
    /// </summary>
    public static AdvertisedVersions Served { get; } = new(
        new Dictionary<ApiKey, (short, short)>
        {
            [ApiKey.Produce] = (0, 13),
            [ApiKey.Fetch] = (4, 18),
            [ApiKey.ListOffsets] = (1, 11),
            [ApiKey.Metadata] = (0, 13),
            [ApiKey.OffsetCommit] = (2, 10),
            [ApiKey.OffsetFetch] = (1, 10),
            [ApiKey.FindCoordinator] = (0, 6),
            [ApiKey.JoinGroup] = (0, 9),
            [ApiKey.Heartbeat] = (0, 4),
            [ApiKey.LeaveGroup] = (0, 5),
            [ApiKey.SyncGroup] = (0, 5),
            [ApiKey.DescribeGroups] = (0, 6),
            [ApiKey.ListGroups] = (0, 5),
            [ApiKey.ApiVersions] = (0, 4),
            [ApiKey.CreateTopics] = (2, 7),
            [ApiKey.DeleteTopics] = (1, 6),
            [ApiKey.CreatePartitions] = (0, 3),
            [ApiKey.DeleteRecords] = (0, 2),
            [ApiKey.InitProducerId] = (0, 5),
            [ApiKey.UpdateFeatures] = (0, 2),
            [ApiKey.AddPartitionsToTxn] = (0, 5),
            [ApiKey.AddOffsetsToTxn] = (0, 4),
            [ApiKey.EndTxn] = (0, 5),
            [ApiKey.TxnOffsetCommit] = (0, 5),
            [ApiKey.WriteTxnMarkers] = (1, 2),
            [ApiKey.DescribeProducers] = (0, 0),
            [ApiKey.DescribeTransactions] = (0, 0),
            [ApiKey.ListTransactions] = (0, 2),
            [ApiKey.OffsetForLeaderEpoch] = (2, 4),
            [ApiKey.DescribeConfigs] = (1, 4),
            [ApiKey.AlterConfigs] = (0, 2),
            [ApiKey.IncrementalAlterConfigs] = (0, 1),
            [ApiKey.ListConfigResources] = (0, 1),
            [ApiKey.AlterReplicaLogDirs] = (1, 2),
            [ApiKey.DescribeLogDirs] = (1, 5),
            [ApiKey.SaslHandshake] = (0, 1),
            [ApiKey.SaslAuthenticate] = (0, 2),
            [ApiKey.DescribeAcls] = (1, 3),
            [ApiKey.CreateAcls] = (1, 3),
            [ApiKey.DeleteAcls] = (1, 3),
            [ApiKey.CreateDelegationToken] = (1, 3),
            [ApiKey.RenewDelegationToken] = (1, 2),
            [ApiKey.ExpireDelegationToken] = (1, 2),
            [ApiKey.DescribeDelegationToken] = (1, 3),
            [ApiKey.ElectLeaders] = (0, 2),
            [ApiKey.AlterPartitionReassignments] = (0, 1),
            [ApiKey.ListPartitionReassignments] = (0, 0),
            [ApiKey.DescribeQuorum] = (0, 2),
            [ApiKey.UnregisterBroker] = (0, 0),
            [ApiKey.DeleteGroups] = (0, 2),
            [ApiKey.OffsetDelete] = (0, 0),
            [ApiKey.DescribeCluster] = (0, 2),
            [ApiKey.ConsumerGroupHeartbeat] = (0, 1),
            [ApiKey.ConsumerGroupDescribe] = (0, 1),
            [ApiKey.DescribeTopicPartitions] = (0, 0),
            [ApiKey.AddRaftVoter] = (0, 1),
            [ApiKey.RemoveRaftVoter] = (0, 0),
        },
        new Dictionary<ApiKey, (short, short)>
        {
            [ApiKey.Fetch] = (0, 3),
            [ApiKey.OffsetCommit] = (0, 1),
            [ApiKey.CreateTopics] = (0, 0),
            [ApiKey.DescribeConfigs] = (0, 0),
        });

    /// <inheritdoc/>
    public void Handle(RequestSlot slot)
    {
        var key = (int)slot.Header.Key;
        slot.Connection.RequestCame();
        if ((uint)key < (uint)handlers.Length && handlers[key] is { } handler) handler.Handle(slot);
        else slot.CloseConnection($"{slot.Header.Key} is not served");
    }
}
