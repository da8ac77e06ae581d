using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using AkkaStream.Actors.Peers;
using AkkaStream.Actors.Requests;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Tests.Actors.Peers;

/// <summary>Brokers that ask each other: the way there and back, and every way in which no answer comes.</summary>
public sealed class PeerTests() : TestKit("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"")
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    [Fact]
    public void A_call_is_handled_as_a_client_s_and_its_answer_comes_back()
    {
        var door = Door(slot => slot.Complete(new AddPartitionsToTxnResponse { ErrorCode = ErrorCode.NotCoordinator }));
        var calls = Calls(door);
        calls.Tell(new CallPeer(2, new AddPartitionsToTxnRequest(), 5, Patience, answer => TestActor.Tell(answer!)));
        Assert.Equal(ErrorCode.NotCoordinator, ExpectMsg<AddPartitionsToTxnResponse>().ErrorCode);
    }

    [Fact]
    public void What_brokers_do_not_ask_each_other_is_refused()
    {
        var door = Door(_ => throw new InvalidOperationException("it must not be handled"));
        Calls(door).Tell(new CallPeer(2, new ApiVersionsRequest { ClientSoftwareName = "a", ClientSoftwareVersion = "b" }, 4, Patience, answer => TestActor.Tell(answer is null)));
        Assert.True(ExpectMsg<bool>());
        door.Tell(new PeerCall(7, ApiKey.AddPartitionsToTxn, 99, 3, ReadOnlyMemory<byte>.Empty), TestActor);
        Assert.Equal(7, ExpectMsg<PeerAnswer>(answer => Assert.NotNull(answer.Refusal)).Id);
        door.Tell(new PeerCall(8, ApiKey.AddPartitionsToTxn, 5, 3, new byte[] { 255, 255, 255 }), TestActor);
        Assert.Equal(8, ExpectMsg<PeerAnswer>(answer => Assert.NotNull(answer.Refusal)).Id);
    }

    [Fact]
    public void A_broker_that_does_not_answer_is_waited_for_no_longer_than_was_said()
    {
        var calls = Calls(CreateTestProbe());
        calls.Tell(new CallPeer(2, new AddPartitionsToTxnRequest(), 5, Patience, answer => TestActor.Tell(answer is null)));
        calls.Tell(new CallPeer(9, new AddPartitionsToTxnRequest(), 5, Patience, _ => TestActor.Tell("unknown")));
        ExpectMsg("unknown");
        var time = (TestScheduler)Sys.Scheduler;
        AwaitAssert(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(500));
            Assert.True(HasMessages);
        });
        Assert.True(ExpectMsg<bool>());
    }

    [Fact]
    public void Messages_are_read_as_they_were_written_and_nothing_else_is()
    {
        var serializer = new PeerSerializer((ExtendedActorSystem)Sys);
        var call = new PeerCall(long.MaxValue, ApiKey.WriteTxnMarkers, 2, 77, new byte[] { 1, 2, 3 });
        var readCall = Assert.IsType<PeerCall>(serializer.FromBinary(serializer.ToBinary(call), serializer.Manifest(call)));
        Assert.Equal((call.Id, call.Key, call.Version, call.From), (readCall.Id, readCall.Key, readCall.Version, readCall.From));
        Assert.Equal(call.Body.ToArray(), readCall.Body.ToArray());
        var refused = new PeerAnswer(1, "not mine", ReadOnlyMemory<byte>.Empty);
        Assert.Equal("not mine", Assert.IsType<PeerAnswer>(serializer.FromBinary(serializer.ToBinary(refused), "A")).Refusal);
        foreach (var (bytes, manifest) in new[] { (new byte[15], "C"), (new byte[11], "A"), (new byte[20], "X"), (new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 127, 0, 0, 0, 1 }, "A") })
        {
            Assert.Throws<System.Runtime.Serialization.SerializationException>(() => serializer.FromBinary(bytes, manifest));
        }
    }

    private IActorRef Door(Action<RequestSlot> handle) => Sys.ActorOf(Props.Create(typeof(PeerDoorActor), new Handler(handle), RequestRouter.Served, "PLAINTEXT"));

    private IActorRef Calls(ICanTell door) => Sys.ActorOf(Props.Create(typeof(PeerCallsActor), 1, new Func<int, ICanTell?>(broker => broker == 2 ? door : null)));

    private sealed class Handler(Action<RequestSlot> handle) : IRequestHandler
    {
        public void Handle(RequestSlot slot) => handle(slot);
    }
}
