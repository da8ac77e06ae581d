using Akka.Actor;

namespace AkkaStream.Tests.Akka.Actor;

/// <summary>Recipes by class: the first actors, and all after them, which are made another way.</summary>
public sealed class PropsTests : EngineFixture
{
    private const int Many = 20;

    [Fact]
    public async Task A_recipe_makes_any_number_of_actors()
    {
        var none = Props.Create(() => new Holding());
        var some = Props.Create(() => new Holding("a", 1));
        for (var i = 0; i < Many; i++)
        {
            Assert.Equal("-0", await System.ActorOf(none).Ask<string>("?", Patience));
            Assert.Equal("a1", await System.ActorOf(some).Ask<string>("?", Patience));
        }
    }

    [Fact]
    public async Task Arguments_are_turned_into_what_the_constructor_takes()
    {
        var narrower = Props.Create(typeof(Holding), "b", (short)2);
        var withNull = Props.Create(typeof(Holding), null!, 3);
        for (var i = 0; i < Many; i++)
        {
            Assert.Equal("b2", await System.ActorOf(narrower).Ask<string>("?", Patience));
            Assert.Equal("3", await System.ActorOf(withNull).Ask<string>("?", Patience));
        }
    }

    [Fact]
    public async Task A_constructor_that_may_be_called_with_fewer_arguments_is()
    {
        var props = Props.Create(typeof(Optional), "c");
        for (var i = 0; i < Many; i++) Assert.Equal("c7", await System.ActorOf(props).Ask<string>("?", Patience));
    }

    [Fact]
    public async Task The_failure_of_a_constructor_is_told_as_it_was()
    {
        var seen = NewInlet();
        var parent = System.ActorOf(By(() => new Parent(Props.Create(() => new Failing("no")), seen.Ref)));
        for (var i = 0; i < Many; i++)
        {
            parent.Tell("another", ActorRefs.NoSender);
            var failure = Assert.IsType<ActorInitializationException>(await seen.Next());
            Assert.Equal("no", Assert.IsType<InvalidOperationException>(failure.InnerException).Message);
        }
    }

    [Fact]
    public async Task Who_handles_messages_in_a_way_of_its_own_comes_back_to_it()
    {
        var actor = System.ActorOf(Props.Create(() => new Turning()));
        Assert.Equal("around own ?", await actor.Ask<string>("?", Patience));
        Assert.Equal("around other push", await actor.Ask<string>("push", Patience));
        Assert.Equal("around other ?", await actor.Ask<string>("?", Patience));
        Assert.Equal("around own pop", await actor.Ask<string>("pop", Patience));
        Assert.Equal("around own ?", await actor.Ask<string>("?", Patience));
    }

    private sealed class Holding(string text, int number) : UntypedActor
    {
        public Holding()
            : this("-", 0)
        {
        }

        protected override void OnReceive(object message) => Sender.Tell(text + number, Self);
    }

    private sealed class Optional(string text, int number = 7) : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(text + number, Self);
    }

    private sealed class Failing : UntypedActor
    {
        public Failing(string why) => throw new InvalidOperationException(why);

        protected override void OnReceive(object message)
        {
        }
    }

    private sealed class Parent(Props child, IActorRef seen) : UntypedActor
    {
        protected override void OnReceive(object message) => Context.ActorOf(child);

        protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(failure =>
        {
            seen.Tell(failure, ActorRefs.NoSender);
            return Directive.Stop;
        });
    }

    // Hands the behaviour that it is given on by itself, without the base class.
    private sealed class Turning : ActorBase
    {
        private string _around = "";

        protected override bool AroundReceive(Receive receive, object message)
        {
            _around = "around ";
            if (message is "push") BecomeStacked(Other);
            if (message is "pop") UnbecomeStacked();
            return message is "push" ? Other(message) : message is "pop" ? Receive(message) : receive(message);
        }

        protected override bool Receive(object message)
        {
            Sender.Tell(_around + "own " + message, Self);
            return true;
        }

        private bool Other(object message)
        {
            Sender.Tell(_around + "other " + message, Self);
            return true;
        }
    }
}
