using System.Buffers.Binary;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Event;
using AkkaStream.Tests.Support;
using Pbm;
using Petabridge.Cmd.Host;
using Petabridge.Cmd.Wire;

namespace AkkaStream.Tests.Akka.Cmd;

/// <summary>The host against consoles that behave and strangers that do not.</summary>
public sealed class HostTests : CmdFixture
{
    [Fact]
    public async Task A_command_gets_its_arguments_and_its_answer_comes_back()
    {
        Assert.Equal((0, "hi\n", ""), await Pbm(["test", "echo", "-m", "hi"]));
        Assert.Equal((0, "a b a b\n", ""), await Pbm(["test", "echo", "--message", "a b", "-t", "2"]));
        Assert.Equal((0, "one\ntwo\n", ""), await Pbm(["test", "pieces"]));
    }

    [Fact]
    public async Task What_is_not_there_is_answered_with_what_is()
    {
        Assert.Equal((2, "", "There is no palette 'nope'. There are: actor, log, sys, test.\n"), await Pbm(["nope", "x"]));
        var (code, _, error) = await Pbm(["actor", "nope"]);
        Assert.Equal((2, "actor has no command 'nope'. It has: hierarchy.\n"), (code, error));
        (code, _, error) = await Pbm(["test", "echo", "-m", "x", "--bogus"]);
        Assert.Equal(2, code);
        Assert.StartsWith("test echo does not know '--bogus'.\ntest echo: Does echo.\n  -m, --message  What to say. Needed.\n", error);
        Assert.Equal(2, (await Pbm(["test", "echo"])).Code);
        Assert.Equal(2, (await Pbm(["test", "echo", "-m"])).Code);
        Assert.Contains("log tail", (await Pbm(["help"])).Output);
        Assert.StartsWith("actor hierarchy", (await Pbm(["actor"])).Output);
        Assert.Contains("1 where nothing is said. Such as 1, 2, 10.", (await Pbm(["test", "echo", "--help"])).Output);
    }

    [Fact]
    public async Task A_handler_that_fails_fails_its_command_and_nothing_else()
    {
        Assert.Equal((1, "", "test throw failed: meant\n"), await Pbm(["test", "throw"]));
        Assert.Equal((1, "", "the command's handler failed: outside of any command\n"), await Pbm(["test", "die"]));
        Assert.Equal((1, "", "test unhandled: this host has no handler for it\n"), await Pbm(["test", "unhandled"]));
        Assert.Contains("Int32", (await Pbm(["test", "nonsense"])).Error);
        Assert.Equal((0, "hi\n", ""), await Pbm(["test", "echo", "-m", "hi"]));
    }

    [Fact]
    public async Task A_command_that_says_nothing_can_be_cancelled_and_the_next_one_runs()
    {
        using var connection = await Connect();
        var silent = connection.RunAsync(new RunRequest(["test", "silent"], false), _ => { }, Patience);
        await connection.CancelAsync();
        Assert.Equal(OutputFlags.Final, (await silent).Flags);
        Assert.Equal("hi", (await connection.RunAsync(new RunRequest(["test", "echo", "-m", "hi"], false), _ => { }, Patience)).Text);
    }

    [Fact]
    public async Task A_handler_that_stops_is_told_and_the_next_command_has_a_new_one()
    {
        using var connection = await Connect();
        Assert.Equal(OutputFlags.Final | OutputFlags.Failed, (await connection.RunAsync(new RunRequest(["test", "end"], false), _ => { }, Patience)).Flags);
        Assert.Equal("hi", (await connection.RunAsync(new RunRequest(["test", "echo", "-m", "hi"], false), _ => { }, Patience)).Text);
    }

    [Fact]
    public async Task An_answer_over_the_limit_is_cut_and_said_so()
    {
        var (code, output, _) = await Pbm(["test", "long"]);
        Assert.Equal(0, code);
        Assert.EndsWith("\n... cut off: an answer has at most 1048576 characters, this one had 1048581\n", output);
    }

    [Fact]
    public async Task A_console_that_does_not_read_is_cut_off()
    {
        using var lazy = await Stranger();
        lazy.ReceiveBufferSize = 4096;
        await lazy.SendAsync(Greeting.OfConsole());
        await lazy.SendAsync(Frames.Run(new RunRequest(["test", "flood"], false)));
        await Sessions(0);
        Assert.Equal((0, "hi\n", ""), await Pbm(["test", "echo", "-m", "hi"]));
    }

    [Fact]
    public async Task Strangers_and_liars_are_cut_off()
    {
        byte[][] lies =
        [
            "GET / HTTP/1.1\r\n\r\n"u8.ToArray(),
            [.. Greeting.OfConsole(), .. Claim(int.MaxValue)],
            [.. Greeting.OfConsole(), .. Claim(-1)],
            [.. Greeting.OfConsole(), .. Claim(0)],
            [.. Greeting.OfConsole(), .. Claim(1), 99],
            [.. Greeting.OfConsole(), .. Claim(3), 2, 255, 255],
            [.. Greeting.OfConsole(), .. Frames.Run(new RunRequest(["test", "silent"], false)), .. Frames.Run(new RunRequest(["test", "silent"], false))],
        ];
        foreach (var lie in lies)
        {
            using var stranger = await Stranger();
            await stranger.SendAsync(lie);
            Assert.True(await IsCutOff(stranger));
        }

        await Sessions(0);
        Assert.Equal((0, "hi\n", ""), await Pbm(["test", "echo", "-m", "hi"]));
    }

    [Fact]
    public async Task One_console_too_many_is_told_so_and_a_place_becomes_free_again()
    {
        var consoles = new List<HostConnection>();
        for (var i = 0; i < HostLimits.Consoles; i++) consoles.Add(await Connect());
        Assert.Contains("as many consoles as it takes", (await Assert.ThrowsAsync<HostException>(Connect)).Message);
        consoles[0].Dispose();
        await Sessions(HostLimits.Consoles - 1);
        (await Connect()).Dispose();
        foreach (var console in consoles) console.Dispose();
    }

    [Fact]
    public async Task A_port_that_is_taken_is_said_and_costs_nothing_else()
    {
        var other = ActorSystem.Create("other", $"petabridge.cmd.port = {Place.Port}\nakka.stdout-loglevel = OFF\nakka.loggers = []");
        var heard = new TaskCompletionSource<Warning>();
        other.EventStream.Subscribe(other.ActorOf(Props.Create(() => new Ear(heard))), typeof(Warning));
        PetabridgeCmd.Get(other).Start();
        Assert.Contains($"cannot listen at 127.0.0.1:{Place.Port}", (await heard.Task.WaitAsync(Patience)).Message.ToString());
        await Assert.ThrowsAsync<SocketException>(() => PetabridgeCmd.Get(other).Bound.WaitAsync(Patience));
        Assert.False(other.WhenTerminated.IsCompleted);
        await other.Terminate();
    }

    [Fact]
    public void A_palette_is_registered_once()
    {
        Assert.False(Host.RegisterCommandPalette(new TestPalette()));
        Host.Start();
    }

    [Fact]
    public async Task The_port_is_free_when_the_system_has_ended()
    {
        await System.Terminate();
        Assert.Contains("Nothing listens", (await Assert.ThrowsAsync<HostException>(Connect)).Message);
    }

    private static byte[] Claim(int length)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, length);
        return bytes;
    }

    private static async Task<bool> IsCutOff(Socket socket)
    {
        var buffer = new byte[4096];
        try
        {
            while (await socket.ReceiveAsync(buffer).WaitAsync(Patience) > 0)
            {
            }
        }
        catch (SocketException)
        {
            return true;
        }

        return true;
    }

    private async Task Sessions(int expected)
    {
        var host = (LocalActorRef)await System.ActorSelection("/system/petabridge.cmd").ResolveOne(Patience);
        await Eventually.Holds(() => host.Cell.GetChildren().Count() == expected, $"{expected} sessions");
    }

    private sealed class Ear(TaskCompletionSource<Warning> heard) : UntypedActor
    {
        protected override void OnReceive(object message) => heard.TrySetResult((Warning)message);
    }
}
