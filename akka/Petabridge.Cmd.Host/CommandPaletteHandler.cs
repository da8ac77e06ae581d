using Akka.Actor;

namespace Petabridge.Cmd.Host;

/// <summary>A palette and who handles it. Registered with <see cref="PetabridgeCmd.RegisterCommandPalette"/>.</summary>
public abstract class CommandPaletteHandler
{
    /// <summary>A handler of <paramref name="palette"/>.</summary>
    protected CommandPaletteHandler(CommandPalette palette) => Palette = palette;

    /// <summary>The palette.</summary>
    public CommandPalette Palette { get; }

    /// <summary>
    /// Makes the actor that handles the palette's commands, mostly a <see cref="CommandHandlerActor"/>: one for each console that uses the palette.
    /// It gets <see cref="Command"/>s and answers their sender with <see cref="CommandResponse"/>s.
    /// </summary>
    public abstract Props HandlerProps { get; }

    /// <summary>Called once, before the palette is used: makes what its handlers need.</summary>
    public virtual void OnRegister(PetabridgeCmd plugin)
    {
    }
}
