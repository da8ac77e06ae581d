using System.CommandLine;
using AkkaStream.Client.Admin;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Producer;
using AkkaStream.Client.Records;
using AkkaStream.Client.Transport;

namespace AkkaStream.Host.Verbs;

/// <summary>What the verbs that talk to a broker share: where it is, a client, and errors that tell what to do.</summary>
internal sealed class ClientSession : IAsyncDisposable
{
    private readonly IBrokerTransport transport;

    private ClientSession(IBrokerTransport transport, TimeSpan timeout)
    {
        this.transport = transport;
        Cluster = new ClusterClient(transport, new ClusterOptions { OperationTimeout = timeout, RequestTimeout = timeout });
        Admin = new AdminClient(Cluster);
    }

    internal ClusterClient Cluster { get; }

    internal AdminClient Admin { get; }

    /// <summary>The option that says where the broker is.</summary>
    internal static Option<string> BootstrapOption() => new("--bootstrap-server", "-b")
    {
        Description = "Brokers to begin with, host:port separated by commas.",
        DefaultValueFactory = _ => "127.0.0.1:9092",
        Recursive = true,
    };

    /// <summary>The option that says how long to try.</summary>
    internal static Option<double> TimeoutOption() => new("--timeout")
    {
        Description = "Seconds after which an unanswered request is given up.",
        DefaultValueFactory = _ => 30,
        Recursive = true,
    };

    /// <summary>Connects, works, and turns what goes wrong into a sentence and an exit code.</summary>
    /// <param name="bootstrap">Brokers to begin with.</param>
    /// <param name="timeout">Seconds for a request.</param>
    /// <param name="error">What went wrong goes here.</param>
    /// <param name="work">What to do.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="transport">A way to a broker in place of <paramref name="bootstrap"/>; the session ends it.</param>
    internal static async Task<int> Run(string bootstrap, double timeout, TextWriter error, Func<ClientSession, CancellationToken, Task<int>> work, CancellationToken cancellation, IBrokerTransport? transport = null)
    {
        try
        {
            await using var session = new ClientSession(transport ?? new WireTransport(BrokerAddress.ParseList(bootstrap), new WireOptions { ClientId = "akkastream-cli" }), TimeSpan.FromSeconds(timeout));
            await session.Cluster.AnyAsync(cancellation);
            return await work(session, cancellation);
        }
        catch (FormatException fault)
        {
            error.WriteLine(fault.Message);
            return VerbProgram.Misused;
        }
        catch (TransportException fault)
        {
            error.WriteLine($"{fault.Message}; is the broker running? Start one with: dotnet run -c Release --project Broker.Host");
            return VerbProgram.Failed;
        }
        catch (Exception fault) when (fault is BrokerException or TransactionException or CorruptRecordException or IOException)
        {
            error.WriteLine(fault.Message);
            return VerbProgram.Failed;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        await transport.DisposeAsync();
    }
}
