using System.Buffers;

namespace AkkaStream.Client.Producer;

/// <summary>The callbacks of a batch, in the order of its records. Its memory comes from the shared pool.</summary>
internal sealed class DeliveryList(ProducerBatch batch)
{
    private const int FirstRoom = 64;
    private (int Index, Delivery Delivery)[] all = ArrayPool<(int, Delivery)>.Shared.Rent(FirstRoom);
    private int count;

    /// <summary>Adds a record's; under the producer's lock, before the batch is completed.</summary>
    public void Add(int index, in Delivery delivery)
    {
        if (count == all.Length)
        {
            var larger = ArrayPool<(int, Delivery)>.Shared.Rent(count * 2);
            all.AsSpan().CopyTo(larger);
            ArrayPool<(int, Delivery)>.Shared.Return(all, clearArray: true);
            all = larger;
        }

        all[count++] = (index, delivery);
    }

    /// <summary>Waits for the batch and tells them, one after the other.</summary>
    /// <returns>What callbacks threw, or null; all were told all the same.</returns>
    public async Task<List<Exception>?> Tell()
    {
        var result = await batch.Result.ConfigureAwait(false);
        List<Exception>? thrown = null;
        for (var i = 0; i < count; i++)
        {
            var (index, delivery) = all[i];
            try
            {
                delivery.Tell!(delivery.State, new DeliveryReport(RecordProducer.Locate(batch, result, index), result.Error, result.Message));
            }
            catch (Exception failure)
            {
                (thrown ??= []).Add(failure);
            }
        }

        ArrayPool<(int, Delivery)>.Shared.Return(all, clearArray: true);
        return thrown;
    }
}
