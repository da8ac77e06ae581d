namespace AkkaStream.Client.Protocol;

/// <summary>DelegationTokenRecord: metadata record; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+")]
public sealed partial record DelegationTokenRecord : IApiMessage
{
    /// <summary>string, versions 0+.</summary>
    [Field("0+")]
    public string Owner { get; set; } = "";

    /// <summary>string, versions 0+.</summary>
    [Field("0+")]
    public string Requester { get; set; } = "";

    /// <summary>[]string, versions 0+.</summary>
    [Field("0+")]
    public List<string> Renewers { get; set; } = [];

    /// <summary>int64, versions 0+.</summary>
    [Field("0+")]
    public long IssueTimestamp { get; set; }

    /// <summary>int64, versions 0+.</summary>
    [Field("0+")]
    public long MaxTimestamp { get; set; }

    /// <summary>int64, versions 0+.</summary>
    [Field("0+")]
    public long ExpirationTimestamp { get; set; }

    /// <summary>string, versions 0+.</summary>
    [Field("0+")]
    public string TokenId { get; set; } = "";
}
