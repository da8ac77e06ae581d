using Akka.Simulation.Network;
using AkkaStream.Actors.Requests;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Transport;
using AkkaStream.Host.Embedded;

namespace AkkaStream.Host.Simulation;

/// <summary>The first message of a broker's end: what it serves.</summary>
internal sealed record Welcome(AdvertisedVersions Versions);

/// <summary>A request on its way.</summary>
/// <param name="Id">Which one.</param>
/// <param name="Request">The request, its records its own.</param>
/// <param name="Highest">The highest version to use.</param>
/// <param name="Timeout">How long the client waits.</param>
/// <param name="IsOneWay">Whether no answer is wanted.</param>
internal sealed record Asked(long Id, IApiMessage Request, short Highest, TimeSpan Timeout, bool IsOneWay);

/// <summary>An answer on its way.</summary>
internal sealed record Answered(long Id, BrokerAnswer Answer);

/// <summary>A broker's end of a connection: hands requests in as they come, and sends answers back.</summary>
internal sealed class SimulatedDoor(EmbeddedTransport door, AdvertisedVersions versions) : ISimulatedEnd
{
    private const int AnswerBytes = 200;
    private readonly Queue<Answered> unsent = new();
    private IBrokerConnection? inside;
    private SimulatedConnection? outside;

    public void Opened(SimulatedConnection connection)
    {
        outside = connection;
        inside = door.ConnectAsync(door.Bootstrap[0]).AsTask().Result;
        connection.Send(new Welcome(versions), AnswerBytes);
    }

    public void Received(object message) => _ = Serve((Asked)message);

    public void Writable()
    {
        while (unsent.TryPeek(out var next) && outside!.Send(next, AnswerBytes)) unsent.Dequeue();
    }

    public void Closed(SimulatedClose reason)
    {
        if (inside is not null) _ = inside.DisposeAsync().AsTask();
    }

    private void Answer(Answered answer)
    {
        if (unsent.Count > 0 || !outside!.Send(answer, AnswerBytes)) unsent.Enqueue(answer);
    }

    private async Task Serve(Asked asked)
    {
        try
        {
            if (asked.IsOneWay) await inside!.SendOneWayAsync(asked.Request).ConfigureAwait(false);
            else Answer(new Answered(asked.Id, await inside!.SendAsync(asked.Request, asked.Timeout, asked.Highest).ConfigureAwait(false)));
        }
        catch (TransportException)
        {
            outside!.Close();
        }
    }
}
