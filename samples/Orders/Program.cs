using AkkaStream.Client;
using AkkaStream.Host.Embedded;
using AkkaStream.Samples.Orders;

// dotnet run --project samples/Orders                      a broker in this process, in memory
// dotnet run --project samples/Orders -- localhost:9092    a broker of yours, AkkaStream's or Kafka's
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

await using var broker = args.Length == 0 ? await EmbeddedBroker.StartAsync(Shop.Broker) : null;
await using var client = broker?.Connect() ?? AkkaStreamClient.Connect(args[0]);
await Shop.RunAsync(client, Console.Out, orders: 1000, stop.Token);
