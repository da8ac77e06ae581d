using System.CommandLine;
using AkkaStream.Client.Admin;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Producer;
using AkkaStream.Client.Protocol;
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

    /// <summary>The environment variable that stands for <c>--bootstrap-server</c>.</summary>
    internal const string BootstrapVariable = "AKKASTREAM_BOOTSTRAP_SERVERS";

    /// <summary>The option that says where the broker is.</summary>
    internal static Option<string> BootstrapOption() => new("--bootstrap-server", "-b")
    {
        Description = $"Brokers to begin with, host:port separated by commas; also by the environment variable {BootstrapVariable}.",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable(BootstrapVariable) is { Length: > 0 } set ? set : "127.0.0.1:9092",
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
    /// <param name="goesOn">What goes on when a broker that is away is back, for the line that says so; null where the verb does not outlast it.</param>
    internal static async Task<int> Run(string bootstrap, double timeout, TextWriter error, Func<ClientSession, CancellationToken, Task<int>> work, CancellationToken cancellation, IBrokerTransport? transport = null, string? goesOn = null)
    {
        try
        {
            var way = transport ?? new WireTransport(BrokerAddress.ParseList(bootstrap), new WireOptions { ClientId = "akkastream-cli" });
            await using var session = new ClientSession(goesOn is null ? way : new WatchedTransport(way, error, goesOn), TimeSpan.FromSeconds(timeout));
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
        catch (BrokerException fault)
        {
            error.WriteLine(fault.Message + (HintOf(fault.Code) is { } hint ? "; " + hint : ""));
            return VerbProgram.Failed;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return VerbProgram.Interrupted;
        }
        catch (Exception fault) when (fault is TransactionException or CorruptRecordException or IOException)
        {
            error.WriteLine(fault.Message);
            return VerbProgram.Failed;
        }
    }

    /// <summary>What to do about a broker's refusal; null where its own words are all there is to say.</summary>
    internal static string? HintOf(ErrorCode code) => code switch
    {
        ErrorCode.UnknownTopicOrPartition => "there is no such topic here: `topics list` shows those there are, `topics create` makes one",
        ErrorCode.GroupIdNotFound => "there is no such group here: `groups list` shows those there are",
        ErrorCode.TransactionalIdNotFound => "there is no such transactional id here: `transactions list` shows those there are",
        ErrorCode.OffsetOutOfRange => "`topics describe` shows the first and the last offset of each partition",
        ErrorCode.CoordinatorNotAvailable or ErrorCode.CoordinatorLoadInProgress => "the broker is still making ready for groups: try again in a moment",
        ErrorCode.KafkaStorageError => "the broker's disk is full or failing: its log says which directory",
        ErrorCode.UnsupportedVersion => "the broker does not know this request, or not in this version",
        _ => null,
    };

    public async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        await transport.DisposeAsync();
    }
}
