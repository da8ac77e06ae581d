using AkkaStream.Actors.Metadata.Decisions;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Metadata.Commands;

/// <summary>
/// BrokerRegistration: a broker's process says that it is there and where. It begins fenced; heartbeats that say it caught up end that. A new process that cannot show the epoch
/// of the one before did not stop in order: what it had may be lost, and it leaves every in-sync set that others are in.
/// </summary>
/// <param name="request">What the broker says.</param>
/// <param name="done">Gets the answer once the registration is in force.</param>
public sealed class RegisterBrokerCommand(BrokerRegistrationRequest request, Action<BrokerRegistrationResponse> done) : ControllerCommand
{
    private readonly BrokerRegistrationResponse answer = new();

    /// <inheritdoc/>
    public override IReadOnlyList<IApiMessage> Decide(ControllerContext context)
    {
        var known = context.Image.Brokers.GetValueOrDefault(request.BrokerId);
        answer.ErrorCode = Judge(context, known);
        if (answer.ErrorCode != ErrorCode.None) return [];
        var isSameLife = known?.Incarnation == request.IncarnationId;
        answer.BrokerEpoch = isSameLife ? known!.Epoch : context.Image.Offset + 1;
        var events = new List<IApiMessage> { Registration(answer.BrokerEpoch, isSameLife ? known : null) };
        if (isSameLife) return events;

        var changes = new LeaderChanges(context) { IsActive = broker => broker != request.BrokerId && context.Image.Brokers.GetValueOrDefault(broker) is { IsActive: true } };
        changes.Leave(request.BrokerId, HowItCame(known), events);
        return events;
    }

    /// <inheritdoc/>
    public override void Done(MetadataImage image) => done(answer);

    /// <inheritdoc/>
    public override void Failed(ErrorCode error) => done(new BrokerRegistrationResponse { ErrorCode = error });

    private ErrorCode Judge(ControllerContext context, BrokerImage? known)
    {
        if (context.ClusterId is { } cluster && cluster != request.ClusterId) return ErrorCode.InconsistentClusterId;
        if (request.BrokerId < 0 || request.Listeners.Count == 0 || request.LogDirs.Distinct().Count() != request.LogDirs.Count) return ErrorCode.InvalidRegistration;
        if (known is { IsFenced: false } && known.Incarnation != request.IncarnationId && !IsAtSamePlace(known)) return ErrorCode.DuplicateBrokerRegistration;
        // A directory has one broker: this disk was another one's.
        return context.Image.Brokers.Values.Any(b => b.Id != request.BrokerId && b.LogDirs.Any(request.LogDirs.Contains)) ? ErrorCode.InvalidRegistration : ErrorCode.None;
    }

    // Two processes cannot have one address: the one before is gone, whether the cluster noticed or not.
    private bool IsAtSamePlace(BrokerImage known)
        => known.AkkaHost is { } host && request.Listeners.Any(l => l.Name == BrokerImage.AkkaListener && l.Host == host && l.Port == known.AkkaPort);

    private Departure HowItCame(BrokerImage? known)
    {
        if (known is { LogDirs.Count: > 0 } && request.LogDirs.Count > 0 && !known.LogDirs.Any(request.LogDirs.Contains)) return Departure.EmptyRestart;
        return request.PreviousBrokerEpoch == known?.Epoch ? Departure.CleanRestart : Departure.UncleanRestart;
    }

    private RegisterBrokerRecord Registration(long epoch, BrokerImage? same) => new()
    {
        BrokerId = request.BrokerId,
        IncarnationId = request.IncarnationId,
        BrokerEpoch = epoch,
        EndPoints = request.Listeners.ConvertAll(l => new RegisterBrokerRecord.BrokerEndpoint { Name = l.Name, Host = l.Host, Port = l.Port, SecurityProtocol = l.SecurityProtocol }),
        Features = request.Features.ConvertAll(f => new RegisterBrokerRecord.BrokerFeature { Name = f.Name, MinSupportedVersion = f.MinSupportedVersion, MaxSupportedVersion = f.MaxSupportedVersion }),
        Rack = string.IsNullOrEmpty(request.Rack) ? null : request.Rack,
        Fenced = same?.IsFenced ?? true,
        InControlledShutdown = same?.IsShuttingDown ?? false,
        LogDirs = request.LogDirs,
        CordonedLogDirs = same is { CordonedLogDirs.Count: > 0 } ? [.. same.CordonedLogDirs] : null,
    };
}
