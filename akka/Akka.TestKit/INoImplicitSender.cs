namespace Akka.TestKit;

/// <summary>A test class with this interface sends without a sender unless it names one; others send as their test actor.</summary>
public interface INoImplicitSender;
