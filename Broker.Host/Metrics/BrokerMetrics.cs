using System.Diagnostics.Metrics;
using AkkaStream.Actors.Requests;

namespace AkkaStream.Host.Metrics;

/// <summary>
/// What a running broker shows of itself to whoever listens in .NET's way (<c>dotnet-counters monitor --counters AkkaStream.Broker</c>, OpenTelemetry): instruments of the meter
/// <see cref="MeterName"/>. They are asked when somebody looks, and cost nothing otherwise.
/// </summary>
internal sealed class BrokerMetrics : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "AkkaStream.Broker";

    private readonly Meter meter;

    /// <summary>Instruments of a broker, tagged with its id, until they are disposed.</summary>
    public BrokerMetrics(BrokerServices services)
    {
        meter = new Meter(MeterName, null, [new("broker.id", services.Config.NodeId)]);
        var cleaner = services.Cleaner;
        meter.CreateObservableGauge("akkastream.log.cleaner.uncleanable", () => Uncleanable(services), "{partition}", "Logs that cannot be cleaned; each is tagged with its topic, its partition and the reason.");
        meter.CreateObservableGauge("akkastream.log.cleaner.under_way", () => cleaner.UnderWay, "{partition}", "Logs that are being cleaned.");
        meter.CreateObservableCounter("akkastream.log.cleaner.cleanings", () => cleaner.Cleanings, "{cleaning}", "Cleanings that were done.");
        meter.CreateObservableCounter("akkastream.log.cleaner.read", () => cleaner.BytesRead, "By", "Bytes that cleanings read.");
        meter.CreateObservableCounter("akkastream.log.cleaner.written", () => cleaner.BytesWritten, "By", "Bytes of the segments that cleanings wrote.");
        meter.CreateObservableGauge("akkastream.log.directories.offline", () => services.Directories.Count(directory => directory.IsOffline), "{directory}", "Log directories that failed.");
        meter.CreateObservableGauge("akkastream.log.directories.without_room", () => services.Directories.Count(directory => directory.LacksRoom), "{directory}", "Log directories whose volume is full.");
        meter.CreateObservableGauge("akkastream.actor_clients.sessions", () => services.ActorClients.Sessions, "{session}", "Sessions of clients that are actors.");
        meter.CreateObservableGauge("akkastream.actor_clients.request_memory", () => services.ActorClients.RequestBytes, "By", "Bytes of the memory that these sessions share which are kept for their requests.");
    }

    public void Dispose() => meter.Dispose();

    private static IEnumerable<Measurement<int>> Uncleanable(BrokerServices services)
        => services.Cleaner.Uncleanable.Select(log => new Measurement<int>(1, new("topic", log.Key.Topic), new("partition", log.Key.Partition), new("reason", log.Value.Reason)));
}
