using AkkaStream.Actors.Requests;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Transactions;

/// <summary>
/// Hands out producer ids, each once in the life of the cluster: from a block that the controller gave, so that one costs nothing, and a new block is
/// asked for when it is used up. From any thread.
/// </summary>
/// <param name="controller">The way to the controller.</param>
public sealed class ProducerIds(IControllerGate controller)
{
    private readonly Lock gate = new();
    private readonly Queue<Action<ErrorCode, long>> waiting = new();
    private long next;
    private long end;
    private bool asking;

    /// <summary>Gives an id, at once where the block has one, or an error of the controller's journal (then with -1).</summary>
    public void Take(Action<ErrorCode, long> given)
    {
        long id;
        bool ask;
        lock (gate)
        {
            id = next < end ? next++ : -1;
            if (id < 0) waiting.Enqueue(given);
            ask = id < 0 && !asking;
            asking |= ask;
        }

        if (id >= 0) given(ErrorCode.None, id);
        else if (ask) controller.TakeProducerIds(Block);
    }

    // A block came: those that waited are served in order, and the next block is asked for where it was not enough.
    private void Block(ErrorCode error, long first, int count)
    {
        var served = new List<(Action<ErrorCode, long> Given, long Id)>();
        bool more;
        lock (gate)
        {
            if (error == ErrorCode.None) (next, end) = (first, first + count);
            while (waiting.Count > 0 && (error != ErrorCode.None || next < end)) served.Add((waiting.Dequeue(), error == ErrorCode.None ? next++ : -1));
            more = waiting.Count > 0;
            asking = more;
        }

        foreach (var (given, id) in served) given(error, id);
        if (more) controller.TakeProducerIds(Block);
    }
}
