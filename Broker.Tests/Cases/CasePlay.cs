using System.Collections.Concurrent;
using System.Diagnostics;

namespace AkkaStream.Tests.Cases;

/// <summary>Plays one case once against one broker.</summary>
internal sealed class CasePlay
{
    private static readonly TimeSpan RetryFor = TimeSpan.FromSeconds(6);
    private static readonly string[] Retried = ["COORDINATOR_LOAD_IN_PROGRESS", "COORDINATOR_NOT_AVAILABLE", "NOT_COORDINATOR", "CONCURRENT_TRANSACTIONS"];
    private readonly CaseFile file;
    private readonly CaseBroker broker;
    private readonly CaseVariables variables;
    private readonly ConcurrentDictionary<string, CaseConnection> connections = new();
    private readonly ConcurrentDictionary<string, bool> made = new();
    private readonly Stopwatch watch = Stopwatch.StartNew();
    private readonly TimeSpan limit;

    public CasePlay(CaseFile file, CaseBroker broker, int run)
    {
        this.file = file;
        this.broker = broker;
        limit = TimeSpan.FromSeconds(file.Root.Number("timeout_s", 20));
        var known = new Dictionary<string, object?>(broker.Known) { ["t0"] = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() };
        foreach (var (name, value) in file.Given) known[name] = value;
        variables = new CaseVariables(known, run.ToString("x7", System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>The differences, none where the case passes.</summary>
    public async Task<List<string>> Run()
    {
        try
        {
            return await Steps(file.Root.List("steps"), "step ");
        }
        finally
        {
            await RemoveTopics();
            foreach (var connection in connections.Values) connection.Dispose();
        }
    }

    private async Task RemoveTopics()
    {
        if (made.IsEmpty) return;
        var topics = made.Keys.Select(name => (object?)new CaseObject { ["name"] = name }).ToList();
        var step = new CaseObject { ["api"] = "DeleteTopics", ["version"] = 6L, ["send"] = new CaseObject { ["timeoutMs"] = 2000L, ["topics"] = topics } };
        using var connection = await CaseConnection.Open(broker.Host, broker.Port, "replay");
        await connection.Write(CaseRequests.Frame(step, variables, "replay", 1));
        await connection.ReadFrame(TimeSpan.FromSeconds(10));
    }

    private async Task<List<string>> Steps(List<object?> steps, string prefix)
    {
        for (var i = 0; i < steps.Count; i++)
        {
            var step = (CaseObject)steps[i]!;
            var differences = await Tried(step, $"{prefix}{i + 1}");
            if (differences.Count > 0) return differences.Select(d => d.StartsWith("step ", StringComparison.Ordinal) ? d : $"{prefix}{i + 1}{Describe(step)}: {d}").ToList();
        }

        return [];
    }

    private async Task<List<string>> Tried(CaseObject step, string label)
    {
        try
        {
            return watch.Elapsed > limit ? ["the case took too long"] : await Step(step, label);
        }
        catch (WrongException e)
        {
            return [e.Message];
        }
        catch (CaseException e)
        {
            return [$"the case is wrong: {e.Message}"];
        }
    }

    private static string Describe(CaseObject step) => step.ContainsKey("api") ? $" ({step.Text("api")} v{CaseValue.Show(step.GetValueOrDefault("version"))})" : "";

    private async Task<List<string>> Step(CaseObject step, string label)
    {
        if (step.ContainsKey("api")) return await Request(step);
        if (step.ContainsKey("topic")) return await Topic(step);
        if (step.ContainsKey("parallel")) return await Parallel(step.List("parallel"), label);
        if (step.ContainsKey("pipeline")) return await Pipeline(step);
        if (step.TryGetValue("repeat_until", out var inner)) return await RepeatUntil(step, inner);
        if (step.ContainsKey("raw") || step.ContainsKey("frame")) return await Raw(step);
        if (step.ContainsKey("pause_ms")) await Pause(step.Number("pause_ms", 0));
        else if (step.ContainsKey("open")) await Reopen(step);
        else if (step.ContainsKey("close")) (await Connection(step.Text("close"))).Dispose();
        else if (step.ContainsKey("half_close")) (await Connection(step.Text("half_close"))).HalfClose();
        else if (step.ContainsKey("expect_closed")) await (await Connection(step.Text("expect_closed"))).AwaitClosed(Within(step));
        else throw new CaseException($"no step of this kind: {CaseValue.Show(step)}");
        return [];
    }

    // What a case pauses for is part of the recorded conversation: a lease or a session that must have run out.
    private static async Task Pause(long milliseconds)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(Math.Max(1, milliseconds)));
        await timer.WaitForNextTickAsync();
    }

    private TimeSpan Within(CaseObject step)
    {
        var left = limit - watch.Elapsed;
        var asked = TimeSpan.FromMilliseconds(step.Number("within_ms", 10_000));
        return left < asked ? left > TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(1) : asked;
    }

    private async Task<CaseConnection> Connection(string name)
    {
        if (connections.TryGetValue(name, out var known)) return known;
        var opened = await CaseConnection.Open(broker.Host, broker.Port, $"replay-{name}");
        return connections.TryAdd(name, opened) ? opened : connections[name];
    }

    private Task<CaseConnection> Connection(CaseObject step) => Connection(step.Text("conn", "a"));

    private async Task Reopen(CaseObject step)
    {
        var name = step.Text("open");
        var clientId = step.TryGetValue("clientId", out var id) ? variables.Resolve(id) as string : $"replay-{name}";
        if (connections.TryRemove(name, out var old)) old.Dispose();
        connections[name] = await CaseConnection.Open(broker.Host, broker.Port, clientId);
    }

    private async Task<List<string>> Request(CaseObject step)
    {
        var started = watch.Elapsed;
        while (true)
        {
            var connection = await Connection(step);
            var begun = watch.ElapsedMilliseconds;
            var correlation = connection.NextCorrelation();
            await connection.Write(CaseRequests.Frame(step, variables, connection.ClientId, correlation));
            if (step.Text("expect") == "nothing") return [];
            if (step.Text("expect") == "closed")
            {
                await connection.AwaitClosed(Within(step));
                return [];
            }

            var actual = CaseRequests.Decode(step, variables, await connection.ReadFrame(Within(step)), correlation);
            NoteMade(step, actual);
            var differences = Compare(step, actual, watch.ElapsedMilliseconds - begun);
            var again = step.GetValueOrDefault("retry") is not false && IsTransient(actual) && watch.Elapsed - started < RetryFor && watch.Elapsed < limit;
            if (differences.Count == 0 || !again) return differences;
            await Pause(40);
        }
    }

    private void NoteMade(CaseObject step, CaseObject actual)
    {
        if (step.Text("api") != "CreateTopics") return;
        foreach (var topic in actual.List("topics").Cast<CaseObject>().Where(t => t.Text("errorCode") == "NONE")) made[topic.Text("name")] = true;
    }

    private List<string> Compare(CaseObject step, CaseObject actual, long tookMs)
    {
        var (api, version) = CaseRequests.Answered(step, variables);
        var match = new CaseMatch(variables.Copy(), version);
        if (step.TryGetValue("expect", out var expect)) match.Check(expect, true, actual, CaseMessage.Of(api + "Response").Root, "");
        // The lower bound is behaviour (a wait that was asked for); the upper one depends on the machine's load, so it gets slack.
        if (step.List("took_ms") is [long low, long high] && (tookMs < low || tookMs > high + CaseBroker.LoadSlackMs)) match.Differences.Add($"took {tookMs} ms; expected {low} to {high} ms");
        if (match.Differences.Count == 0) variables.Take(match.Variables);
        return match.Differences;
    }

    private static bool IsTransient(object? value) => value switch
    {
        string text => Retried.Contains(text),
        List<object?> list => list.Any(IsTransient),
        CaseObject o => o.Values.Any(IsTransient),
        _ => false,
    };

    private async Task<List<string>> RepeatUntil(CaseObject step, object? inner)
    {
        var until = watch.Elapsed + TimeSpan.FromMilliseconds(step.Number("timeout_ms", 8000));
        while (true)
        {
            var differences = inner is List<object?> list ? await Steps(list, "step repeated ") : await Step((CaseObject)inner!, "");
            if (differences.Count == 0) return [];
            if (watch.Elapsed > until || watch.Elapsed > limit) return differences.Select(d => d + " (still, after repeating)").ToList();
            await Pause(step.Number("every_ms", 50));
        }
    }

    private async Task<List<string>> Parallel(List<object?> branches, string label)
    {
        var running = branches.Select((branch, i) => Task.Run(() => Steps(branch as List<object?> ?? [branch], $"{label}{(char)('a' + i)}.")));
        return (await Task.WhenAll(running)).SelectMany(d => d).ToList();
    }

    private async Task<List<string>> Pipeline(CaseObject step)
    {
        var connection = await Connection(step);
        var requests = step.List("pipeline").Cast<CaseObject>().Select(r => (Step: r, Id: connection.NextCorrelation())).ToList();
        await connection.Write([.. requests.SelectMany(r => CaseRequests.Frame(r.Step, variables, connection.ClientId, r.Id))]);
        var all = new List<string>();
        foreach (var (request, id) in requests.Where(r => r.Step.Text("expect") != "nothing"))
        {
            var actual = CaseRequests.Decode(request, variables, await connection.ReadFrame(Within(step)), id);
            all.AddRange(Compare(request, actual, 0).Select(d => $"request {id}{Describe(request)}: {d}"));
        }

        return all;
    }

    private async Task<List<string>> Raw(CaseObject step)
    {
        var connection = await Connection(step);
        var bytes = CaseEncoder.Hex(variables.Text(step.Text("raw", step.Text("frame"))));
        await connection.Write(step.ContainsKey("raw") ? bytes : new CaseOut().Int32(bytes.Length).Raw(bytes).Done());
        if (step.Text("expect") == "closed") await connection.AwaitClosed(Within(step));
        if (step.GetValueOrDefault("expect") is not CaseObject) return [];
        return Compare(step, CaseRequests.Decode(step, variables, await connection.ReadFrame(Within(step)), null), 0);
    }

    // Creates a topic under a name of this run, waits until its partitions have leaders, and keeps its id as $name_id.
    private async Task<List<string>> Topic(CaseObject step)
    {
        var name = step.Text("topic");
        var topic = new CaseObject { ["name"] = variables.Name(name), ["numPartitions"] = step.ContainsKey("assignments") ? -1L : step.Number("partitions", 1), ["replicationFactor"] = step.ContainsKey("assignments") ? -1L : 1L };
        topic["configs"] = step.Object("configs").Select(c => (object?)new CaseObject { ["name"] = c.Key, ["value"] = variables.Resolve(c.Value) }).ToList();
        topic["assignments"] = step.List("assignments").Select(variables.Resolve).ToList();
        var create = new CaseObject { ["api"] = "CreateTopics", ["version"] = 7L, ["send"] = new CaseObject { ["timeoutMs"] = 10_000L, ["topics"] = new List<object?> { topic } } };
        create["expect"] = new CaseObject { ["topics"] = new List<object?> { new CaseObject { ["errorCode"] = "NONE", ["topicId"] = "$any" } } };
        var created = await Request(create);
        if (created.Count > 0) return created;
        var describe = new CaseObject { ["api"] = "Metadata", ["version"] = 12L };
        describe["send"] = new CaseObject { ["topics"] = new List<object?> { new CaseObject { ["name"] = variables.Name(name) } } };
        var ready = new CaseObject { ["errorCode"] = "NONE", ["topicId"] = new CaseObject { ["$bind"] = name + "_id" } };
        ready["partitions"] = new CaseObject { ["$all"] = new CaseObject { ["errorCode"] = "NONE", ["leaderId"] = "$int>=0" } };
        describe["expect"] = new CaseObject { ["topics"] = new List<object?> { ready } };
        return await RepeatUntil(new CaseObject { ["timeout_ms"] = 10_000L }, describe);
    }
}
