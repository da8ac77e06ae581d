namespace AkkaStream.Actors.Configuration.Keys;

/// <summary>
/// Every configuration key, declared once, a line each, as bytes of the assembly that cost nothing until they are asked for:
/// <c>name | type | default | rule | flags | sentence</c>.
/// Default: <c>-</c> none, <c>''</c> the empty text. Rule: see <see cref="ConfigRules"/>.
/// Flags: importance H, M, L; changes by R restart, B for each broker, C cluster-wide; <c>+</c> this version acts on it; d deprecated; i internal.
/// </summary>
internal static partial class KeyTables
{
    /// <summary>The tables.</summary>
    internal enum Table : byte
    {
        Network,
        Log,
        Cluster,
        Groups,
        Security,
        Tiered,
        Topics,
        GroupResources,
        ClientMetrics,
    }

    /// <summary>The lines of a table.</summary>
    internal static ReadOnlySpan<byte> Of(Table table) => table switch
    {
        Table.Network => Network,
        Table.Log => Log,
        Table.Cluster => Cluster,
        Table.Groups => Groups,
        Table.Security => Security,
        Table.Tiered => Tiered,
        Table.Topics => Topics,
        Table.GroupResources => GroupResources,
        _ => ClientMetrics,
    };
}
