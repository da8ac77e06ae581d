using AkkaStream.Actors.Partitions;
using AkkaStream.Actors.Storage;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Requests.Fetching;

/// <summary>Reads what a fetch asks for from the partitions' published views: no actor, no lock, no copy.</summary>
internal sealed class FetchReader(BrokerServices broker, FetchContext context, FetchRequest request, short version)
{
    private const short LastWithOldMagic = 3;
    private const short FirstFromFollowers = 11;
    private const string RackAware = "RackAwareReplicaSelector";
    private readonly ReadLimit limit = request.IsolationLevel == 1 ? ReadLimit.Committed : ReadLimit.HighWatermark;

    /// <summary>Bytes of records in the last answer that was read.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether a partition of the last answer has an error, or another replica to go to, that must be told at once.</summary>
    public bool HasError { get; private set; }

    /// <summary>Whether partitions were asked for and this broker has none of them.</summary>
    public bool HasOnlyUnknown => context.Items.Count > 0 && !Handles.Any();

    /// <summary>The partitions that the fetch waits at.</summary>
    public IEnumerable<PartitionHandle> Handles
    {
        get
        {
            foreach (var item in context.Items)
            {
                if (item.Find(broker.Partitions) is { } handle) yield return handle;
            }
        }
    }

    /// <summary>Reads an answer; its file ranges are leased until the answer was sent or <see cref="Release"/>d.</summary>
    public List<(FetchItem Item, FetchResponse.PartitionData Data)> Read()
    {
        var all = new List<(FetchItem, FetchResponse.PartitionData)>(context.Items.Count);
        var left = Math.Min(request.MaxBytes, broker.Config.FetchMaxBytes);
        Bytes = 0;
        HasError = false;
        foreach (var item in context.Items)
        {
            var data = Partition(item, left);
            left = Math.Max(0, left - data.Records.Length);
            Bytes += data.Records.Length;
            // What another partition lacks is no reason to hurry; a position outside the log is.
            HasError |= data.ErrorCode is not (ErrorCode.None or ErrorCode.UnknownTopicOrPartition or ErrorCode.UnknownTopicId) || data.DivergingEpoch.Epoch >= 0 || data.PreferredReadReplica >= 0;
            all.Add((item, data));
        }

        return all;
    }

    /// <summary>Gives back the file ranges of an answer that is not sent.</summary>
    public static void Release(List<(FetchItem Item, FetchResponse.PartitionData Data)> read)
    {
        foreach (var (_, data) in read) data.Records.File?.Dispose();
    }

    /// <summary>The answer as the client of that request gets it.</summary>
    public FetchResponse Answer(RequestSlot slot, List<(FetchItem Item, FetchResponse.PartitionData Data)> read)
    {
        var answer = new FetchResponse { SessionId = context.Session?.Id ?? 0 };
        FetchResponse.FetchableTopicResponse? topic = null;
        foreach (var (item, data) in read)
        {
            if (context.Session is not null && !FetchSessions.Tell(item, data, context.IsIncremental)) continue;
            if (topic is null || !item.IsOf(topic)) topic = answer.Responses.Find(item.IsOf);
            if (topic is null) answer.Responses.Add(topic = new() { Topic = item.Topic, TopicId = item.TopicId });
            topic.Partitions.Add(data);
        }

        if (HasError) LeaderHints.AddTo(answer, broker, slot);
        return answer;
    }

    private FetchResponse.PartitionData Partition(FetchItem item, int left)
    {
        var data = new FetchResponse.PartitionData { PartitionIndex = item.Partition, HighWatermark = -1, AbortedTransactions = null, Records = ReadOnlyMemory<byte>.Empty };
        if (item.Find(broker.Partitions) is not { } handle)
        {
            data.ErrorCode = item.ById ? broker.WhyMissing(item.TopicId, item.Partition) : broker.WhyMissing(item.Topic, item.Partition);
            return data;
        }

        data.ErrorCode = handle.CheckEpoch(item.LeaderEpoch, mayFollow: version >= FirstFromFollowers);
        if (data.ErrorCode != ErrorCode.None || Diverges(item, handle, data) || IsNearer(handle, data)) return data;
        Records(item, handle, left, data);
        return data;
    }

    // A consumer that says where it stands is sent to an in-sync replica of its own rack (KIP-392).
    private bool IsNearer(PartitionHandle handle, FetchResponse.PartitionData data)
    {
        if (version < FirstFromFollowers || string.IsNullOrEmpty(request.RackId) || request.ReplicaId >= 0 || !handle.IsLeader || handle.Image is not { } image) return false;
        if (image.InSync.Count < 2 || broker.Config.String("replica.selector.class")?.EndsWith(RackAware, StringComparison.Ordinal) != true) return false;
        var brokers = broker.Metadata.Image.Brokers;
        var nearer = -1;
        foreach (var id in image.InSync)
        {
            if (!brokers.TryGetValue(id, out var replica) || replica.IsFenced || replica.Rack != request.RackId) continue;
            if (id == broker.Metadata.BrokerId) return false;
            if (nearer < 0) nearer = id;
        }

        if (nearer < 0) return false;
        Offsets(data, handle.Log.View);
        data.PreferredReadReplica = nearer;
        return true;
    }

    // A follower or consumer that read up to an offset in an epoch: where that epoch ended earlier here, it is told so (KIP-595).
    private static bool Diverges(FetchItem item, PartitionHandle handle, FetchResponse.PartitionData data)
    {
        if (item.LastFetchedEpoch < 0) return false;
        var end = handle.Log.EndOfEpoch(item.LastFetchedEpoch);
        if (end.Epoch < 0)
        {
            data.ErrorCode = ErrorCode.OffsetOutOfRange;
            return true;
        }

        if (end.Epoch == item.LastFetchedEpoch && end.StartOffset >= item.Offset) return false;
        Offsets(data, handle.Log.View);
        data.DivergingEpoch = new() { Epoch = end.Epoch, EndOffset = end.StartOffset };
        return true;
    }

    private void Records(FetchItem item, PartitionHandle handle, int left, FetchResponse.PartitionData data)
    {
        var most = Math.Min(item.MaxBytes, left);
        // A batch that is too large comes whole if it is the first (KIP-74); for older versions too, since a converted one cannot be cut.
        var read = ReadIsolated(handle.Log, item.Offset, most, Bytes == 0 && left > 0, data);
        if (read.Error != ErrorCode.None)
        {
            data.ErrorCode = read.Error;
            read.Dispose();
            return;
        }

        Offsets(data, read.View);
        try
        {
            if (version > LastWithOldMagic) data.Records = read.ToPayload();
            else (data.ErrorCode, data.Records) = Converted(read, item.Offset);
        }
        catch (Exception error) when (error.IsDiskError())
        {
            // What is read here and now, and not by the door on its way to the socket.
            data.ErrorCode = ErrorCode.KafkaStorageError;
            data.Records = ReadOnlyMemory<byte>.Empty;
        }
    }

    private (ErrorCode Error, RecordsPayload Records) Converted(ReadResult read, long offset)
    {
        using (read) return LegacyFetch.Convert(read, offset, version);
    }

    // With read_committed, also what the reader has to leave out: it judges by that list and the markers among the records.
    private ReadResult ReadIsolated(PartitionLog log, long offset, int most, bool minOneBatch, FetchResponse.PartitionData data)
    {
        if (limit != ReadLimit.Committed) return log.Read(offset, most, limit, minOneBatch);
        var aborted = new List<AbortedTransaction>();
        while (true)
        {
            var read = log.Read(offset, most, limit, minOneBatch);
            if (read.Error != ErrorCode.None) return read;
            var error = log.AbortedTransactions(read, aborted);
            if (error != ErrorCode.None)
            {
                read.Dispose();
                return ReadResult.Failed(error, read.View);
            }

            if (aborted.Count > Limits.AbortedTransactionsOfFetch && most > 1)
            {
                read.Dispose();
                most = Math.Min(most, read.Length) / 2;
                continue;
            }

            data.AbortedTransactions = new(aborted.Count);
            foreach (var one in aborted) data.AbortedTransactions.Add(new() { ProducerId = one.ProducerId, FirstOffset = one.FirstOffset });
            return read;
        }
    }

    private static void Offsets(FetchResponse.PartitionData data, LogView view)
    {
        data.HighWatermark = view.HighWatermark;
        data.LastStableOffset = view.LastStableOffset;
        data.LogStartOffset = view.StartOffset;
    }
}
