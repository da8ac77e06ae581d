using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Transport;

namespace AkkaStream.Client.Consumer.Groups;

/// <summary>
/// A connection of its own to the coordinator of a group: a JoinGroup may wait for minutes, and answers come in order, so nothing else goes there. Several requests may be under way.
/// </summary>
internal sealed class CoordinatorLink(ClusterClient cluster) : IAsyncDisposable
{
    private const short FirstBatchedLeave = 3;
    private readonly AsyncGate connecting = new(1, cluster.Options.Time);
    private BrokerAddress? address;
    private int broker = -1;
    private IBrokerConnection? connection;

    /// <summary>Asks any broker who coordinates, and keeps the address.</summary>
    public async ValueTask<ErrorCode> Find(string group, CancellationToken cancellation)
    {
        var found = await cluster.LookUpAsync(CoordinatorType.Group, group, cancellation).ConfigureAwait(false);
        if (found.ErrorCode == ErrorCode.None) (broker, address) = (found.NodeId, new BrokerAddress(found.Host, found.Port));
        return found.ErrorCode;
    }

    /// <summary>Sends to the coordinator that was found; finds it first where none was.</summary>
    /// <param name="request">The request.</param>
    /// <param name="timeout">How long the answer may take.</param>
    /// <param name="group">The group's id.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="highest">The highest version to use.</param>
    public async ValueTask<BrokerAnswer> Send(IApiMessage request, TimeSpan timeout, string group, CancellationToken cancellation, short highest = short.MaxValue)
    {
        var connected = await Connected(group, cancellation).ConfigureAwait(false);
        if (request is LeaveGroupRequest leave) request = connected.VersionOf(ApiKey.LeaveGroup) >= FirstBatchedLeave ? leave with { MemberId = "" } : leave with { Members = [] };
        return await connected.SendAsync(request, timeout, highest, cancellation).ConfigureAwait(false);
    }

    /// <summary>The coordinator's broker id and address.</summary>
    public async ValueTask<(int Broker, string Address)> Coordinator(string group, CancellationToken cancellation)
    {
        await Connected(group, cancellation).ConfigureAwait(false);
        return (broker, address.GetValueOrDefault().ToString());
    }

    /// <summary>Whether the coordinator serves an API.</summary>
    public async ValueTask<bool> Serves(ApiKey api, string group, CancellationToken cancellation) => (await Connected(group, cancellation).ConfigureAwait(false)).VersionOf(api) >= 0;

    /// <summary>The coordinator may be another one: it is found anew.</summary>
    public void Forget() => address = null;

    public async ValueTask DisposeAsync()
    {
        if (connection is not null) await connection.DisposeAsync().ConfigureAwait(false);
    }

    private async ValueTask<IBrokerConnection> Connected(string group, CancellationToken cancellation)
    {
        await connecting.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await Connect(group, cancellation).ConfigureAwait(false);
        }
        finally
        {
            connecting.Release();
        }
    }

    private async ValueTask<IBrokerConnection> Connect(string group, CancellationToken cancellation)
    {
        if (address is null) BrokerException.ThrowIf(await Find(group, cancellation).ConfigureAwait(false), $"the coordinator of group {group}");
        var target = address.GetValueOrDefault();
        if (connection is { IsOpen: true } open && open.Address == target) return open;
        if (connection is not null) await connection.DisposeAsync().ConfigureAwait(false);
        return connection = await cluster.OpenAsync(target, cancellation).ConfigureAwait(false);
    }
}
