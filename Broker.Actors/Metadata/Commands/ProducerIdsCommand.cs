using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Metadata.Commands;

/// <summary>Takes a block of producer ids for a broker, so that handing one out needs no journal.</summary>
/// <param name="done">Gets the first id of the block and its size, or an error.</param>
public sealed class ProducerIdsCommand(Action<ErrorCode, long, int> done) : ControllerCommand
{
    private long first;

    /// <inheritdoc/>
    public override IReadOnlyList<IApiMessage> Decide(ControllerContext context)
    {
        first = context.Image.NextProducerId;
        return [new ProducerIdsRecord { BrokerId = context.BrokerId, BrokerEpoch = 0, NextProducerId = first + Limits.ProducerIdBlock }];
    }

    /// <inheritdoc/>
    public override void Done(MetadataImage image) => done(ErrorCode.None, first, Limits.ProducerIdBlock);

    /// <inheritdoc/>
    public override void Failed(ErrorCode error) => done(error, -1, 0);
}
