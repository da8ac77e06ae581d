using Akka.Actor;

namespace Akka.TestKit.TestActors;

/// <summary>Swallows every message.</summary>
public class BlackHoleActor : ActorBase
{
    /// <summary>Creates one.</summary>
    public static Props Props { get; } = Actor.Props.Create<BlackHoleActor>();

    /// <inheritdoc/>
    protected override bool Receive(object message) => true;
}

/// <summary>Sends every message back, and to the test actor.</summary>
public class EchoActor : ReceiveActor
{
    /// <summary>An echo to the sender, and to the kit's test actor where <paramref name="echoBackToSenderAsWell"/> leaves both.</summary>
    public EchoActor(TestKitBase testkit, bool echoBackToSenderAsWell = true)
    {
        ReceiveAny(message =>
        {
            var sender = Sender;
            var testActor = testkit.TestActor;
            if (echoBackToSenderAsWell && !testActor.Equals(sender)) sender.Forward(message);
            testActor.Tell(message, sender);
        });
    }

    /// <summary>Creates one.</summary>
    public static Props Props(TestKitBase testkit, bool echoBackToSenderAsWell = true) => Actor.Props.Create(() => new EchoActor(testkit, echoBackToSenderAsWell));
}

/// <summary>Forwards every message.</summary>
public class ForwardActor : ReceiveActor
{
    /// <summary>Forwards to <paramref name="target"/>.</summary>
    public ForwardActor(IActorRef target) => ReceiveAny(target.Forward);

    /// <summary>Creates one.</summary>
    public static Props Props(IActorRef target) => Actor.Props.Create(() => new ForwardActor(target));
}

/// <summary>Sends every message back to its sender.</summary>
public class SimpleEchoActor : ReceiveActor
{
    /// <summary>An echo.</summary>
    public SimpleEchoActor() => ReceiveAny(message => Sender.Tell(message, Self));

    /// <summary>Creates one.</summary>
    public static Props Props() => Actor.Props.Create(() => new SimpleEchoActor());
}

/// <summary>Handles no message.</summary>
public class UnhandledMessageActor : ReceiveActor
{
    /// <summary>Handles nothing.</summary>
    public UnhandledMessageActor()
    {
    }
}
