namespace AkkaStream.Actors.Metadata;

/// <summary>
/// What every request handler sees of the cluster: an immutable image behind one reference, replaced after the journal has the events.
/// Reading costs nothing and takes no lock.
/// </summary>
public sealed class MetadataCache
{
    private MetadataImage image = MetadataImage.Empty;

    /// <summary>A cache of one broker's view.</summary>
    /// <param name="clusterId">The cluster's id, 22 characters.</param>
    /// <param name="brokerId">This broker's id.</param>
    public MetadataCache(string clusterId, int brokerId)
    {
        ClusterId = clusterId;
        BrokerId = brokerId;
    }

    /// <summary>The cluster's id.</summary>
    public string ClusterId { get; }

    /// <summary>This broker's id.</summary>
    public int BrokerId { get; }

    /// <summary>The newest image.</summary>
    public MetadataImage Image => Volatile.Read(ref image);

    /// <summary>Puts a newer image in place. Only the controller's events lead here.</summary>
    public void Publish(MetadataImage next) => Volatile.Write(ref image, next);
}
