namespace Akka.Actor.Setup;

/// <summary>A part of an actor system's set-up that code gives rather than configuration; one of each type counts.</summary>
public abstract class Setup
{
    /// <summary>This and another one.</summary>
    public ActorSystemSetup And(Setup other) => ActorSystemSetup.Create(this, other);
}
