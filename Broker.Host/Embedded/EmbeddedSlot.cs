using AkkaStream.Actors.Requests;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Transport;

namespace AkkaStream.Host.Embedded;

/// <summary>A request of a client in this process.</summary>
internal sealed class EmbeddedSlot(EmbeddedConnection owner, IDisposable? memory, TimeProvider time) : RequestSlot
{
    /// <summary>Completes with the answer.</summary>
    public Completion<BrokerAnswer> Answer { get; } = new(time);

    public override void OrderFixed()
    {
        if (TakeOrder()) owner.OrderFixed();
    }

    public override void Complete(IApiMessage response)
    {
        try
        {
            var answer = new BrokerAnswer(response, Header.Version, EmbeddedRecords.Load(response));
            if (!Answer.TrySetResult(answer)) throw new InvalidOperationException($"the request {Header.Key} was completed before");
        }
        catch (IOException failure)
        {
            Fail($"an answer's file cannot be read: {failure.Message}");
        }

        End();
    }

    public override void CompleteWithoutAnswer()
    {
        Answer.TrySetCanceled();
        End();
    }

    public override void CloseConnection(string reason)
    {
        Fail($"the broker closed the connection: {reason}");
        End();
    }

    private void Fail(string why)
    {
        var failure = new TransportException(why);
        owner.Close(failure);
        Answer.TrySetException(failure);
    }

    private void End()
    {
        memory?.Dispose();
        OrderFixed();
        owner.Completed(Header.Key == ApiKey.Produce);
    }
}
