using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Metadata;

/// <summary>Where a broker listens.</summary>
/// <param name="Listener">Name of the listener.</param>
/// <param name="Host">Advertised host.</param>
/// <param name="Port">Advertised port, 0 to 65535.</param>
/// <param name="SecurityProtocol">Kafka's number: 0 plaintext, 1 TLS, 2 SASL over plaintext, 3 SASL over TLS.</param>
public sealed record BrokerEndpoint(string Listener, string Host, int Port, short SecurityProtocol);

/// <summary>What a broker says of a feature.</summary>
/// <param name="Name">The feature's name.</param>
/// <param name="Min">Lowest level that it can do.</param>
/// <param name="Max">Highest level that it can do.</param>
public sealed record BrokerFeature(string Name, short Min, short Max);

/// <summary>One broker, as it registered with the controller.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Incarnation">The life of the process that registered.</param>
/// <param name="Epoch">Its broker epoch: the offset at which it registered. Each registration has a higher one.</param>
/// <param name="Rack">Its rack, or null.</param>
/// <param name="Endpoints">Where clients, and under <see cref="AkkaListener"/> other brokers' actors, find it.</param>
/// <param name="IsFenced">Whether it leads nothing and gets nothing: it registered but did not catch up yet, or it is gone.</param>
/// <param name="IsShuttingDown">Whether it asked to stop: it is given no leadership and no new replica.</param>
/// <param name="LogDirs">Ids of its log directories.</param>
public sealed record BrokerImage(int Id, Guid Incarnation, long Epoch, string? Rack, IReadOnlyList<BrokerEndpoint> Endpoints, bool IsFenced, bool IsShuttingDown, IReadOnlyList<Guid> LogDirs)
{
    /// <summary>The name under which a broker registers the address of its actor system. Clients do not get to see it.</summary>
    public const string AkkaListener = "AKKA";

    /// <summary>Those of its log directories that get no new partitions.</summary>
    public IReadOnlyList<Guid> CordonedLogDirs { get; init; } = [];

    /// <summary>What it can do.</summary>
    public IReadOnlyList<BrokerFeature> Features { get; init; } = [];

    /// <summary>Whether it may be made a leader or be given a replica to follow with.</summary>
    public bool IsActive => !IsFenced && !IsShuttingDown;

    /// <summary>Whether none of its log directories takes new partitions.</summary>
    public bool IsCordoned => LogDirs.Count > 0 && LogDirs.All(d => CordonedLogDirs.Contains(d));

    /// <summary>Host of its actor system, or null where it registered none.</summary>
    public string? AkkaHost => Endpoint(AkkaListener)?.Host;

    /// <summary>Port of its actor system, or 0 where it registered none.</summary>
    public int AkkaPort => Endpoint(AkkaListener)?.Port ?? 0;

    /// <summary>Where it listens under that name, or null.</summary>
    public BrokerEndpoint? Endpoint(string listener) => Endpoints.FirstOrDefault(e => e.Listener == listener);

    /// <summary>The broker that an event registers.</summary>
    internal static BrokerImage From(RegisterBrokerRecord r)
        => new(r.BrokerId, r.IncarnationId, r.BrokerEpoch, r.Rack, [.. r.EndPoints.Select(e => new BrokerEndpoint(e.Name, e.Host, e.Port, e.SecurityProtocol))], r.Fenced, r.InControlledShutdown, [.. r.LogDirs])
        {
            CordonedLogDirs = r.CordonedLogDirs is null ? [] : [.. r.CordonedLogDirs],
            Features = [.. r.Features.Select(f => new BrokerFeature(f.Name, f.MinSupportedVersion, f.MaxSupportedVersion))],
        };

    /// <summary>The broker after a change of its registration.</summary>
    internal BrokerImage With(BrokerRegistrationChangeRecord c) => this with
    {
        IsFenced = c.Fenced == 0 ? IsFenced : c.Fenced > 0,
        IsShuttingDown = c.InControlledShutdown == 0 ? IsShuttingDown : c.InControlledShutdown > 0,
        LogDirs = c.LogDirs.Count == 0 ? LogDirs : [.. c.LogDirs],
        CordonedLogDirs = c.CordonedLogDirs is null ? CordonedLogDirs : [.. c.CordonedLogDirs],
    };

    /// <summary>The event that registers it as it is.</summary>
    internal RegisterBrokerRecord ToEvent() => new()
    {
        BrokerId = Id,
        IncarnationId = Incarnation,
        BrokerEpoch = Epoch,
        Rack = Rack,
        EndPoints = [.. Endpoints.Select(e => new RegisterBrokerRecord.BrokerEndpoint { Name = e.Listener, Host = e.Host, Port = (ushort)e.Port, SecurityProtocol = e.SecurityProtocol })],
        Features = [.. Features.Select(f => new RegisterBrokerRecord.BrokerFeature { Name = f.Name, MinSupportedVersion = f.Min, MaxSupportedVersion = f.Max })],
        Fenced = IsFenced,
        InControlledShutdown = IsShuttingDown,
        LogDirs = [.. LogDirs],
        CordonedLogDirs = CordonedLogDirs.Count == 0 ? null : [.. CordonedLogDirs],
    };
}
