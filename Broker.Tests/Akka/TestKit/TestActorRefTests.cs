using Akka.Actor;
using Akka.TestKit.Xunit2;

namespace AkkaStream.Tests.Akka.TestKits;

public sealed class TestActorRefTests : TestKit
{
    [Fact]
    public void A_message_is_handled_before_tell_returns_and_the_actor_is_at_hand()
    {
        var counter = ActorOfAsTestActorRef<Counter>("counter");
        counter.Tell("a");
        counter.Tell("b");
        Assert.Equal(2, counter.UnderlyingActor.Count);
        Assert.Equal("counter", counter.Path.Name);
    }

    [Fact]
    public void What_the_actor_throws_reaches_the_test_by_receive()
    {
        var counter = ActorOfAsTestActorRef<Counter>();
        counter.Receive("a");
        Assert.Equal(1, counter.UnderlyingActor.Count);
        Assert.Throws<InvalidOperationException>(() => counter.Receive("fail"));
    }

    [Fact]
    public void It_stands_where_an_actor_does()
    {
        var counter = ActorOfAsTestActorRef<Counter>(Props.Create(() => new Counter()), TestActor, "child");
        Assert.Equal(TestActor.Path, counter.Path.Parent);
        IActorRef reference = counter;
        Watch(reference);
        reference.Tell("count");
        ExpectMsg(1);
        Sys.Stop(reference);
        ExpectTerminated(reference);
        Assert.True(counter.Equals(reference));
    }

    private sealed class Counter : ReceiveActor
    {
        public Counter()
        {
            Receive<string>(m => m == "fail", _ => throw new InvalidOperationException("meant"));
            ReceiveAny(m =>
            {
                Count++;
                if (m is "count") Sender.Tell(Count);
            });
        }

        public int Count { get; private set; }
    }
}
