namespace AkkaStream.Client.Protocol;

/// <summary>ZkMigrationStateRecord: metadata record; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+")]
public sealed partial record ZkMigrationStateRecord : IApiMessage
{
    /// <summary>int8, versions 0+.</summary>
    [Field("0+")]
    public sbyte ZkMigrationState { get; set; }
}
