using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Akka.Actor;
using Akka.Hosting;
using AkkaStream.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Pbm;
using Petabridge.Cmd.Host;

namespace AkkaStream.Tests.Akka.Cmd;

/// <summary>pbm itself, against a host in this process.</summary>
public sealed class PbmTests : CmdFixture
{
    [Fact]
    public async Task Scripts_get_JSON_and_exit_codes()
    {
        var (code, output, _) = await Pbm(["test", "echo", "-m", "hi", "--output", "json"]);
        Assert.Equal((0, "{\"ok\":true,\"output\":\"hi\"}\n"), (code, output));
        (code, output, _) = await Pbm(["--output", "json", "test", "throw"]);
        Assert.Equal((1, "{\"ok\":false,\"error\":\"test throw failed: meant\"}\n"), (code, output));
        Assert.False(JsonDocument.Parse((await Pbm(["--output", "json", "nope"])).Output).RootElement.GetProperty("ok").GetBoolean());
        Assert.Equal("{\"ok\":true,\"output\":\"one\\n\"}\n{\"ok\":true,\"output\":\"two\"}\n", (await Pbm(["--output", "json", "test", "pieces"])).Output);
    }

    [Fact]
    public async Task Lines_of_a_script_run_until_one_fails()
    {
        Assert.Equal((0, "a\nb c\n", ""), await Pbm([], new FakeConsole("test echo -m a", "", "# a comment", "test echo -m \"b c\"", "exit", "test throw")));
        Assert.Equal((1, "a\n", "test throw failed: meant\n"), await Pbm([], new FakeConsole("test echo -m a", "test throw", "test echo -m b")));
    }

    [Fact]
    public async Task Where_nothing_listens_it_says_what_to_do()
    {
        var console = new FakeConsole();
        using var taken = new Socket(SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)taken.LocalEndPoint!).Port;
        Assert.Equal(ExitCodes.NoHost, await PbmProgram.Run([$"127.0.0.1:{port}", "sys", "info"], console));
        Assert.StartsWith($"Nothing listens at 127.0.0.1:{port}.\nAn AkkaStream broker listens there by itself", console.Error.ToString());
        taken.Listen();
        Assert.Equal(ExitCodes.NoHost, await PbmProgram.Run(["--port", $"{port}", "--timeout", "0.05", "sys", "info"], console = new FakeConsole()));
        Assert.Contains("did not answer within 0.1 s", console.Error.ToString());
    }

    [Fact]
    public async Task Its_own_command_line_is_checked_before_anything_is_sent()
    {
        Assert.Equal(ExitCodes.Misused, (await Pbm(["--output", "xml", "sys", "info"])).Code);
        Assert.Equal(ExitCodes.Misused, (await Pbm(["--bogus"])).Code);
        var console = new FakeConsole();
        Assert.Equal(ExitCodes.Misused, await PbmProgram.Run(["--port", "70000", "sys"], console));
        Assert.Contains("expected a number from 1 to 65535", console.Error.ToString());
        Assert.Contains("Exit codes: 0 done", (await Pbm(["--help"])).Output);
        Assert.Equal((0, "--host\n", ""), await Pbm(["--", "test", "echo", "-m", "--host"]));
    }

    [Theory]
    [InlineData("--port", "abc", "--port: expected a number from 1 to 65535, not 'abc'")]
    [InlineData("--timeout", "abc", "--timeout: expected seconds, more than 0 and at most 86400, not 'abc'")]
    [InlineData("--timeout", "NaN", "--timeout: expected seconds, more than 0 and at most 86400, not 'NaN'")]
    [InlineData("--host", "", "--host: expected a name or an address of 1 to 255 characters, not ''")]
    public async Task A_value_that_is_none_is_named(string option, string value, string said)
    {
        var console = new FakeConsole();
        Assert.Equal(ExitCodes.Misused, await PbmProgram.Run([option, value, "sys", "info"], console));
        Assert.Equal(said + "\nSee: pbm --help\n", console.Error.ToString());
    }

    [Fact]
    public async Task What_the_host_does_not_understand_or_would_not_take_is_misuse()
    {
        Assert.Equal((2, "", "There is no palette 'nosuch'. There are: actor, log, sys, test.\n"), await Pbm(["help", "nosuch"]));
        Assert.Equal(await Pbm(["test", "echo", "--help"]), await Pbm(["help", "test", "echo"]));
        Assert.Equal((2, "", "a command of 70034 bytes; at most 65536 are taken\n"), await Pbm(["test", "echo", "-m", new string('x', 70_000)]));
        var (code, _, error) = await Pbm(["actor", "hierarchy", "--start"]);
        Assert.Equal(2, code);
        Assert.StartsWith("actor hierarchy: --start needs a start.\n", error);
    }

    [Fact]
    public async Task What_would_steer_the_terminal_is_not_passed_on()
        => Assert.Equal((0, "a?[2Jb?c\n", ""), await Pbm(["test", "escape"]));

    [Fact]
    public async Task A_person_types_completes_and_looks_back()
    {
        var console = new FakeConsole { IsInteractive = true };
        console.Type("te\tec\t-m hello\n");
        console.Press(ConsoleKey.UpArrow).Type(" -t 2\n");
        console.Type("test th\n");
        console.Type("garbage").Press(ConsoleKey.C, control: true);
        console.Type("actor \t\t").Press(ConsoleKey.U, control: true);
        console.Type("quit\n");
        var (code, output, error) = await Pbm([], console);
        Assert.Equal((0, "test has no command 'th'. It has: echo, throw, nonsense, die, silent, flood, pieces, unhandled, escape, long, end.\n"), (code, error));
        Assert.Contains("actor, log, sys, test", output);
        Assert.Contains("\nhello\n", output);
        Assert.Contains("\nhello hello\n", output);
        Assert.Contains("^C\n", output);
    }

    [Fact]
    public async Task A_host_that_went_and_came_back_is_found_again()
    {
        var console = new FakeConsole { IsInteractive = true }.Type("test echo -m a\n");
        var run = Pbm([], console);
        await Eventually.Holds(() => console.Out.ToString()!.Contains("\na\n", StringComparison.Ordinal), "the first answer");
        await System.Terminate();
        console.Type("test echo -m b\n");
        await Eventually.Holds(() => console.Error.ToString()!.Contains("Nothing listens", StringComparison.Ordinal), "the host's absence");
        using var again = ActorSystem.Create("again", $"petabridge.cmd.port = {Place.Port}\nakka.stdout-loglevel = OFF\nakka.loggers = []");
        PetabridgeCmd.Get(again).Start();
        await PetabridgeCmd.Get(again).Bound.WaitAsync(Patience);
        console.Type("sys info\nexit\n");
        await run;
        Assert.Contains("again", console.Out.ToString());
        await again.Terminate();
    }

    [Fact]
    public async Task A_hosted_system_starts_its_host_by_itself()
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddAkka("hosted", akka => akka.AddPetabridgeCmd(new PetabridgeCmdOptions { Host = "127.0.0.1", Port = 0 }, cmd => cmd.RegisterCommandPalette(new TestPalette())));
        using var host = builder.Build();
        await host.StartAsync();
        var port = await PetabridgeCmd.Get(host.Services.GetRequiredService<ActorSystem>()).Bound.WaitAsync(Patience);
        var console = new FakeConsole();
        Assert.Equal(0, await PbmProgram.Run(["--port", $"{port}", "test", "echo", "-m", "hi"], console));
        Assert.Equal("hi\n", console.Out.ToString());
        await host.StopAsync();
    }
}
