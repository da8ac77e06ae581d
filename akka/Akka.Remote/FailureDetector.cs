namespace Akka.Remote;

/// <summary>A monotonic clock: milliseconds since some point in the past.</summary>
public delegate long Clock();

/// <summary>Watches one resource by its heartbeats. For use by several threads.</summary>
public abstract class FailureDetector
{
    /// <summary>Whether the resource is considered to be up. True before the first heartbeat.</summary>
    public abstract bool IsAvailable { get; }

    /// <summary>Whether a heartbeat has come yet.</summary>
    public abstract bool IsMonitoring { get; }

    /// <summary>A heartbeat came.</summary>
    public abstract void HeartBeat();
}

/// <summary>The failure detectors of several resources; one is made with the first heartbeat of its resource.</summary>
public interface IFailureDetectorRegistry<T>
{
    /// <summary>Whether a resource is considered to be up. True where it is not known.</summary>
    bool IsAvailable(T resource);

    /// <summary>Whether a resource has sent a heartbeat.</summary>
    bool IsMonitoring(T resource);

    /// <summary>A heartbeat came.</summary>
    void Heartbeat(T resource);

    /// <summary>Forgets a resource.</summary>
    void Remove(T resource);

    /// <summary>Forgets all.</summary>
    void Reset();
}

/// <inheritdoc cref="IFailureDetectorRegistry{T}"/>
public class DefaultFailureDetectorRegistry<T>(Func<FailureDetector> factory) : IFailureDetectorRegistry<T>
    where T : notnull
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<T, FailureDetector> _detectors = new();

    /// <inheritdoc/>
    public bool IsAvailable(T resource) => !_detectors.TryGetValue(resource, out var detector) || detector.IsAvailable;

    /// <inheritdoc/>
    public bool IsMonitoring(T resource) => _detectors.TryGetValue(resource, out var detector) && detector.IsMonitoring;

    /// <inheritdoc/>
    public void Heartbeat(T resource) => _detectors.GetOrAdd(resource, static (_, make) => make(), factory).HeartBeat();

    /// <inheritdoc/>
    public void Remove(T resource) => _detectors.TryRemove(resource, out _);

    /// <inheritdoc/>
    public void Reset() => _detectors.Clear();

    /// <summary>The detector of a resource; null where it is not known.</summary>
    internal FailureDetector? Of(T resource) => _detectors.GetValueOrDefault(resource);
}
