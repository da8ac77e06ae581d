using System.Text.Json;
using Akka.Actor;
using Akka.Event;
using AkkaStream.Tests.Support;
using Petabridge.Cmd.Host.Palettes;

namespace AkkaStream.Tests.Akka.Cmd;

/// <summary>The palettes actor, log and sys.</summary>
public sealed class PaletteTests : CmdFixture
{
    [Fact]
    public async Task The_tree_of_actors_is_shown_from_anywhere()
    {
        System.ActorOf(Props.Create(() => new Parent()), "parent");
        await Eventually.Holds(async () => (await Pbm(["actor", "hierarchy", "-s", "/user"])).Output == "/user  UserGuardianActor\n  parent  Parent\n    child-0  Child\n    child-1  Child\n", "the whole tree");
        Assert.Equal((0, "/user/parent  Parent\n  child-0  Child\n  child-1  Child\n", ""), await Pbm(["actor", "hierarchy", "--start", "/user/parent"]));
        Assert.Equal((0, "/user  UserGuardianActor\n  parent  Parent\n", ""), await Pbm(["actor", "hierarchy", "--start", "/user", "-d", "1"]));
        Assert.Equal((1, "", "there is no actor /user/nobody\n"), await Pbm(["actor", "hierarchy", "-s", "/user/nobody"]));
        Assert.Equal(1, (await Pbm(["actor", "hierarchy", "-d", "1000"])).Code);
        Assert.Contains("\nuser", (await Pbm(["actor", "hierarchy"])).Output.Replace("  ", "", StringComparison.Ordinal));
        var json = JsonDocument.Parse((await Pbm(["actor", "hierarchy", "-s", "/user", "--output", "json"])).Output).RootElement;
        Assert.Equal(["/user", "/user/parent", "/user/parent/child-0", "/user/parent/child-1"], json.GetProperty("actors").EnumerateArray().Select(a => a.GetProperty("path").GetString()));
    }

    [Fact]
    public async Task The_log_can_be_looked_back_into_and_followed()
    {
        System.Log.Info("first {0}", 1);
        System.Log.Warning("second");
        await Eventually.Holds(async () => (await Pbm(["log", "peek", "-n", "1"])).Output.EndsWith("second\n", StringComparison.Ordinal), "both events");
        Assert.Contains("first 1\n", (await Pbm(["log", "peek"])).Output);
        Assert.DoesNotContain("first", (await Pbm(["log", "peek", "--level", "WARNING"])).Output);
        Assert.Contains(JsonDocument.Parse((await Pbm(["log", "peek", "--output", "json"])).Output).RootElement.EnumerateArray(), e => e.GetString()!.EndsWith("first 1", StringComparison.Ordinal));
        Assert.Equal((1, "", "--count 9999: expected a number from 1 to 500\n"), await Pbm(["log", "peek", "-n", "9999"]));
        Assert.Contains("Unknown LogLevel", (await Pbm(["log", "peek", "-l", "LOUD"])).Error);

        var console = new FakeConsole { IsInteractive = true }.Type("log tail\n");
        var tail = Pbm([], console);
        await Eventually.Holds(() =>
        {
            System.Log.Info("third");
            return console.Out.ToString()!.Contains("third\n", StringComparison.Ordinal);
        }, "an event that is followed");
        console.Interrupt();
        console.Type("exit\n");
        Assert.Equal(0, (await tail).Code);
    }

    [Fact]
    public async Task The_process_tells_of_itself_and_keeps_its_secrets()
    {
        Assert.Contains("system             looked-into\n", (await Pbm(["sys", "info"])).Output);
        var json = JsonDocument.Parse((await Pbm(["sys", "info", "--output=json"])).Output).RootElement;
        Assert.Equal(Environment.ProcessId, json.GetProperty("process-id").GetInt32());
        Assert.True(json.GetProperty("working-set-bytes").GetInt64() > 0);
        Assert.Contains("port = 0\n", (await Pbm(["sys", "config", "-p", "petabridge.cmd"])).Output);
        Assert.Equal((1, "", "the configuration has no section 'nowhere'\n"), await Pbm(["sys", "config", "-p", "nowhere"]));
        Assert.Equal("a {\n  password : \"***\"\n  \"my-secret-key\" : \"***\"\n  port = 3\n}", SysCommands.Masked("a {\n  password = hunter2\n  \"my-secret-key\" : [1, 2]\n  port = 3\n}"));
    }

    private sealed class Child : UntypedActor
    {
        protected override void OnReceive(object message)
        {
        }
    }

    private sealed class Parent : UntypedActor
    {
        protected override void PreStart()
        {
            for (var i = 0; i < 2; i++) Context.ActorOf(Props.Create(() => new Child()), $"child-{i}");
        }

        protected override void OnReceive(object message)
        {
        }
    }
}
