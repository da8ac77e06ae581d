using AkkaStream.Client.Cluster;
using AkkaStream.Host.Embedded;
using AkkaStream.Samples.Orders;

// dotnet run --project samples/Orders                                           a broker in this process, in memory
// dotnet run --project samples/Orders -- localhost:9092                         a broker of yours, AkkaStream's or Kafka's
// dotnet run --project samples/Orders -- akka.tcp://akkastream@host:port        AkkaStream's brokers, actor to actor: the address that a broker tells behind "for actors" when it starts
// dotnet run --project samples/Orders -- akka.tcp://akkastream@host:port me     the same from another machine, which brokers reach as "me": they connect back
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

try
{
    await using var broker = args.Length == 0 ? await EmbeddedBroker.StartAsync(Shop.Broker) : null;
    await using var way = broker is null ? Way.To(args[0], args.ElementAtOrDefault(1)) : new Way(broker.Connect());
    await Shop.RunAsync(way.Client, Console.Out, orders: 1000, stop.Token);
    return 0;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 130;
}
catch (Exception fault) when (fault is FormatException or IClientError)
{
    await Console.Error.WriteLineAsync(fault.Message);
    return 1;
}
