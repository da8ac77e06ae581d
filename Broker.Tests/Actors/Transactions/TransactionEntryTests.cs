using System.Text.Json;
using AkkaStream.Actors.Transactions;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Actors.Transactions;

/// <summary>One transactional id: each state with each change, as Kafka's own classes make them, and its records byte for byte.</summary>
public sealed class TransactionEntryTests
{
    private const string Vectors = "transactions.zip";
    private const string Fenced = "ProducerFencedException";

    [Fact]
    public void Every_state_takes_every_change_as_Kafka_does()
    {
        var wrong = new List<string>();
        var rows = VectorZip.Lines(Vectors, "txn_metadata.jsonl");
        foreach (var row in rows)
        {
            var expected = row.TryGetProperty("result", out var result) ? Show(result) : row.GetProperty("error").GetString() == Fenced ? Fenced : "refused";
            var got = Try(row);
            if (expected != got) wrong.Add($"{row}\n  got {got}");
        }

        Assert.Equal(1424, rows.Count);
        Assert.True(wrong.Count == 0, $"{wrong.Count} differ:\n{string.Join('\n', wrong.Take(20))}");
    }

    [Fact]
    public void Records_are_read_and_written_byte_for_byte()
    {
        foreach (var row in VectorZip.Lines(Vectors, "records.jsonl"))
        {
            var key = Convert.FromHexString(row.GetProperty("keyHex").GetString()!);
            var id = TransactionRecords.ReadKey(key);
            Assert.Equal(row.GetProperty("key").GetProperty("data").GetProperty("transactionalId").GetString(), id);
            Assert.Equal(key, TransactionRecords.Key(id!));
            if (row.GetProperty("valueHex").GetString() is not { } hex) continue;
            var bytes = Convert.FromHexString(hex);
            var entry = TransactionRecords.ReadValue(id!, bytes);
            var data = row.GetProperty("value").GetProperty("data");
            Assert.Equal(data.GetProperty("producerId").GetInt64(), entry.ProducerId);
            Assert.Equal(data.GetProperty("transactionStatus").GetInt32(), (int)entry.State);
            Assert.Equal(data.GetProperty("transactionLastUpdateTimestampMs").GetInt64(), entry.UpdateMs);
            // Kafka's own broker wrote these; the others have fields that only a random generator fills.
            if (row.GetProperty("source").GetString() == "broker") Assert.Equal(Canonical(bytes), Canonical(TransactionRecords.Value(entry)!));
        }
    }

    [Fact]
    public void A_forgotten_id_is_a_tombstone_and_damaged_bytes_are_refused()
    {
        var entry = new TransactionEntry("x") { ProducerId = 1, Epoch = 3, TimeoutMs = 1000, UpdateMs = 5 };
        Assert.Null(TransactionRecords.Value(entry.Die()));
        Assert.Null(TransactionRecords.ReadKey(new byte[] { 0, 9, 0, 0 }));
        Assert.ThrowsAny<MalformedMessageException>(() => TransactionRecords.ReadValue("x", new byte[] { 0, 1, 2 }));
        Assert.ThrowsAny<MalformedMessageException>(() => TransactionRecords.ReadValue("x", new byte[] { 0, 7, 0, 0, 0, 0 }));
    }

    // The order of topics is that of a hash table on both sides.
    private static string Canonical(byte[] bytes)
    {
        var value = new TransactionLogValue();
        var reader = new MessageReader(bytes);
        var version = reader.Int16();
        value.Read(ref reader, version);
        Assert.Equal(0, reader.Remaining);
        value.TransactionPartitions?.Sort((a, b) => string.CompareOrdinal(a.Topic, b.Topic));
        foreach (var topic in value.TransactionPartitions ?? []) topic.PartitionIds.Sort();
        return version + MessageJson.ToText(value, version);
    }

    private static string Try(JsonElement row)
    {
        var args = row.GetProperty("args");
        var now = args.TryGetProperty("nowMs", out var given) ? given.GetInt64() : 0;
        var state = Enum.Parse<TransactionState>(row.GetProperty("state").GetString()!);
        var entry = new TransactionEntry("x")
        {
            ProducerId = row.GetProperty("producerId").GetInt64(),
            PreviousProducerId = row.GetProperty("prevProducerId").GetInt64(),
            NextProducerId = row.GetProperty("nextProducerId").GetInt64(),
            Epoch = row.GetProperty("epoch").GetInt16(),
            LastEpoch = row.GetProperty("lastEpoch").GetInt16(),
            ClientVersion = row.GetProperty("version").GetInt16(),
            State = state,
            Partitions = [.. Partitions(row)],
            TimeoutMs = 60_000,
            // What the recorder gave it: a transaction that is open or was began at 5000.
            StartMs = state is TransactionState.Ongoing or TransactionState.PrepareCommit or TransactionState.PrepareAbort ? 5000 : -1,
            UpdateMs = 6000,
        };
        try
        {
            var (error, next) = Change(row.GetProperty("op").GetString()!, entry, args, now);
            return next is null ? error == ErrorCode.ProducerFenced ? Fenced : error.ToString() : Show(next);
        }
        catch (InvalidOperationException)
        {
            return "refused";
        }
    }

    private static (ErrorCode, TransactionEntry?) Change(string op, TransactionEntry entry, JsonElement args, long now) => op switch
    {
        "fence" => (ErrorCode.None, entry.Fence()),
        "increment" => entry.Increment(args.GetProperty("expectedEpoch").ValueKind == JsonValueKind.Null ? null : args.GetProperty("expectedEpoch").GetInt16(), 30_000, now),
        "rotate" => (ErrorCode.None, entry.Rotate(args.GetProperty("newProducerId").GetInt64(), args.GetProperty("recordLastEpoch").GetBoolean(), 30_000, now)),
        "addPartitions" => (ErrorCode.None, entry.Add(Partitions(args), args.GetProperty("clientVersion").GetInt16(), now)),
        "end" => (ErrorCode.None, entry.End(args.GetProperty("to").GetString() == "PrepareCommit", args.GetProperty("clientVersion").GetInt16(), args.GetProperty("newProducerId").GetInt64(), now, args.GetProperty("noPartitionAdded").GetBoolean())),
        "complete" => (ErrorCode.None, entry.Complete(now)),
        "dead" => (ErrorCode.None, entry.Die()),
        _ => throw new ArgumentException(op, nameof(op)),
    };

    private static IEnumerable<TopicPartition> Partitions(JsonElement row)
        => row.GetProperty("partitions").EnumerateArray().Select(p => p.GetString()!.Split('-')).Select(p => new TopicPartition(p[0], int.Parse(p[1])));

    private static string Show(JsonElement r)
        => $"{r.GetProperty("state").GetString()} {r.GetProperty("producerId")} {r.GetProperty("prevProducerId")} {r.GetProperty("nextProducerId")} {r.GetProperty("epoch")} {r.GetProperty("lastEpoch")} {r.GetProperty("startMs")} {r.GetProperty("updateMs")} v{r.GetProperty("version")} {string.Join(',', r.GetProperty("partitions").EnumerateArray().Select(p => p.GetString()).Order())}";

    private static string Show(TransactionEntry e)
        => $"{e.State} {e.ProducerId} {e.PreviousProducerId} {e.NextProducerId} {e.Epoch} {e.LastEpoch} {e.StartMs} {e.UpdateMs} v{e.ClientVersion} {string.Join(',', e.Partitions.Select(p => p.ToString()).Order())}";
}
