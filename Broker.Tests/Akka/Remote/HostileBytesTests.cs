using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Akka.Actor;
using Akka.Event;
using Akka.Remote;
using Akka.Remote.Transport;
using Akka.Remote.Transport.DotNetty;
using Akka.Remote.Wire;

namespace AkkaStream.Tests.Akka.Remote;

/// <summary>Strangers and liars on a node's port: each is cut off, and the node goes on.</summary>
public sealed class HostileBytesTests : RemoteFixture
{
    [Fact]
    public async Task A_strangers_bytes_end_his_connection_and_nothing_else()
    {
        var node = StartOnTcp("a");
        var dice = new Random(5);
        foreach (var first in Firsts(dice))
        {
            using var stranger = await Connect(node);
            await stranger.SendAsync(first);
            Assert.True(await IsCutOff(stranger));
        }

        await AnswersTo(node);
    }

    [Fact]
    public async Task A_frame_over_the_limit_is_refused_before_it_is_read()
    {
        var node = StartOnTcp("a", "akka.remote.dot-netty.tcp.maximum-frame-size = 40000b");
        using var peer = await Connect(node);
        await peer.SendAsync(Framed(Hello(node), []));
        Assert.Equal((byte)FrameKind.Welcome, (await ReadFrame(peer))[0]);
        var before = GC.GetTotalAllocatedBytes();
        await peer.SendAsync(Lengths(20, int.MaxValue - 100));
        Assert.True(await IsCutOff(peer));
        Assert.True(GC.GetTotalAllocatedBytes() - before < 100_000_000);
        await AnswersTo(node);
    }

    [Fact]
    public async Task Mutated_frames_of_a_peer_that_was_welcome_do_no_harm()
    {
        var node = StartOnTcp("a");
        var dice = new Random(11);
        var head = MessageHead.Write("/user/echo"u8, "/user/x"u8, false, 17, "S")!;
        byte[][] frames =
        [
            Framed(head, "hello"u8.ToArray()),
            Framed(MessageHead.Write("/"u8, default, false, 18, "SEL")!, new byte[60]),
            Framed([(byte)FrameKind.System, .. new byte[40]], []),
            Framed([(byte)FrameKind.Acknowledge, .. new byte[8]], []),
        ];
        for (var i = 0; i < 60; i++)
        {
            using var peer = await Connect(node);
            await peer.SendAsync(Framed(Hello(node), []));
            await ReadFrame(peer);
            var frame = (byte[])frames[i % frames.Length].Clone();
            for (var flips = dice.Next(1, 4); flips > 0; flips--) frame[dice.Next(frame.Length)] ^= (byte)(1 << dice.Next(8));
            await peer.SendAsync(frame);
        }

        await AnswersTo(node);
    }

    [Theory]
    [InlineData("Akka.Actor.PoisonPill, Akka", 17)]
    [InlineData("System.Diagnostics.Process, System", 17)]
    [InlineData("", 99)]
    [InlineData("SEL", 18)]
    public async Task No_type_is_made_by_its_name_and_what_cannot_be_read_costs_one_message(string manifest, int serializer)
    {
        var node = StartOnTcp("a");
        var inlet = Inlet(node);
        var path = global::System.Text.Encoding.UTF8.GetBytes(SenderCache.PathText(inlet.Ref.Path));
        using var peer = await Connect(node);
        await peer.SendAsync(Framed(Hello(node), []));
        await ReadFrame(peer);
        await peer.SendAsync(Framed(MessageHead.Write(path, default, false, serializer, manifest)!, new byte[10]));
        await peer.SendAsync(Framed(MessageHead.Write(path, default, false, 17, "S")!, "next"u8.ToArray()));
        Assert.Equal("next", await inlet.Next());
    }

    [Fact]
    public async Task With_TLS_peers_with_a_certificate_of_the_same_authority_talk_and_others_do_not()
    {
        using var own = Authority("CN=cluster");
        using var other = Authority("CN=stranger");
        const string config = "akka.remote.dot-netty.tcp.enable-ssl = on";
        var (a, b) = (StartOnTcp("a", config, Ssl(own)), StartOnTcp("b", config, Ssl(own)));
        Echo(b, "echo");
        var bytes = new byte[90_000];
        Assert.Equal(bytes, await a.ActorSelection($"{AddressOf(b)}/user/echo").Ask<byte[]>(bytes, Patience));

        var wrong = StartOnTcp("c", config, Ssl(other));
        var dead = Events<DeadLetter>(wrong);
        wrong.ActorSelection($"{AddressOf(b)}/user/echo").Tell("let me in", ActorRefs.NoSender);
        Assert.IsType<DeadLetter>(await dead.Next());

        var plain = StartOnTcp("d");
        dead = Events<DeadLetter>(plain);
        plain.ActorSelection($"{AddressOf(b)}/user/echo").Tell("let me in", ActorRefs.NoSender);
        Assert.IsType<DeadLetter>(await dead.Next());

        // Without any certificate the handshake may seem to succeed on this side; the node hangs up.
        using var naked = await Connect(b);
        await using var tls = new SslStream(new NetworkStream(naked), false, (_, _, _, _) => true);
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await tls.AuthenticateAsClientAsync("x");
            await tls.WriteAsync(Framed(Hello(b), []));
            if (await tls.ReadAsync(new byte[100]).AsTask().WaitAsync(Patience) == 0) throw new EndOfStreamException();
        });
    }

    [Fact]
    public async Task A_stranger_and_a_peer_that_is_not_trusted_are_told_of_once()
    {
        using var own = Authority("CN=cluster");
        using var other = Authority("CN=stranger");
        const string warns = "akka.loglevel = WARNING";
        const string config = "akka.remote.dot-netty.tcp.enable-ssl = on\n" + warns;
        var (node, wrong) = (StartOnTcp("b", config, Ssl(own)), StartOnTcp("c", config, Ssl(other)));
        var (here, there) = (Events<Warning>(node), Events<Warning>(wrong));
        for (var i = 0; i < 3; i++)
        {
            using var stranger = await Connect(node);
            await stranger.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
            Assert.True(await IsCutOff(stranger));
            if (i > 0) continue;
            var said = (await here.Next() as Warning)!.Message.ToString()!;
            Assert.StartsWith($"a connection ended before its first word: NotTrusted ({stranger.LocalEndPoint}: ", said);
            Assert.EndsWith("and certificates of the same authority (ssl.certificate)?", said);
        }

        var dead = Events<DeadLetter>(wrong);
        wrong.ActorSelection($"{AddressOf(node)}/user/echo").Tell("let me in", ActorRefs.NoSender);
        Assert.IsType<DeadLetter>(await dead.Next());
        Assert.StartsWith($"no connection to {AddressOf(node)}: NotTrusted (", (await there.Next() as Warning)!.Message.ToString());

        var plain = StartOnTcp("d", warns);
        here = Events<Warning>(plain);
        using var web = await Connect(plain);
        await web.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
        Assert.True(await IsCutOff(web));
        Assert.StartsWith($"a connection ended before its first word: BadFrame ({web.LocalEndPoint}: ", (await here.Next() as Warning)!.Message.ToString());
    }

    [Fact]
    public void Complaints_come_once_a_minute_and_say_how_many_there_were()
    {
        var complaints = new Complaints();
        var told = new List<long>();
        for (var second = 0; second <= 120; second += 20)
        {
            if (complaints.Says(TimeSpan.FromSeconds(second), out var keptBack)) told.Add(keptBack);
        }

        Assert.Equal([0, 2, 2], told);
    }

    private static IEnumerable<byte[]> Firsts(Random dice)
    {
        yield return "GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray();
        yield return Lengths(0, 0);
        yield return Lengths(60_000, 10);
        yield return Lengths(10, 4000);
        yield return Framed([(byte)FrameKind.Message, .. new byte[30]], []);
        yield return Framed([(byte)FrameKind.Hello, 1, 2, 3], []);
        yield return Framed(MessageHead.Write("/user/echo"u8, default, false, 17, "S")!, "x"u8.ToArray());
        for (var i = 0; i < 20; i++)
        {
            var hello = Handshake.Hello(Lane.Bulk, Address.Parse("akka.tcp://net@127.0.0.1:1"), 5, Address.Parse("akka.tcp://net@127.0.0.1:2"));
            hello[dice.Next(11)] ^= (byte)dice.Next(1, 256);
            yield return Framed(hello, []);
        }

        for (var i = 0; i < 20; i++)
        {
            var noise = new byte[3000];
            dice.NextBytes(noise);
            yield return noise;
        }
    }

    private static DotNettySslSetup Ssl(X509Certificate2 certificate) => new(certificate, false);

    private static X509Certificate2 Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }

    private static byte[] Hello(ActorSystem node) => Handshake.Hello(Lane.Bulk, Address.Parse("akka.tcp://net@127.0.0.1:1"), 77, AddressOf(node));

    private static byte[] Lengths(int head, int body)
    {
        var bytes = new byte[Frame.LengthsSize + 8];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)head);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(2), body);
        return bytes;
    }

    private static byte[] Framed(byte[] head, byte[] body) => [.. Lengths(head.Length, body.Length)[..Frame.LengthsSize], .. head, .. body];

    private static async Task<Socket> Connect(ActorSystem node)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(AddressOf(node).Host!, AddressOf(node).Port!.Value);
        return socket;
    }

    private static async Task<byte[]> ReadFrame(Socket socket)
    {
        var bytes = new byte[2048];
        var read = await socket.ReceiveAsync(bytes).WaitAsync(Patience);
        return bytes[Frame.LengthsSize..read];
    }

    // The node answers with a refusal or not at all, and hangs up.
    private static async Task<bool> IsCutOff(Socket socket)
    {
        var bytes = new byte[2048];
        try
        {
            while (await socket.ReceiveAsync(bytes).WaitAsync(Patience) > 0)
            {
            }
        }
        catch (SocketException)
        {
            return true;
        }

        return true;
    }

    private async Task AnswersTo(ActorSystem node)
    {
        Echo(node, "echo");
        var friend = StartOnTcp("friend");
        Assert.Equal("still there", await friend.ActorSelection($"{AddressOf(node)}/user/echo").Ask<string>("still there", Patience));
    }
}
