using AkkaStream.Client.Protocol;
using AkkaStream.Client.Transport;

namespace AkkaStream.Host.Verbs;

/// <summary>A way to brokers that says when one does not answer, and when it does again: whoever waits should know for what.</summary>
internal sealed class WatchedTransport : IBrokerTransport
{
    private readonly IBrokerTransport inner;
    private readonly TextWriter error;
    private readonly ReachWatch watch;
    private readonly Lock gate = new();
    private readonly ITimer looking;

    /// <summary>Watches a transport, which it owns from now on.</summary>
    /// <param name="inner">The transport.</param>
    /// <param name="error">Where lines go.</param>
    /// <param name="goesOn">What waits for an answer, as the end of a sentence.</param>
    internal WatchedTransport(IBrokerTransport inner, TextWriter error, string goesOn)
    {
        this.inner = inner;
        this.error = error;
        watch = new ReachWatch(goesOn);
        var often = TimeSpan.FromMilliseconds(500);
        looking = TimeProvider.System.CreateTimer(_ => Say(watch.Look), null, often, often);
    }

    public IReadOnlyList<BrokerAddress> Bootstrap => inner.Bootstrap;

    public async ValueTask<IBrokerConnection> ConnectAsync(BrokerAddress address, CancellationToken cancellation = default)
        => new Connection(this, await Watched(address, inner.ConnectAsync(address, cancellation)));

    public async ValueTask DisposeAsync()
    {
        await looking.DisposeAsync();
        await inner.DisposeAsync();
    }

    private async ValueTask<T> Watched<T>(BrokerAddress address, ValueTask<T> question)
    {
        Say(now =>
        {
            watch.Asked(address, now);
            return null;
        });
        try
        {
            var answer = await question;
            Say(now => watch.Answered(address, now));
            return answer;
        }
        catch (TransportException e)
        {
            Say(now => watch.Failed(address, e.Message, now));
            throw;
        }
        catch
        {
            lock (gate) watch.GivenUp(address);
            throw;
        }
    }

    private void Say(Func<long, string?> what)
    {
        lock (gate)
        {
            if (what(Environment.TickCount64) is { } line) error.WriteLine(line);
        }
    }

    private sealed class Connection(WatchedTransport owner, IBrokerConnection inner) : IBrokerConnection
    {
        public BrokerAddress Address => inner.Address;

        public bool IsOpen => inner.IsOpen;

        public short TransactionVersion => inner.TransactionVersion;

        public short VersionOf(ApiKey api) => inner.VersionOf(api);

        public ValueTask<BrokerAnswer> SendAsync(IApiMessage request, TimeSpan timeout, short highest = short.MaxValue, CancellationToken cancellation = default)
        {
            var sending = inner.SendAsync(request, timeout, highest, cancellation);
            return ReachWatch.IsQuick(request.ApiKey) ? owner.Watched(inner.Address, sending) : sending;
        }

        public ValueTask SendOneWayAsync(IApiMessage request, CancellationToken cancellation = default) => inner.SendOneWayAsync(request, cancellation);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
