using Akka.Actor;

namespace Akka.Remote;

/// <summary>Remoting cannot do its work; the message says why.</summary>
public class RemoteTransportException : AkkaException
{
    /// <summary>With a sentence and a cause.</summary>
    public RemoteTransportException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}
