namespace AkkaStream.Host.Dump;

/// <summary>How keys and values of a log's records are read.</summary>
public enum DumpDecoder
{
    /// <summary>As text.</summary>
    None,

    /// <summary>Records of <c>__consumer_offsets</c>.</summary>
    Offsets,

    /// <summary>Records of <c>__transaction_state</c>.</summary>
    Transactions,

    /// <summary>Records of <c>__share_group_state</c>.</summary>
    ShareGroupState,

    /// <summary>Events of a controller's <c>__cluster_metadata</c>.</summary>
    ClusterMetadata,

    /// <summary>Records of <c>__remote_log_metadata</c>.</summary>
    RemoteLogMetadata,
}
