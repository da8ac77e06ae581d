using System.CommandLine;
using System.Globalization;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Compression;
using AkkaStream.Client.Producer;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Transport;

namespace AkkaStream.Host.Verbs;

/// <summary><c>produce</c>: lines of stdin or of a file become records.</summary>
internal static class ProduceVerb
{
    // Large batches: a file is not waiting for anything, and most of a broker's work is per batch. Below max.message.bytes, which counts what is sent.
    private const int BatchBytes = 512 << 10;

    // That a broker is not reached is told of the broker, and not of each batch.
    private static readonly string Unreached = ErrorCode.NetworkException.Name();

    internal static Command Create(TextWriter error)
    {
        var bootstrap = ClientSession.BootstrapOption();
        var timeout = ClientSession.TimeoutOption();
        var topic = new Argument<string>("topic") { Description = "The topic; made where it is not there and the broker's auto.create.topics.enable allows it." };
        var file = new Option<string>("--file", "-l") { Description = "Read this file instead of stdin." };
        var partition = new Option<int?>("--partition", "-p") { Description = "The partition; chosen by the key where it is left out." };
        var separator = new Option<string>("--key-separator", "-K") { Description = "Lines are KEY, this, VALUE; \\t is a tab." };
        var lineHeaders = new Option<bool>("--headers") { Description = "Lines begin with name:value,name:value and a tab." };
        var headers = new Option<string[]>("--header", "-H") { Description = "NAME=VALUE, a header of every record; may be repeated.", DefaultValueFactory = _ => [] };
        var nullMarker = new Option<string>("--null-marker", "-Z") { Description = "Keys and values of exactly this text become null." };
        var codec = new Option<string>("--codec", "-z", "--compression-codec") { Description = "none, gzip, snappy, lz4 or zstd.", DefaultValueFactory = _ => "none" };
        codec.AcceptOnlyFromAmong("none", "gzip", "snappy", "lz4", "zstd");
        var acks = new Option<string>("--acks", "-a") { Description = "all, 1 or 0.", DefaultValueFactory = _ => "all" };
        acks.AcceptOnlyFromAmong("all", "-1", "1", "0");
        var transactional = new Option<string>("--transactional-id") { Description = "Send in transactions under this id; what an earlier run left open is aborted." };
        var size = new Option<int>("--transaction-records") { Description = "Lines of one transaction; the last one has what is left.", DefaultValueFactory = _ => 1000 };
        var delivery = new Option<double>("--delivery-timeout") { Description = "Seconds after which a record that the broker does not take is given up (delivery.timeout.ms).", DefaultValueFactory = _ => 120 };
        var quiet = new Option<bool>("--quiet", "-q") { Description = "No progress on stderr." };
        var produce = new Command("produce", "Send lines of stdin as records.") { topic, bootstrap, timeout, file, partition, separator, lineHeaders, headers, nullMarker, codec, acks, transactional, size, delivery, quiet };
        produce.SetAction((parsed, cancellation) =>
        {
            var options = Options(parsed.GetValue(codec)!, parsed.GetValue(acks)!, parsed.GetValue(delivery)) with { TransactionalId = parsed.GetValue(transactional) };
            if (options.TransactionalId is not null && (!options.Idempotence || parsed.GetValue(size) < 1)) return Misused(error);
            var progress = new Progress(error, "records", parsed.GetValue(quiet));
            return ClientSession.Run(parsed.GetValue(bootstrap)!, parsed.GetValue(timeout), error, async (session, token) =>
            {
                var format = new LineFormat(parsed.GetValue(separator), parsed.GetValue(lineHeaders), parsed.GetValue(nullMarker), parsed.GetValue(headers) ?? []);
                var path = parsed.GetValue(file);
                await using var input = path is null ? Console.OpenStandardInput() : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
                return await Produce(session, new LineReader(input), line => format.Parse(parsed.GetValue(topic)!, line, parsed.GetValue(partition)), options, parsed.GetValue(size), progress, error, token);
            }, cancellation, goesOn: string.Create(CultureInfo.InvariantCulture, $"sending goes on when it answers, records are kept for {parsed.GetValue(delivery):0.#} s (--delivery-timeout)"));
        });
        return produce;
    }

    private static Task<int> Misused(TextWriter error)
    {
        error.WriteLine("produce: transactions need --acks all and --transaction-records of at least 1");
        return Task.FromResult(VerbProgram.Misused);
    }

    private static ProducerOptions Options(string codec, string acks, double deliverySeconds) => new()
    {
        Acks = acks switch { "0" => Acks.None, "1" => Acks.Leader, _ => Acks.All },
        Idempotence = acks is "all" or "-1",
        Batching = new AccumulatorOptions { BatchSize = BatchBytes, Compression = Enum.Parse<CompressionType>(codec, ignoreCase: true), DeliveryTimeoutMs = (long)Math.Clamp(deliverySeconds * 1000, 1, int.MaxValue) },
    };

    private static async Task<int> Produce(ClientSession session, LineReader lines, Func<ReadOnlyMemory<byte>, ProducerRecord> parse, ProducerOptions options, int transactionRecords, Progress progress, TextWriter error, CancellationToken cancellation)
    {
        var told = 0;
        await using var producer = new RecordProducer(session.Cluster, options)
        {
            Retrying = hindrance =>
            {
                // Once: whoever waits should know why, and nobody wants to read it for each batch.
                if (!hindrance.Contains(Unreached, StringComparison.Ordinal) && Interlocked.Exchange(ref told, 1) == 0) error.WriteLine($"{hindrance}; tried again for {options.Batching.DeliveryTimeoutMs / 1000.0:0.#} s at most");
            },
        };
        var transactions = new Transactions(options.TransactionalId is null ? null : producer, transactionRecords);
        await transactions.Start(cancellation);
        var answers = new Answers();
        var (number, begun) = (0L, 0L);
        try
        {
            while (await lines.ReadAsync(cancellation) is { } line)
            {
                number++;
                var record = parse(line);
                await transactions.Next(cancellation);
                var (batch, _) = await producer.EnqueueAsync(record, cancellation);
                begun = number;
                answers.Add(batch);
                await answers.Drain(cancellation);
                progress.Add(line.Length);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            error.WriteLine("stopped; what was read is still being sent");
            return await Stop(producer, transactions, answers, number - begun, error);
        }
        catch (FormatException fault)
        {
            error.WriteLine($"line {number}: {fault.Message}; the lines before it were sent");
            await producer.FlushAsync(CancellationToken.None);
            await transactions.Finish(CancellationToken.None);
            return VerbProgram.Failed;
        }

        await producer.FlushAsync(CancellationToken.None);
        await answers.Finish();
        await transactions.Finish(CancellationToken.None);
        progress.End();
        return VerbProgram.Done;
    }

    // Whoever pressed Ctrl-C does not wait for a broker that is away.
    private static async Task<int> Stop(RecordProducer producer, Transactions transactions, Answers answers, long unsent, TextWriter error)
    {
        using var limit = new CancellationTokenSource(VerbProgram.Farewell);
        var isCommitted = true;
        try
        {
            await producer.FlushAsync(limit.Token);
            await transactions.Finish(limit.Token);
        }
        catch (Exception fault) when (fault is OperationCanceledException or TransportException or TransactionException)
        {
            isCommitted = !transactions.IsOpen;
        }

        await producer.CloseAsync(TimeSpan.Zero);
        var lost = unsent + answers.Unacknowledged;
        if (lost > 0) error.WriteLine($"{lost} record{(lost == 1 ? " was" : "s were")} not acknowledged: what was not written is lost");
        if (!isCommitted) error.WriteLine("the transaction that was open was not committed");
        return lost == 0 && isCommitted ? VerbProgram.Done : VerbProgram.Failed;
    }

    // One transaction after the other, of so many lines each; nothing without a transactional producer.
    private sealed class Transactions(RecordProducer? producer, int records)
    {
        private int left;

        public ValueTask Start(CancellationToken cancellation) => producer?.InitTransactionsAsync(cancellation) ?? ValueTask.CompletedTask;

        public async ValueTask Next(CancellationToken cancellation)
        {
            if (producer is null) return;
            if (left == 0)
            {
                if (producer.Phase == TransactionPhase.Open) await producer.CommitTransactionAsync(cancellation);
                producer.BeginTransaction();
                left = records;
            }

            left--;
        }

        public bool IsOpen => producer is not null && producer.Phase != TransactionPhase.Ready;

        public async ValueTask Finish(CancellationToken cancellation)
        {
            if (producer?.Phase == TransactionPhase.Open) await producer.CommitTransactionAsync(cancellation);
        }
    }

    // Batches that are under way, in the order in which they were begun. A refused one ends everything.
    private sealed class Answers
    {
        private readonly Queue<ProducerBatch> waiting = new();
        private readonly HashSet<ProducerBatch> known = [];

        public void Add(ProducerBatch batch)
        {
            if (known.Add(batch)) waiting.Enqueue(batch);
        }

        // What is answered already is looked at now: a refusal should end the reading, and not be met at the end of a long file.
        public async ValueTask Drain(CancellationToken cancellation)
        {
            while (waiting.TryPeek(out var oldest) && (oldest.Result.IsCompleted || waiting.Count > Limits.UnansweredBatches)) await Next(cancellation);
        }

        public async ValueTask Finish()
        {
            while (waiting.Count > 0) await Next(CancellationToken.None);
        }

        public long Unacknowledged => waiting.Where(b => !b.Result.IsCompletedSuccessfully || b.Result.Result.Error != ErrorCode.None).Sum(b => (long)b.Count);

        private async ValueTask Next(CancellationToken cancellation)
        {
            var batch = waiting.Peek();
            var result = await batch.Result.WaitAsync(cancellation);
            waiting.Dequeue();
            known.Remove(batch);
            BrokerException.ThrowIf(result.Error, $"sending to {batch.Partition}", result.Message);
        }
    }
}
