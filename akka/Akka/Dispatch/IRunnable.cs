namespace Akka.Dispatch;

/// <summary>A piece of work.</summary>
public interface IRunnable : IThreadPoolWorkItem
{
    /// <summary>Does it.</summary>
    void Run();
}

/// <summary>A piece of work that is a method.</summary>
public sealed class ActionRunnable(Action action) : IRunnable
{
    /// <inheritdoc/>
    public void Run() => action();

    /// <inheritdoc/>
    public void Execute() => action();
}

/// <summary>A piece of work that is a method with an argument.</summary>
public sealed class ActionWithStateRunnable(Action<object> action, object state) : IRunnable
{
    /// <inheritdoc/>
    public void Run() => action(state);

    /// <inheritdoc/>
    public void Execute() => action(state);
}
