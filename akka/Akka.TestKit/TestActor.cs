using Akka.Actor;
using Akka.Util;

namespace Akka.TestKit;

/// <summary>What can be asked of the actor of a test kit or probe.</summary>
public static class TestActor
{
    /// <summary>Whether a message is passed over.</summary>
    public delegate bool Ignore(object message);

    /// <summary>Has messages passed over.</summary>
    public class SetIgnore(Ignore? ignore) : INoSerializationVerificationNeeded
    {
        /// <summary>Which ones; null for none.</summary>
        public Ignore Ignore { get; } = ignore!;
    }

    /// <summary>Has messages handled at once.</summary>
    public class SetAutoPilot(AutoPilot autoPilot) : INoSerializationVerificationNeeded
    {
        /// <summary>By whom.</summary>
        public AutoPilot AutoPilot { get; } = autoPilot;
    }

    /// <summary>Has an actor watched.</summary>
    public class Watch(IActorRef actorRef) : INoSerializationVerificationNeeded
    {
        /// <summary>Which one.</summary>
        public IActorRef Actor { get; } = actorRef;

        internal TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Ends a watch.</summary>
    public class Unwatch(IActorRef actorRef) : INoSerializationVerificationNeeded
    {
        /// <summary>Whose.</summary>
        public IActorRef Actor { get; } = actorRef;

        internal TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Has a child created.</summary>
    public class Spawn(Props props, Option<string> name, Option<SupervisorStrategy> supervisorStrategy) : INoSerializationVerificationNeeded
    {
        /// <summary>What it is.</summary>
        public readonly Props _props = props;

        /// <summary>Its name, if it has one.</summary>
        public readonly Option<string> _name = name;

        /// <summary>How its failures are handled; stopped where nothing is said.</summary>
        public readonly Option<SupervisorStrategy> _supervisorStrategy = supervisorStrategy;

        internal TaskCompletionSource<IActorRef> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Creates the child.</summary>
        public IActorRef Apply(IActorRefFactory context) => _name.HasValue ? context.ActorOf(_props, _name.Value) : context.ActorOf(_props);
    }
}
