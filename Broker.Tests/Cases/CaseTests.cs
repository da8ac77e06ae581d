using Xunit.Abstractions;

namespace AkkaStream.Tests.Cases;

/// <summary>Conversations that were recorded with Apache Kafka, played against this broker: what Kafka's clients can notice is the same.</summary>
public sealed class CaseTests(ITestOutputHelper output)
{
    private const int AtOnce = 12;

    // Cases about what is not there yet, or where this broker means to differ; everything else in the areas below must pass.
    private static readonly Dictionary<string, string> LeftOut = new()
    {
        ["connection/removed-version"] = "versions that Kafka 4 removed are served to the clients that still ask for them",
    };

    public static TheoryData<string> Areas =>
    [
        "apiversions", "metadata", "describecluster", "describetopicpartitions", "createtopics", "deletetopics", "createpartitions",
        "describeconfigs", "incrementalalterconfigs", "alterconfigs", "listconfigresources", "produce", "fetch", "fetchsession", "listoffsets",
        "offsetforleaderepoch", "deleterecords", "logdirs", "initproducerid", "findcoordinator", "idempotent", "connection", "joingroup", "syncgroup", "heartbeat", "leavegroup", "static", "offsetcommit",
        "offsetfetch", "offsetdelete", "describegroups", "listgroups", "deletegroups", "consumergroup",
        "transactions", "txnoffsets", "writetxnmarkers", "describetransactions", "listtransactions", "describeproducers", "updatefeatures",
        "electleaders", "reassign", "describequorum", "unregisterbroker", "saslhandshake", "acls", "tokens",
    ];

    [Theory]
    [MemberData(nameof(Areas))]
    public async Task Answers_as_Kafka_does(string area)
    {
        var files = CaseFile.Of(area).Where(f => IsPlayed(f.Title)).ToList();
        Assert.NotEmpty(files);
        // The internal topics exist once a coordinator was asked for, as on the broker the cases were recorded with.
        await Ask(0);
        await Ask(1);
        using var places = new SemaphoreSlim(AtOnce);
        var together = await Task.WhenAll(files.Where(f => !f.Alone).Select((file, i) => Play(file, i, places)));
        var failed = together.SelectMany(lines => lines).ToList();
        foreach (var file in files.Where(f => f.Alone)) failed.AddRange(await Play(file, files.Count, places));
        Assert.True(failed.Count == 0, $"{files.Count} cases, differences:\n{string.Join('\n', failed)}");
    }

    private bool IsPlayed(string title)
    {
        var name = title.Split('@')[0];
        if (!LeftOut.TryGetValue(name, out var why)) return true;
        output.WriteLine($"left out: {title}: {why}");
        return false;
    }

    private static async Task<List<string>> Play(CaseFile file, int number, SemaphoreSlim places)
    {
        if (file.Needs.Any(n => n is not ("noacl" or "kip848"))) return [];
        await places.WaitAsync();
        try
        {
            var run = (int)((Environment.TickCount64 * 1000) + number) & 0x0FFFFFFF;
            var differences = await new CasePlay(file, CaseBroker.Shared, run).Run();
            return differences.ConvertAll(d => $"{file.Title}: {d}");
        }
        finally
        {
            places.Release();
        }
    }

    private static async Task Ask(long keyType)
    {
        var broker = CaseBroker.Shared;
        var step = new CaseObject { ["api"] = "FindCoordinator", ["version"] = 4L, ["send"] = new CaseObject { ["keyType"] = keyType, ["coordinatorKeys"] = new List<object?> { "any" } } };
        using var connection = await CaseConnection.Open(broker.Host, broker.Port, "replay");
        await connection.Write(CaseRequests.Frame(step, new CaseVariables([], ""), "replay", 1));
        await connection.ReadFrame(TimeSpan.FromSeconds(30));
    }
}
