namespace Akka.TestKit.Extensions;

/// <summary>Limits how long a test waits for a task.</summary>
public static class TaskExtensions
{
    /// <summary>Whether the task ends in time.</summary>
    public static async Task<bool> AwaitWithTimeout(this Task parentTask, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        var never = new TaskCompletionSource();
        await using var registration = cancellationToken.Register(() => never.TrySetCanceled(cancellationToken)).ConfigureAwait(false);
        using var patience = new CancellationTokenSource(timeout);
        await using var end = patience.Token.Register(() => never.TrySetResult()).ConfigureAwait(false);
        return await Task.WhenAny(parentTask, never.Task).ConfigureAwait(false) == parentTask;
    }

    /// <summary>The task's result; throws <see cref="TimeoutException"/> where it does not end in time.</summary>
    public static Task<T> WithTimeout<T>(this Task<T> parentTask, TimeSpan timeout, CancellationToken cancellationToken = default) => parentTask.WaitAsync(timeout, cancellationToken);

    /// <summary>Fails with <see cref="TimeoutException"/> where the task does not end in time.</summary>
    public static async Task ShouldCompleteWithin(this Task task, TimeSpan timeout, string because = "", params object[] becauseArgs)
    {
        if (await task.AwaitWithTimeout(timeout).ConfigureAwait(false))
        {
            await task.ConfigureAwait(false);
            return;
        }

        throw new TimeoutException($"the task did not end within {timeout} {string.Format(System.Globalization.CultureInfo.InvariantCulture, because, becauseArgs)}");
    }

    /// <summary>The task's result; fails with <see cref="TimeoutException"/> where it does not end in time.</summary>
    public static async Task<T> ShouldCompleteWithin<T>(this Task<T> task, TimeSpan timeout, string because = "", params object[] becauseArgs)
    {
        await ((Task)task).ShouldCompleteWithin(timeout, because, becauseArgs).ConfigureAwait(false);
        return await task.ConfigureAwait(false);
    }
}
