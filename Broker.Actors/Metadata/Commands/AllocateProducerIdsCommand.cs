using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Metadata.Commands;

/// <summary>AllocateProducerIds: a block of producer ids for a broker of the cluster.</summary>
/// <param name="request">Which broker asks.</param>
/// <param name="done">Gets the block.</param>
public sealed class AllocateProducerIdsCommand(AllocateProducerIdsRequest request, Action<AllocateProducerIdsResponse> done) : ControllerCommand
{
    private AllocateProducerIdsResponse answer = new();

    /// <inheritdoc/>
    public override IReadOnlyList<IApiMessage> Decide(ControllerContext context)
    {
        if (!context.IsRegistered(request.BrokerId, request.BrokerEpoch, out _))
        {
            answer = new() { ErrorCode = ErrorCode.StaleBrokerEpoch };
            return [];
        }

        answer = new() { ProducerIdStart = context.Image.NextProducerId, ProducerIdLen = Limits.ProducerIdBlock };
        return [new ProducerIdsRecord { BrokerId = request.BrokerId, BrokerEpoch = request.BrokerEpoch, NextProducerId = answer.ProducerIdStart + answer.ProducerIdLen }];
    }

    /// <inheritdoc/>
    public override void Done(MetadataImage image) => done(answer);

    /// <inheritdoc/>
    public override void Failed(ErrorCode error) => done(new AllocateProducerIdsResponse { ErrorCode = error });
}
