using AkkaStream.Actors.Configuration;
using AkkaStream.Host;

namespace AkkaStream.Tests.Support;

/// <summary>A whole broker in this process, on a free port of the loopback and a folder of its own, which goes when it is disposed.</summary>
internal sealed class BrokerUnderTest : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("akkastream-").FullName;

    /// <param name="more">Configuration beyond listener and folder.</param>
    public BrokerUnderTest(params (string Key, string Value)[] more)
    {
        var given = new Dictionary<string, string>
        {
            ["node.id"] = "1",
            ["log.dirs"] = folder,
            ["listeners"] = "PLAINTEXT://127.0.0.1:0",
        };
        foreach (var (key, value) in more) given[key] = value;
        Running = RunningBroker.Start(BrokerConfig.Create(given));
    }

    /// <summary>The broker.</summary>
    public RunningBroker Running { get; }

    /// <summary>Its port.</summary>
    public int Port => Running.Port;

    public async ValueTask DisposeAsync()
    {
        await Running.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
