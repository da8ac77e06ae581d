namespace AkkaStream.Client.Protocol;

/// <summary>UserScramCredentialRecord: metadata record; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+")]
public sealed partial record UserScramCredentialRecord : IApiMessage
{
    /// <summary>string, versions 0+.</summary>
    [Field("0+")]
    public string Name { get; set; } = "";

    /// <summary>int8, versions 0+.</summary>
    [Field("0+")]
    public sbyte Mechanism { get; set; }

    /// <summary>bytes, versions 0+.</summary>
    [Field("0+")]
    public ReadOnlyMemory<byte> Salt { get; set; }

    /// <summary>bytes, versions 0+.</summary>
    [Field("0+")]
    public ReadOnlyMemory<byte> StoredKey { get; set; }

    /// <summary>bytes, versions 0+.</summary>
    [Field("0+")]
    public ReadOnlyMemory<byte> ServerKey { get; set; }

    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int Iterations { get; set; }
}
