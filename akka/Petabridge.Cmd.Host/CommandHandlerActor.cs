using Akka.Actor;

namespace Petabridge.Cmd.Host;

/// <summary>
/// Handles the commands of a palette: its constructor names for each command what to do. A handler that throws has its message sent to the console as a failure;
/// a command that nothing was named for is answered so, too.
/// </summary>
public abstract class CommandHandlerActor : ReceiveActor
{
    private readonly CommandPalette _palette;
    private readonly Dictionary<string, Action<Command>> _handlers = new(StringComparer.Ordinal);

    /// <summary>A handler for <paramref name="palette"/>.</summary>
    protected CommandHandlerActor(CommandPalette palette)
    {
        _palette = palette;
        Receive<Command>(Handle);
    }

    /// <summary>Names what a command does. It answers <c>Sender</c>, once with a final <see cref="CommandResponse"/>. Throws <see cref="ArgumentException"/> for a command that the palette has not.</summary>
    protected void Process(string commandName, Action<Command> handler)
    {
        if (!_palette.CommandsByName.ContainsKey(commandName)) throw new ArgumentException($"palette {_palette.ModuleName} has no command '{commandName}'", nameof(commandName));
        _handlers[commandName] = handler;
    }

    /// <inheritdoc cref="Process(string, Action{Command})"/>
    protected void Process(string commandName, Action<Command, CommandArguments> handler)
        => Process(commandName, command => handler(command, new CommandArguments(_palette.CommandsByName[commandName], command)));

    private void Handle(Command command)
    {
        if (!_handlers.TryGetValue(command.Name, out var handler))
        {
            Sender.Tell(new ErroredCommandResponse($"{_palette.ModuleName} {command.Name}: this host has no handler for it"), Self);
            return;
        }

        try
        {
            handler(command);
        }
        catch (Exception e)
        {
            Sender.Tell(new ErroredCommandResponse($"{_palette.ModuleName} {command.Name} failed: {e.Message}"), Self);
        }
    }
}
