using AkkaStream.Client;
using AkkaStream.Client.Admin;
using AkkaStream.Client.Consumer;
using AkkaStream.Client.Producer;
using AkkaStream.Client.Serialization;
using AkkaStream.Host.Embedded;

namespace AkkaStream.Samples.Orders;

/// <summary>
/// A shop: orders go to a topic; two billing services share it as one group, and each writes a bill for every order and commits how far it read in one transaction, so that every order is billed
/// once, whatever fails; an accountant adds the bills up.
/// </summary>
internal static class Shop
{
    private static readonly string[] Customers = ["ada", "bob", "cleo", "dan", "eve"];

    /// <summary>A broker for one shop: groups need not wait for members that may come yet.</summary>
    public static EmbeddedBrokerOptions Broker { get; } = new() { Settings = new Dictionary<string, string> { ["group.initial.rebalance.delay.ms"] = "0" } };

    /// <summary>Runs the shop until every order is billed, or it is stopped.</summary>
    public static async Task RunAsync(AkkaStreamClient client, TextWriter output, int orders, CancellationToken stopping)
    {
        // Topics of this run alone, so that the sample can be run again on the same broker.
        var run = Guid.NewGuid().ToString("N")[..8];
        var (orderTopic, billTopic) = ($"orders-{run}", $"bills-{run}");
        foreach (var made in await client.Admin.CreateTopicsAsync([new NewTopic(orderTopic, 4), new NewTopic(billTopic, 4)], cancellation: stopping)) made.ThrowIfFailed();

        using var done = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var services = new[] { "first", "second" }.Select(name => BillAsync(client, name, orderTopic, billTopic, done.Token)).ToArray();
        var ordered = await OrderAsync(client, orderTopic, orders, stopping);
        var billed = await AddUpAsync(client, billTopic, orders, stopping);
        await done.CancelAsync();
        await Task.WhenAll(services);

        await output.WriteLineAsync($"{orders} orders over {ordered / 100m:0.00}; {billed.Count} bills over {billed.Sum(b => b.Cents) / 100m:0.00}");
        foreach (var service in billed.GroupBy(b => b.BilledBy).OrderBy(g => g.Key)) await output.WriteLineAsync($"  billed by the {service.Key}: {service.Count()}");
        foreach (var customer in billed.GroupBy(b => b.Customer).OrderBy(g => g.Key)) await output.WriteLineAsync($"  {customer.Key} owes {customer.Sum(b => b.Cents) / 100m:0.00}");
    }

    private static async Task<int> OrderAsync(AkkaStreamClient client, string topic, int count, CancellationToken stopping)
    {
        await using var producer = client.CreateProducer<string, Order>(values: Serdes.Json(ShopJson.Default.Order));
        var total = 0;
        for (var i = 0; i < count; i++)
        {
            var order = new Order(Guid.NewGuid(), Customers[i % Customers.Length], 100 + (i * 37 % 900));
            total += order.Cents;
            await producer.EnqueueAsync(topic, order.Customer, order, static report => report.ThrowIfFailed(), stopping);
        }

        await producer.FlushAsync(stopping);
        return total;
    }

    private static async Task BillAsync(AkkaStreamClient client, string name, string orders, string bills, CancellationToken stopping)
    {
        await using var producer = client.CreateProducer<string, Bill>(new ProducerOptions { TransactionalId = $"{orders}-{name}" }, values: Serdes.Json(ShopJson.Default.Bill));
        await using var consumer = client.CreateConsumer<string, Order>(
            new ConsumerOptions { GroupId = $"billing-{orders}", EnableAutoCommit = false, AutoOffsetReset = AutoOffsetReset.Earliest, MaxPollRecords = 100, HeartbeatInterval = TimeSpan.FromMilliseconds(200) },
            values: Serdes.Json(ShopJson.Default.Order));
        consumer.Subscribe(orders);
        // What is begun is brought to its end, also when the shop is told to stop.
        var begun = CancellationToken.None;
        await foreach (var batch in consumer.ConsumeBatchesAsync(stopping))
        {
            try
            {
                await using var transaction = await producer.BeginTransactionAsync(begun);
                foreach (var order in batch) await producer.EnqueueAsync(bills, order.Key, new Bill(order.Value.Id, order.Value.Customer, order.Value.Cents, name), cancellation: begun);
                await transaction.SendOffsetsAsync(consumer.OffsetsToCommit(), consumer.GroupMetadata, begun);
                await transaction.CommitAsync(begun);
            }
            catch (TransactionException aborted) when (!aborted.IsFatal)
            {
                // Mostly because the group went on without this member: what it still has it does again.
                consumer.Rewind();
            }
        }
    }

    private static async Task<List<Bill>> AddUpAsync(AkkaStreamClient client, string topic, int count, CancellationToken stopping)
    {
        await using var consumer = client.CreateConsumer<string, Bill>(
            new ConsumerOptions { AutoOffsetReset = AutoOffsetReset.Earliest, IsolationLevel = Isolation.ReadCommitted },
            values: Serdes.Json(ShopJson.Default.Bill));
        await consumer.AssignAsync([.. (await client.Admin.DescribeTopicAsync(topic, stopping)).Partitions.Select(p => new AkkaStream.Client.Cluster.TopicPartition(topic, p.Index))], stopping);
        var bills = new List<Bill>();
        await foreach (var bill in consumer.ConsumeAsync(stopping))
        {
            bills.Add(bill.Value);
            if (bills.Count == count) break;
        }

        return bills;
    }
}
